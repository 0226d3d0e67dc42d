/** The rows of the table: one for each proof, each from its last run. */
import { existsSync, readFileSync } from 'node:fs';

export interface Row {
  /** The file and the name of the proof. */
  readonly id: string;
  readonly promise: string;
  readonly how: string;
  readonly unit: string;
  readonly tries: number;
  readonly isKept: boolean;
  readonly note: string;
  readonly seconds: number;
  readonly seed: number;
  /** `2026-11-22`. */
  readonly date: string;
  /** `2 cores of AMD EPYC, 24 GiB, Node v24.21.0`. */
  readonly machine: string;
}

/** Of 0 failures in n independent trials, the share of failures is below 3/n with 95 % confidence (the rule of three, Hanley and Lippman-Hand 1983). */
function bound(tries: number): string {
  const share = 3 / tries;
  return share >= 1 ? '–' : `< ${Number(share.toPrecision(1)).toLocaleString('en-US', { maximumFractionDigits: 9 })}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const result = row.isKept ? `kept${row.note === '' ? '' : `; ${row.note}`}` : `**broken** (seed ${row.seed})`;
    const often = `${row.tries.toLocaleString('en-US')} ${row.unit}`;
    return `| ${[row.promise, row.how, often, result, row.isKept ? bound(row.tries) : '–', row.date].map(cell).join(' | ')} |`;
  });
  return [
    '| Promise | How it was tried | How often | Result | Failures a try | Date |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** Where the rows were tried, a line below the table. */
export function machinesOf(rows: readonly Row[]): string {
  return `Tried on ${[...new Set(rows.map(({ machine }) => machine))].join('; ')}, with the embedded PostgreSQL unless the row says otherwise.`;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value && 'isKept' in value && 'tries' in value;
}

/** The rows of earlier runs; empty where there were none. */
export function readRows(file: string): Row[] {
  if (!existsSync(file)) return [];
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(parsed) || !parsed.every(isRow)) throw new Error(`${file} is not a list of rows`);
  return parsed;
}

/** Earlier rows with those of this run in their place. */
export function merged(earlier: readonly Row[], now: readonly Row[]): Row[] {
  const fresh = new Map(now.map((row) => [row.id, row]));
  const kept = earlier.filter((row) => !fresh.has(row.id));
  return [...kept, ...now].toSorted((one, other) => one.id.localeCompare(other.id));
}
