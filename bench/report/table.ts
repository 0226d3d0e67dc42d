/** Tables for a terminal and for Markdown alike. */
import type { Spread } from './statistics.ts';

/** Rows of cells, the first being the head; the first column is text, the others numbers. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

export function whole(value: number): string {
  return Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en-US');
}

export function fixed(value: number, digits = 2): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** Counts by what they are of, such as answers by status. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');
}

export function spreadText({ median, min, max }: Spread, digits = 2): string {
  return `${fixed(median, digits)} (${fixed(min, digits)}–${fixed(max, digits)})`;
}
