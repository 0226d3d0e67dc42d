import { describe, expect, it } from 'vitest';
import { createTokenCache } from '../../src/http/auth-cache.ts';

const LATER = 1000;

describe('the cache of verified tokens', () => {
  it('gives what it keeps, until its time has come', () => {
    const cache = createTokenCache<string>({ maxEntries: 2, maxTokenLength: 10 });
    cache.set('a', 'alice', LATER);
    expect(cache.get('a', LATER - 1)).toBe('alice');
    expect(cache.get('a', LATER)).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(cache.get('A', 0)).toBeUndefined();
  });

  it('is bounded, and forgets what was used least recently', () => {
    const cache = createTokenCache<number>({ maxEntries: 3, maxTokenLength: 10 });
    for (let i = 0; i < 3; i += 1) cache.set(`t${i}`, i, LATER);
    expect(cache.get('t0', 0)).toBe(0);
    for (let i = 3; i < 5; i += 1) cache.set(`t${i}`, i, LATER);
    expect(cache.size).toBe(3);
    expect(['t0', 't1', 't2', 't3', 't4'].map((token) => cache.get(token, 0))).toEqual([0, undefined, undefined, 3, 4]);
    for (let i = 0; i < 10_000; i += 1) cache.set(`x${i}`, i, LATER);
    expect(cache.size).toBe(3);
  });

  it('keeps a token once, with what was said last', () => {
    const cache = createTokenCache<number>({ maxEntries: 2, maxTokenLength: 10 });
    cache.set('a', 1, LATER);
    cache.set('a', 2, 2 * LATER);
    expect(cache.size).toBe(1);
    expect(cache.get('a', LATER)).toBe(2);
  });

  it('keeps no token that is too long', () => {
    const cache = createTokenCache<number>({ maxEntries: 2, maxTokenLength: 3 });
    cache.set('abc', 1, LATER);
    cache.set('abcd', 2, LATER);
    expect([cache.get('abc', 0), cache.get('abcd', 0), cache.size]).toEqual([1, undefined, 1]);
  });
});
