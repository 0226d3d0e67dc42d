/** The table of `docs/security.md` names tests that there are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const rows = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, risk, , proofs] = line.split('|').map((cell) => cell.trim());
    const number = /^API(\d+) /.exec(risk ?? '')?.[1];
    return number === undefined ? [] : [{ number: Number(number), proofs: proofs ?? '' }];
  });

/** Files and names stand in code spans; a name that holds a backtick itself stands between two. */
function proofsOf(cell: string): { file: string; name: string }[] {
  const spans = [...cell.matchAll(/`` ?(.+?) ?``|`([^`]+)`/g)].map(([, double, single]) => double ?? single ?? '');
  let file = '';
  return spans.flatMap((span) => {
    if (!span.endsWith('.test.ts')) return [{ file, name: span }];
    file = span;
    return [];
  });
}

describe('the OWASP API Security Top 10 in docs/security.md', () => {
  it('is whole', () => {
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each(rows)('API$number is proved by tests that there are', ({ proofs }) => {
    const named = proofsOf(proofs);
    expect(named.length).toBeGreaterThanOrEqual(2);
    for (const { file, name } of named) {
      const path = join(ROOT, file);
      expect(file !== '' && existsSync(path), file).toBe(true);
      const source = readFileSync(path, 'utf8');
      const isTest = ["'", '`', '"'].some((quote) => source.includes(`(${quote}${name}${quote},`));
      expect(isTest, `${file}: ${name}`).toBe(true);
    }
  });
});
