/** The keys of the commands that wait or run here. A key may be under way more than once: each counts. */
import type { WriteKey } from './commit.types.ts';
import { keyText } from './idempotency.repository.ts';

export interface KeysUnderWay {
  /** Counts the key in, and gives what counts it out again; that is to be called once. */
  add(key: WriteKey): () => void;
  has(key: WriteKey): boolean;
}

export function createKeysUnderWay(): KeysUnderWay {
  const counts = new Map<string, number>();
  return {
    add: (key) => {
      const text = keyText(key);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      return () => {
        const others = (counts.get(text) ?? 1) - 1;
        if (others > 0) counts.set(text, others);
        else counts.delete(text);
      };
    },
    has: (key) => counts.has(keyText(key)),
  };
}
