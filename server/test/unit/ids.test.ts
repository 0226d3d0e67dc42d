/** Ids say when what they name happened, in whatever order they are made. */
import { expect, test } from 'vitest';
import { lowestIdAt, newId } from '../../src/kernel/ids.ts';

const MOMENT = new Date('2026-11-23T10:00:00.100Z');
const after = (ms: number): Date => new Date(MOMENT.getTime() + ms);

test.each([1, 10, 9999, 60_000])('an id that is made after one of %i ms later is stamped with its own time', (ms) => {
  expect(newId(after(ms)) > lowestIdAt(after(ms))).toBe(true);
  const id = newId(MOMENT);
  expect(id > lowestIdAt(MOMENT) && id < lowestIdAt(after(1))).toBe(true);
});

test('ids that are made one after the other for one time increase', () => {
  newId(after(5));
  const ids = Array.from({ length: 1000 }, () => newId(MOMENT));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});
