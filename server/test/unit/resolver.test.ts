/** Names to addresses, on the system's own resolver. */
import { describe, expect, test } from 'vitest';
import { createResolver } from '../../src/delivery/sinks/resolver.ts';

describe('the resolver', () => {
  test('finds what the system finds, and remembers it', async () => {
    const resolver = createResolver();
    const found = await resolver.resolve('localhost');
    expect(found.map(({ address }) => address)).toContain('127.0.0.1');
    expect(await resolver.resolve('localhost')).toBe(found);
  });

  test('asks for a name once, however many ask for it at the same time', async () => {
    const resolver = createResolver();
    const [first, ...others] = await Promise.all(Array.from({ length: 64 }, () => resolver.resolve('localhost')));
    expect(others.every((other) => other === first)).toBe(true);
  });

  test('says that a name is not there, each time anew', async () => {
    const resolver = createResolver();
    for (let asked = 0; asked < 2; asked += 1) await expect(resolver.resolve('nowhere.invalid')).rejects.toThrow(/nowhere\.invalid/);
  });
});
