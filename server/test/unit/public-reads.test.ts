import { describe, expect, it } from 'vitest';
import { createPublicReads, type PublicReadLimits } from '../../src/http/public-reads.ts';
import { Refusal, refuse } from '../../src/kernel/errors.ts';

const FRESH_MS = 900;
const REFRESH_MS = 400;
const LIMITS: PublicReadLimits = { entriesMax: 3, bytesMax: 10_000, entryBytesMax: 1000 };

/** Public reads whose clock, epoch and loads a test holds in its hands. */
function reads(limits: PublicReadLimits = LIMITS) {
  const at = { nowMs: 0, epoch: 0 };
  const memory = createPublicReads({ nowMs: () => at.nowMs, limits });
  const loads: PromiseWithResolvers<object | Refusal>[] = [];
  /** What is at hand, or a promise of it. */
  const ask = (key = 'key') =>
    memory.read(
      key,
      () => at.epoch,
      () => {
        const load = Promise.withResolvers<object | Refusal>();
        loads.push(load);
        return load.promise;
      },
    );
  const read = async (key?: string) => ask(key);
  const readAt = async (key: string, found: object): Promise<void> => {
    const reading = read(key);
    loads.at(-1)?.resolve(found);
    await reading;
  };
  return { at, memory, loads, ask, read, readAt };
}

const jsonOf = async (reading: ReturnType<ReturnType<typeof reads>['read']>): Promise<string> => {
  const found = await reading;
  return found instanceof Refusal ? found.code : found.body.toString();
};

describe('public reads', () => {
  it('all who ask meanwhile share one load, and those who ask later are answered at once, with the same tag', async () => {
    const { loads, ask, read } = reads();
    const waiting = [read(), read(), read()];
    expect(loads.length).toBe(1);
    loads[0]?.resolve({ a: 1 });
    const [first, ...others] = await Promise.all(waiting);
    for (const other of [...others, ask()]) expect(other).toBe(first);
    expect(first).toHaveProperty('body', Buffer.from('{"a":1}'));
    expect(first).toHaveProperty('etag', expect.stringMatching(/^"[\w-]{22}"$/));
    expect(loads.length).toBe(1);
  });

  it('a body is given out until its load is too old, counted from the beginning of the load', async () => {
    const { at, loads, ask, read } = reads();
    const reading = read();
    at.nowMs = FRESH_MS - 1;
    loads[0]?.resolve({ a: 1 });
    await reading;
    expect(ask()).toHaveProperty('body', Buffer.from('{"a":1}'));
    at.nowMs = FRESH_MS;
    const again = read();
    loads[1]?.resolve({ a: 2 });
    expect(await jsonOf(again)).toBe('{"a":2}');
  });

  it('a body that is no longer young is given out while one load fetches the next, which nobody waits for', async () => {
    const { at, loads, ask, readAt } = reads();
    await readAt('key', { a: 1 });
    at.nowMs = REFRESH_MS - 1;
    void ask();
    expect(loads.length).toBe(1);
    at.nowMs = REFRESH_MS;
    for (const answer of [ask(), ask()]) expect(answer).toHaveProperty('body', Buffer.from('{"a":1}'));
    expect(loads.length).toBe(2);
    loads[1]?.resolve({ a: 2 });
    await expect.poll(() => ask()).toHaveProperty('body', Buffer.from('{"a":2}'));
    at.nowMs = 2 * REFRESH_MS;
    void ask();
    loads[2]?.reject(new Error('away'));
    // That a load failed which nobody waited for is nobody's trouble.
    expect(ask()).toHaveProperty('body', Buffer.from('{"a":2}'));
  });

  it('a body of an epoch that has ended is never given out, nor is one whose epoch ended while it was loaded', async () => {
    const { at, memory, loads, read, readAt } = reads();
    await readAt('key', { a: 1 });
    at.epoch = 1;
    const late = read();
    expect(loads.length).toBe(2);
    at.epoch = 2;
    loads[1]?.resolve({ a: 2 });
    expect(await jsonOf(late)).toBe('{"a":2}');
    expect([memory.size, memory.bytes]).toEqual([0, 0]);
    void read();
    expect(loads.length).toBe(3);
  });

  it('nobody joins a load of an epoch that has ended, or one that is too old; its end does not disturb the later one', async () => {
    const { at, loads, read } = reads();
    const first = read();
    at.epoch = 1;
    const second = read();
    at.nowMs = FRESH_MS;
    const third = read();
    expect(loads.length).toBe(3);
    loads[0]?.resolve({ a: 1 });
    loads[1]?.resolve({ a: 2 });
    expect([await jsonOf(first), await jsonOf(second)]).toEqual(['{"a":1}', '{"a":2}']);
    const fourth = read();
    expect(loads.length).toBe(3);
    loads[2]?.resolve({ a: 3 });
    expect([await jsonOf(third), await jsonOf(fourth), await jsonOf(read())]).toEqual(['{"a":3}', '{"a":3}', '{"a":3}']);
  });

  it('a failure and a refusal reach all who wait, and are not kept', async () => {
    const { memory, loads, read } = reads();
    const failing = [read(), read()];
    loads[0]?.reject(new Error('away'));
    for (const each of await Promise.allSettled(failing)) expect(each).toMatchObject({ status: 'rejected', reason: { message: 'away' } });
    const refused = [read(), read()];
    loads[1]?.resolve(refuse('PRODUCT_NOT_FOUND'));
    for (const each of refused) expect(await jsonOf(each)).toBe('PRODUCT_NOT_FOUND');
    const found = read();
    expect([loads.length, memory.size]).toEqual([3, 0]);
    loads[2]?.resolve({});
    expect(await jsonOf(found)).toBe('{}');
  });

  it('is bounded in entries, and forgets what was used least recently', async () => {
    const { memory, loads, read, readAt } = reads();
    for (const key of ['a', 'b', 'c']) await readAt(key, {});
    void read('a');
    await readAt('d', {});
    expect([memory.size, loads.length]).toEqual([3, 4]);
    void read('a');
    expect(loads.length).toBe(4);
    void read('b');
    expect(loads.length).toBe(5);
    for (let i = 0; i < 1000; i += 1) await readAt(`search ${i}`, { i });
    expect(memory.size).toBe(3);
  });

  it('is bounded in bytes, and keeps no body that is too large', async () => {
    const { memory, loads, readAt } = reads({ entriesMax: 1000, bytesMax: 2000, entryBytesMax: 1000 });
    for (let i = 0; i < 100; i += 1) {
      await readAt(`${i}`, { text: '한'.repeat(1 + (i % 400)) });
      expect(memory.bytes).toBeLessThanOrEqual(2000);
    }
    expect(memory.size).toBeGreaterThan(1);
    const [size, bytes] = [memory.size, memory.bytes];
    await readAt('large', { text: 'x'.repeat(1200) });
    await readAt('k'.repeat(600), {});
    expect([memory.size, memory.bytes]).toEqual([size, bytes]);
    expect(loads.length).toBe(102);
  });

  it('counts a body once, also where it took the place of another', async () => {
    const { at, memory, readAt } = reads();
    await readAt('key', { text: 'x'.repeat(300) });
    at.epoch = 1;
    await readAt('key', {});
    expect([memory.size, memory.bytes]).toEqual([1, 2 * 'key'.length + '{}'.length]);
  });
});
