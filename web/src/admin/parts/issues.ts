/** The issues of one coupon as they come, read from the export of what was issued since the last look. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { readIssues } from '../api/queries.ts';

interface Issue {
  readonly id: string;
  readonly couponId: string;
  readonly sequence: number;
  readonly userId: string;
  readonly issuedAt: string;
}

interface Seen {
  readonly issues: readonly Issue[];
  /** From when on the next look asks. */
  readonly since: string;
}

const WATCH_MS = 2000;
/** How far back the watch begins. */
const BEFORE_MS = 10 * 60 * 1000;
/** What was issued is not seen at once: so far back each look goes again. */
const OVERLAP_MS = 5000;
const KEPT_MAX = 200;

/** The latest issues of the coupon, the newest first, while somebody looks. */
export function useIssues(couponId: string) {
  const client = useQueryClient();
  const queryKey = ['staff', 'issues', couponId] as const;
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Seen> => {
      const seen = client.getQueryData<Seen>(queryKey) ?? { issues: [], since: new Date(Date.now() - BEFORE_MS).toISOString() };
      const rows = issuesOf(await readIssues(seen.since, signal));
      const known = new Set(seen.issues.map(({ id }) => id));
      const issues = [...rows.filter((row) => row.couponId === couponId && !known.has(row.id)), ...seen.issues].toSorted(
        (one, other) => other.sequence - one.sequence,
      );
      return { issues: issues.slice(0, KEPT_MAX), since: nextSince(rows, seen.since) };
    },
    refetchInterval: WATCH_MS,
  });
}

/** Goes on from the last issue of any coupon, so that a look takes no more than what is new. */
function nextSince(rows: readonly Issue[], since: string): string {
  const last = Math.max(...rows.map(({ issuedAt }) => Date.parse(issuedAt)));
  return Number.isFinite(last) ? new Date(Math.max(Date.parse(since), last - OVERLAP_MS)).toISOString() : since;
}

/** Reads the rows of the export. */
function issuesOf(csv: string): readonly Issue[] {
  const [header = [], ...rows] = rowsOf(csv);
  const at = (name: string): number => header.indexOf(name);
  const [id, coupon, user, sequence, issuedAt] = [at('id'), at('couponId'), at('userId'), at('sequence'), at('issuedAt')];
  return rows.map((row) => ({
    couponId: row[coupon] ?? '',
    id: row[id] ?? '',
    sequence: Number(row[sequence] ?? Number.NaN),
    userId: row[user] ?? '',
    issuedAt: row[issuedAt] ?? '',
  }));
}

/** Rows of fields (RFC 4180). */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
    }
  }
  return rows;
}
