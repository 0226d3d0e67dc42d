/** The small parts of group commit. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { WriteKey } from '../../src/commit/commit.types.ts';
import { createKeyLookup } from '../../src/commit/key-lookup.ts';
import { createKeysUnderWay } from '../../src/commit/keys-under-way.ts';
import { createLanes } from '../../src/commit/lanes.ts';

const keyOf = (key: string, more: Partial<WriteKey> = {}): WriteKey => ({
  userId: 'user',
  operation: 'test',
  key,
  requestHash: '',
  ...more,
});

describe('lanes', () => {
  it('in turn: the next batch starts when the one before has passed its locks on, and there are no more than there are lanes', () => {
    const lanes = createLanes({ count: 2, inTurn: true });
    expect([lanes.isFree(), lanes.isIdle()]).toEqual([true, true]);
    const first = lanes.enter();
    expect([lanes.isFree(), lanes.isIdle()]).toEqual([false, false]);
    first.passLocksOn();
    expect(lanes.isFree()).toBe(true);
    const second = lanes.enter();
    second.passLocksOn();
    expect(lanes.isFree()).toBe(false);
    first.leave();
    expect([lanes.isFree(), lanes.isIdle()]).toEqual([true, false]);
    second.leave();
    expect(lanes.isIdle()).toBe(true);
  });

  it('in turn: a batch that leaves without having passed its locks on does so by leaving', () => {
    const lanes = createLanes({ count: 2, inTurn: true });
    lanes.enter().leave();
    expect([lanes.isFree(), lanes.isIdle()]).toEqual([true, true]);
  });

  it('not in turn: batches start as long as there are lanes', () => {
    const lanes = createLanes({ count: 2, inTurn: false });
    const first = lanes.enter();
    expect(lanes.isFree()).toBe(true);
    lanes.enter();
    expect(lanes.isFree()).toBe(false);
    first.passLocksOn();
    expect(lanes.isFree()).toBe(false);
    first.leave();
    expect(lanes.isFree()).toBe(true);
  });

  it('passing on and leaving count once, however often they are said', () => {
    const lanes = createLanes({ count: 2, inTurn: true });
    const first = lanes.enter();
    for (let said = 0; said < 3; said += 1) first.passLocksOn();
    const second = lanes.enter();
    for (let said = 0; said < 3; said += 1) first.leave();
    expect([lanes.isFree(), lanes.isIdle()]).toEqual([false, false]);
    second.passLocksOn();
    lanes.enter();
    expect(lanes.isFree()).toBe(false);
  });
});

describe('keys under way', () => {
  it('are there until as many are counted out as were counted in, each for its user and operation', () => {
    const keys = createKeysUnderWay();
    const key = keyOf('k');
    const [first, second] = [keys.add(key), keys.add(keyOf('k', { requestHash: 'other' }))];
    expect(keys.has(key)).toBe(true);
    expect([keyOf('l'), keyOf('k', { userId: 'other' }), keyOf('k', { operation: 'other' })].some((other) => keys.has(other))).toBe(false);
    first();
    expect(keys.has(key)).toBe(true);
    second();
    expect(keys.has(key)).toBe(false);
  });
});

describe('key lookup', () => {
  /** A database that answers when told to. */
  function lookup() {
    const asked: { readonly keys: number; readonly answered: PromiseWithResolvers<void> }[] = [];
    const hasEffect = createKeyLookup({
      query: async (_statement, values = []) => {
        const [column] = values;
        const answered = Promise.withResolvers<void>();
        asked.push({ keys: Array.isArray(column) ? column.length : 0, answered });
        await answered.promise;
        return [];
      },
    });
    const ask = (count: number): Promise<unknown>[] =>
      Array.from({ length: count }, (_, index) => hasEffect(keyOf(`${index}`)).catch(String));
    return { asked, ask };
  }

  it('asks for all keys of a turn at once, and for those that come meanwhile in the next question', async () => {
    const { asked, ask } = lookup();
    const first = ask(3);
    await nextTurn();
    const later = [...ask(1), ...ask(1)];
    await nextTurn();
    expect(asked.map(({ keys }) => keys)).toEqual([3]);
    asked[0]?.answered.resolve();
    expect(await Promise.all(first)).toEqual([false, false, false]);
    expect(asked.map(({ keys }) => keys)).toEqual([3, 2]);
    asked[1]?.answered.resolve();
    expect(await Promise.all(later)).toEqual([false, false]);
  });

  it('where the database does not answer, all who wait are told after the one question, however many they are', async () => {
    const { asked, ask } = lookup();
    const waiting = [...ask(1200), ...ask(1)];
    await nextTurn();
    asked[0]?.answered.reject(new Error('Query read timeout'));
    const answers = new Set(await Promise.all(waiting));
    expect([...answers]).toEqual([expect.stringMatching('OVERLOADED')]);
    expect(asked.length).toBe(1);
    const [afterwards] = ask(1);
    await nextTurn();
    asked[1]?.answered.resolve();
    expect(await afterwards).toBe(false);
  });

  it('a question that PostgreSQL refuses fails for those it was asked for', async () => {
    const { asked, ask } = lookup();
    const first = ask(1);
    await nextTurn();
    const later = ask(1);
    asked[0]?.answered.reject(new Error('a mistake of ours'));
    expect(await Promise.all(first)).toEqual(['Error: a mistake of ours']);
    await nextTurn();
    asked[1]?.answered.resolve();
    expect(await Promise.all(later)).toEqual([false]);
  });
});
