import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languageOf } from '../../src/http/language.ts';

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['en', 'en'],
  ['ko', 'ko'],
  ['KO-KR', 'ko'],
  ['ko-Kore-KR', 'ko'],
  ['kok', 'en'],
  ['fr, de', 'en'],
  ['fr, ko', 'ko'],
  ['en, ko', 'en'],
  ['ko, en', 'en'],
  ['ko, en;q=0.9', 'ko'],
  ['en;q=0.1, ko;q=0.2', 'ko'],
  ['en-GB;q=0.3, en;q=0.9, ko;q=0.5', 'en'],
  ['*', 'en'],
  ['ko, *;q=0.5', 'ko'],
  ['*, ko;q=0.5', 'en'],
  ['*, en;q=0.5', 'ko'],
  ['en;q=0, *', 'ko'],
  ['en;q=0, *;q=0', 'en'],
  ['ko;q=0', 'en'],
  ['ko;q=1.1', 'en'],
  ['ko;q=-1', 'en'],
  ['ko;q=x', 'en'],
  ['ko; q=0.5', 'ko'],
  ['ko;level=1;q=0.5', 'ko'],
  [`${'fr,'.repeat(19)}ko`, 'ko'],
  [`${'fr,'.repeat(20)}ko`, 'en'],
])('%s gives %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});

test('any text gives one of the two', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('e', 'n', 'k', 'o', '-', '*', ';', 'q', '=', '0', '.', '1', ',', ' ', 'ko', 'en;q=0.5') }),
      (header) => {
        expect(['en', 'ko']).toContain(languageOf(header));
      },
    ),
  );
});
