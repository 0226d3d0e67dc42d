/**
 * Keyset paging. A cursor is the sort key of the last item of a page, opaque to clients: base64url of a JSON array
 * that begins with the list's name, so that a cursor of another list or sort order is refused.
 */
import { validationFailed } from './errors.ts';
import { HIGHEST_ID, ID_PATTERN } from './ids.ts';

export interface PageQuery {
  /** 1–100. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

const DEFAULT_LIMIT = 20;

/** The kinds of values that sort keys are made of. */
export type CursorField = 'id' | 'integer' | 'text';
type FieldValue<F extends CursorField> = F extends 'integer' ? number : string;
type CursorValues<Fields extends readonly CursorField[]> = { readonly [I in keyof Fields]: FieldValue<Fields[I]> };

const idPattern = new RegExp(ID_PATTERN);
const CONTROL = /[\0\ud800-\udfff]/u;
/** In UTF-16 units: folding may make three characters of one, of two units each, so the longest name takes 1,200. */
const TEXT_LENGTH_MAX = 2000;

const checks: Record<CursorField, (value: unknown) => boolean> = {
  id: (value) => typeof value === 'string' && idPattern.test(value),
  integer: (value) => Number.isSafeInteger(value),
  text: (value) => typeof value === 'string' && value.length <= TEXT_LENGTH_MAX && !CONTROL.test(value),
};

/** What a source of a list reads: ids from the first to below the second, the newest `rows` of them. */
export interface Stretch {
  readonly first: string;
  readonly before: string;
  readonly rows: number;
}

/** What a source found that looks at so many rows only; `lastSeen` is the last of them where more may follow it, else null. */
export interface Found<Row> {
  readonly rows: readonly Row[];
  readonly lastSeen: string | null;
}

/** One list's cursors. */
export interface CursorCodec<Fields extends readonly CursorField[]> {
  encode(values: CursorValues<Fields>): string;
  /** null without a cursor. @throws 400 `VALIDATION_FAILED` for one that is not this list's. */
  decode(cursor: string | undefined): CursorValues<Fields> | null;
}

export function cursorCodec<const Fields extends readonly CursorField[]>(list: string, fields: Fields): CursorCodec<Fields> {
  const isOurs = (value: unknown): value is [string, ...CursorValues<Fields>] =>
    Array.isArray(value) &&
    value.length === fields.length + 1 &&
    value[0] === list &&
    fields.every((field, i) => checks[field](value[i + 1]));
  return {
    encode: (values) => Buffer.from(JSON.stringify([list, ...values])).toString('base64url'),
    decode: (cursor) => {
      if (cursor === undefined) return null;
      const value = parse(cursor);
      if (!isOurs(value)) throw validationFailed([{ path: '/cursor', message: 'is not a cursor of this list' }]);
      const [, ...values] = value;
      return values;
    },
  };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** How many rows a page's query asks for: one more than it shows, which tells whether another page follows. */
export function rowsWanted(query: PageQuery): number {
  return (query.limit ?? DEFAULT_LIMIT) + 1;
}

/** Makes the page of the rows that were found. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  query: PageQuery,
  present: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/**
 * The paging of a list that shows the newest ids first. `read` gets the id that it reads below, and how many rows to read.
 *
 * @throws 400 `VALIDATION_FAILED` for a cursor that is not this list's.
 */
export function newestFirst(list: string) {
  const cursor = cursorCodec(list, ['id']);
  return async <Row extends { readonly id: string }, Item>(
    query: PageQuery,
    read: (before: string, rows: number) => Promise<readonly Row[]>,
    present: (row: Row) => Item,
  ): Promise<Page<Item>> => {
    const [before] = cursor.decode(query.cursor) ?? [HIGHEST_ID];
    const rows = await read(before, rowsWanted(query));
    return pageOf(rows, query, present, (row) => cursor.encode([row.id]));
  };
}

/** Rows of a page of an export: enough that a page costs little more than its rows, and little memory. */
export const EXPORT_PAGE_ROWS = 1000;

/** All rows, page by page: `read` gets the last row of the page before, null at first, and a page that is not full is the last one. */
export async function* inPages<Row>(
  rows: number,
  read: (after: Row | null) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void, undefined> {
  let after: Row | null = null;
  for (;;) {
    const page: readonly Row[] = await read(after);
    yield page;
    if (page.length < rows) return;
    after = page.at(-1) ?? null;
  }
}
