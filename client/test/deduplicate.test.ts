import { afterEach, expect, test, vi } from 'vitest';
import { createMemoryStore, isNews, isOrderEvent } from '../src/receiver/receiver.ts';
import { PAID, SAMPLES } from './support/samples.ts';

afterEach(() => {
  vi.useRealTimers();
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

test('an id is new once, until it expires', async () => {
  vi.useFakeTimers();
  const store = createMemoryStore();
  const added = await Promise.all([1, 2, 3].map(() => store.add('a', inSeconds(10))));
  expect(added).toEqual([true, false, false]);
  vi.advanceTimersByTime(9999);
  expect(await store.add('a', inSeconds(10))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await store.add('a', inSeconds(10))).toBe(true);
});

test('an id that was removed is new again', async () => {
  const store = createMemoryStore();
  await store.add('a', inSeconds(10));
  await store.remove('a');
  expect(await store.add('a', inSeconds(10))).toBe(true);
});

test('a store that is full forgets what came first, and a duplicate takes no room', async () => {
  const store = createMemoryStore({ sizeMax: 3 });
  for (const id of ['a', 'b', 'c', 'a', 'b', 'c']) await store.add(id, inSeconds(10));
  expect(await store.add('a', inSeconds(10))).toBe(false);
  expect(await store.add('d', inSeconds(10))).toBe(true);
  expect(await store.add('b', inSeconds(10))).toBe(false);
  expect(await store.add('a', inSeconds(10))).toBe(true);
  expect(() => createMemoryStore({ sizeMax: 0 })).toThrow('at least one');
});

test('an event of an order is news where it is later than what was handled', () => {
  expect(isNews(PAID, null)).toBe(true);
  expect(isNews(PAID, 1)).toBe(true);
  expect(isNews(PAID, 2)).toBe(false);
  expect(isNews(PAID, 3)).toBe(false);
});

test('the events of an order are those with a sequence', () => {
  for (const sample of SAMPLES) expect(isOrderEvent(sample), sample.type).toBe('sequence' in sample);
});
