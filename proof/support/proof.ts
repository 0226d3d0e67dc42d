/**
 * What a proof is: a promise of the product, tried many times. A proof is a test of vitest's whose result becomes a row of the table in
 * docs/proof.md. It is as long as `npm run prove` was asked for, and repeats itself from its seed.
 */
import { inject, test } from 'vitest';

export interface Promised {
  /** What the product promises, as the table says it. */
  readonly promise: string;
  /** How it is tried. */
  readonly how: string;
  /** What is counted, in the plural: `kills of the server`. */
  readonly unit: string;
  /** How often it is tried in the short form and in the long one; 0 where a form skips it. */
  readonly short: number;
  readonly long: number;
  /** After this a trial counts as failed. */
  readonly timeoutSeconds?: number;
}

export interface Trial {
  /** How often to try. */
  readonly tries: number;
  /** Everything random comes from this, so that a failure can be had again. */
  readonly seed: number;
}

export interface Tried {
  /** How often it was tried indeed. */
  readonly tries: number;
  /** What else is worth a word, such as a time to recover: `p50 0.4 s, most 1.2 s`. */
  readonly note?: string;
}

/** A row of the table. */
interface ProofMeta {
  readonly promise: string;
  readonly how: string;
  readonly unit: string;
  tries: number;
  note: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** How `npm run prove` was called. */
    prove: { readonly isShort: boolean; readonly seed: number; readonly citusUrl: string | null };
  }
  interface TaskMeta {
    proof?: ProofMeta;
  }
}

const TIMEOUT_SECONDS = 3600;

/** Declares a proof. `run` throws at the first trial that fails. */
export function prove(name: string, promised: Promised, run: (trial: Trial) => Promise<Tried>): void {
  const { promise, how, unit, short, long, timeoutSeconds = TIMEOUT_SECONDS } = promised;
  const { isShort, seed } = inject('prove');
  const wanted = isShort ? short : long;
  test.skipIf(wanted === 0)(name, { timeout: timeoutSeconds * 1000 }, async ({ task }) => {
    const meta: ProofMeta = { promise, how, unit, tries: 0, note: '' };
    task.meta.proof = meta;
    try {
      const { tries, note = '' } = await run({ tries: wanted, seed });
      if (tries === 0) throw new Error('it was not tried at all');
      Object.assign(meta, { tries, note });
    } catch (error) {
      throw new Error(`${name}: again with --seed ${seed}${isShort ? ' --short' : ''}`, { cause: error });
    }
  });
}
