import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSoldOut, type Observation } from '../../src/commit/sold-out.ts';

const REMEMBERED_MS = 900;
const BOUND = 10_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

/** A memory whose time, and the offset of whose clock, a test holds in its hands. */
function memory() {
  const clock = { offsetMs: 0 };
  const soldOut = createSoldOut(() => clock.offsetMs);
  /** A batch has ended that saw these sold out. */
  const saw = (
    ids: readonly string[],
    { since = soldOut.observe(), changed = [], forMs = Infinity }: { since?: Observation; changed?: string[]; forMs?: number } = {},
  ): void => soldOut.settle(since, { changed, soldOut: ids.map((id) => ({ id, forMs })) });
  return { clock, soldOut, saw };
}

describe('what is sold out', () => {
  it('is known once a batch has seen it, of its id alone', () => {
    const { soldOut, saw } = memory();
    expect(soldOut.isKnown('a')).toBe(false);
    saw(['a']);
    expect([soldOut.isKnown('a'), soldOut.isKnown('b')]).toEqual([true, false]);
  });

  it('is known for less than a second, counted from before the locks of the batch, however often it is asked for', () => {
    const { soldOut, saw } = memory();
    const since = soldOut.observe();
    pass(REMEMBERED_MS - 100);
    saw(['a'], { since });
    for (let asked = 0; asked < 99; asked += 1) {
      expect(soldOut.isKnown('a')).toBe(true);
      pass(1);
    }
    pass(1);
    expect(soldOut.isKnown('a')).toBe(false);
  });

  it('is not known at all where the batch took longer than that', () => {
    const { soldOut, saw } = memory();
    const since = soldOut.observe();
    pass(REMEMBERED_MS);
    saw(['a'], { since });
    expect(soldOut.isKnown('a')).toBe(false);
  });

  it('is known no longer than nothing can change by itself', () => {
    const { soldOut, saw } = memory();
    saw(['a'], { forMs: 5 });
    pass(4);
    expect(soldOut.isKnown('a')).toBe(true);
    pass(1);
    expect(soldOut.isKnown('a')).toBe(false);
  });

  it('is not known where time was moved, be it after the batch or while it was under way, forwards or back', () => {
    const { clock, soldOut, saw } = memory();
    saw(['a']);
    clock.offsetMs = 1;
    expect(soldOut.isKnown('a')).toBe(false);
    const since = soldOut.observe();
    clock.offsetMs = -1;
    saw(['a'], { since });
    expect(soldOut.isKnown('a')).toBe(false);
  });

  it('is forgotten with a change, and known again with the next batch', () => {
    const { soldOut, saw } = memory();
    saw(['a', 'b']);
    soldOut.forget(['a']);
    expect([soldOut.isKnown('a'), soldOut.isKnown('b')]).toEqual([false, true]);
    saw(['a']);
    expect(soldOut.isKnown('a')).toBe(true);
  });

  it('is not remembered of a batch that began before a change of it', () => {
    const { soldOut, saw } = memory();
    const since = soldOut.observe();
    soldOut.forget(['a']);
    saw(['a', 'b'], { since });
    expect([soldOut.isKnown('a'), soldOut.isKnown('b')]).toEqual([false, true]);
  });

  it('is not remembered of a batch that began before another batch that changed it has ended', () => {
    const { soldOut, saw } = memory();
    const since = soldOut.observe();
    saw([], { changed: ['a'] });
    saw(['a'], { since });
    expect(soldOut.isKnown('a')).toBe(false);
  });

  it('is remembered of the batch whose own change exhausted it, and is forgotten of a change that left some', () => {
    const { soldOut, saw } = memory();
    saw(['a'], { changed: ['a'] });
    expect(soldOut.isKnown('a')).toBe(true);
    saw([], { changed: ['a'] });
    expect(soldOut.isKnown('a')).toBe(false);
  });
});

describe('bounds', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `id ${index}`);

  it('too many memories make room for the newest', () => {
    const { soldOut, saw } = memory();
    for (const id of ids(BOUND)) saw([id]);
    expect(ids(BOUND).every(soldOut.isKnown)).toBe(true);
    saw(['one more']);
    expect(ids(BOUND).some(soldOut.isKnown)).toBe(false);
    expect(soldOut.isKnown('one more')).toBe(true);
  });

  it('where changes were too many to be known one by one, no batch that began before is believed, and all that begin later are', () => {
    const { soldOut, saw } = memory();
    const since = soldOut.observe();
    soldOut.forget(['a']);
    soldOut.forget(ids(BOUND));
    saw(['a', 'never changed'], { since });
    expect([soldOut.isKnown('a'), soldOut.isKnown('never changed')]).toEqual([false, false]);
    saw(['a', 'id 1']);
    expect([soldOut.isKnown('a'), soldOut.isKnown('id 1')]).toEqual([true, true]);
  });
});
