/**
 * Ids are lower-case UUIDv7 (RFC 9562): ordered by the millisecond they were made in, and those that are made one after the other for the
 * same one by a counter within it. Where a batch makes them, that millisecond is the batch's database time, so that ids of several processes
 * sort together, and what happened within a time is found by its ids.
 */
import { V7Generator } from 'uuidv7';

const generator = new V7Generator();
// Batches overlap, so that ids for one millisecond may be made after some for a later one. They are stamped with their own all the same.
generator.setRollbackAllowance(0);

/** A new id, stamped with `at` (by default this process's clock). */
export function newId(at: Date = new Date()): string {
  return generator.generateOrResetWithTs(at.getTime()).toString();
}

/** The JSON schema pattern of an id on the wire. */
export const ID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** Sorts before every id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Sorts before every id that is stamped with `at` or later, and after all that are stamped before. */
export function lowestIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${LOWEST_ID.slice(13)}`;
}

/** Sorts after every id: where a list that begins with the newest starts. */
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The lowest and the highest id that begin like `text`: hexadecimal digits, with or without hyphens. */
export function idsLike(text: string): [lowest: string, highest: string] {
  const digits = text.replaceAll('-', '').slice(0, 32);
  const padded = (digit: string): string => digits.padEnd(32, digit).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return [padded('0'), padded('f')];
}

/** A time as queries give it, in RFC 3339: from the first, included, to the second, excluded; what is absent is open. */
export interface TimeRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Ids between which lie all that are stamped within a time; no id is equal to either. */
export function idsWithin({ from, to }: TimeRange): [first: string, end: string] {
  return [from === undefined ? LOWEST_ID : lowestIdAt(new Date(from)), to === undefined ? HIGHEST_ID : lowestIdAt(new Date(to))];
}
