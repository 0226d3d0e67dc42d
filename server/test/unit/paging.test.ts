import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { cursorCodec, pageOf, rowsWanted } from '../../src/kernel/paging.ts';

const codec = cursorCodec('things', ['text', 'integer', 'id']);
const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('cursors', () => {
  test('come back as they were given', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, fc.maxSafeInteger(), (name, count) => {
        const values = [name, count, newId()] as const;
        expect(codec.decode(codec.encode(values))).toEqual(values);
      }),
    );
  });

  test('are for one list, and none is a place before the first item', () => {
    expect(codec.decode(undefined)).toBeNull();
    expect(() => cursorCodec('others', ['text', 'integer', 'id']).decode(codec.encode(['a', 1, newId()]))).toThrow(ProblemError);
  });

  test.each([
    ['', null],
    ['no base64', '*'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['no list', forged({ 0: 'things' })],
    ['too short', forged(['things', 'a', 1])],
    ['too long', forged(['things', 'a', 1, newId(), 1])],
    ['NUL in a text', forged(['things', '\0', 1, newId()])],
    ['a lone surrogate', forged(['things', '\ud800', 1, newId()])],
    ['a text without end', forged(['things', 'x'.repeat(2001), 1, newId()])],
    ['a fraction', forged(['things', 'a', 0.5, newId()])],
    ['a number that is none', forged(['things', 'a', null, newId()])],
    ['an unsafe integer', forged(['things', 'a', 2 ** 53, newId()])],
    ['a text for a number', forged(['things', 'a', '1', newId()])],
    ['an id in upper case', forged(['things', 'a', 1, '01900000-0000-7000-8000-00000000000A'])],
  ])('are refused: %s', (_what, cursor) => {
    expect(() => codec.decode(cursor ?? '')).toThrow(ProblemError);
  });
});

test('a page shows what was asked for, and names its last item where there are more', () => {
  const rows = Array.from({ length: 200 }, (_, index) => index);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 101 }), fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }), (found, limit) => {
      const query = limit === undefined ? {} : { limit };
      const size = limit ?? 20;
      expect(rowsWanted(query)).toBe(size + 1);
      const page = pageOf(rows.slice(0, Math.min(found, size + 1)), query, (row) => row * 2, String);
      expect(page.items).toEqual(rows.slice(0, Math.min(found, size)).map((row) => row * 2));
      expect(page.nextCursor).toBe(found > size ? String(size - 1) : null);
    }),
  );
});
