/**
 * Tokens that have been verified, so that the same token is not verified again on every request of a run.
 * The whole token is the key: a token that differs in one character is another token.
 */

/** A bounded cache that forgets what was used least recently; times are milliseconds since 1970. */
export interface TokenCache<T> {
  readonly size: number;
  /** What was kept for `token`, or undefined where nothing was or its time has come. */
  get(token: string, now: number): T | undefined;
  /** Keeps `value` until `expiresAt`, exclusively. Tokens too long to be kept in numbers are not kept. */
  set(token: string, value: T, expiresAt: number): void;
}

/** Makes a cache of at most `maxEntries` tokens of at most `maxTokenLength` characters each. */
export function createTokenCache<T>({ maxEntries, maxTokenLength }: { maxEntries: number; maxTokenLength: number }): TokenCache<T> {
  // A Map keeps its keys in the order of insertion: the first one is the one that was used least recently.
  const entries = new Map<string, { readonly value: T; readonly expiresAt: number }>();
  return {
    get size() {
      return entries.size;
    },
    get: (token, now) => {
      const entry = entries.get(token);
      if (entry === undefined) return undefined;
      entries.delete(token);
      if (now >= entry.expiresAt) return undefined;
      entries.set(token, entry);
      return entry.value;
    },
    set: (token, value, expiresAt) => {
      if (token.length > maxTokenLength) return;
      entries.delete(token);
      entries.set(token, { value, expiresAt });
      if (entries.size <= maxEntries) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
  };
}
