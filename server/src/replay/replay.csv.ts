/**
 * Reads retail exports: CSV files whose header names the columns InvoiceNo, StockCode, Description, Quantity,
 * InvoiceDate, UnitPrice and CustomerID (further columns are ignored).
 *
 * Values are read strictly: prices from their decimals into whole pence without floating point, customers from the
 * float that exports write them as (`17850.0`), times without a zone as UTC. A row with any other value is unreadable
 * and is counted, not repaired.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { assert, present } from '../kernel/assert.ts';
import { ReplayError, type RetailFiles, type RetailRow, type UnreadableRow } from './replay.types.ts';

const COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'] as const;
const FILES_MAX = 1000;
const ROWS_MAX = 2_000_000;
const RECORD_BYTES_MAX = 65_536;

/** The text of one row by column. */
export type RetailFields = Readonly<Record<(typeof COLUMNS)[number], string>>;

const INVOICE_PATTERN = /^[A-Za-z0-9-]{1,32}$/;
const CODE_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;
const QUANTITY_PATTERN = /^-?\d{1,6}$/;
const PRICE_PATTERN = /^(-?)(\d{1,9})(?:\.(\d{1,2})0*)?$/;
const TIME_PATTERN = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;
const CUSTOMER_PATTERN = /^(\d{1,18})(?:\.0+)?$/;

/** Pence of a decimal number of pounds such as `2.55`, `2.5` or `-1`; null where it is none, or has fractions of a penny. */
export function parsePence(text: string): number | null {
  const match = PRICE_PATTERN.exec(text);
  if (!match) return null;
  const [, sign = '', pounds = '', pence = ''] = match;
  const amount = Number.parseInt(pounds, 10) * 100 + Number.parseInt(pence.padEnd(2, '0'), 10);
  return sign && amount > 0 ? -amount : amount;
}

/** Milliseconds of `YYYY-MM-DD hh:mm:ss`, taken as UTC; null where it is no such time. */
export function parseTime(text: string): number | null {
  const match = TIME_PATTERN.exec(text);
  if (!match) return null;
  const iso = `${match[1]}T${match[2]}.000Z`;
  const at = Date.parse(iso);
  return Number.isNaN(at) || new Date(at).toISOString() !== iso ? null : at;
}

/** The customer's number without the `.0` of a float, null for an empty field, undefined where it is neither. */
export function parseCustomer(text: string): string | null | undefined {
  return text === '' ? null : CUSTOMER_PATTERN.exec(text)?.[1];
}

/** The row of `fields`, or why it is unreadable. */
export function parseRow(fields: RetailFields, where: string): RetailRow | UnreadableRow {
  const unreadable = (column: (typeof COLUMNS)[number]): UnreadableRow => ({
    where,
    reason: `${column} ${JSON.stringify(fields[column])}`,
  });
  const price = parsePence(fields.UnitPrice);
  const at = parseTime(fields.InvoiceDate);
  const customer = parseCustomer(fields.CustomerID);
  if (!INVOICE_PATTERN.test(fields.InvoiceNo)) return unreadable('InvoiceNo');
  if (!CODE_PATTERN.test(fields.StockCode)) return unreadable('StockCode');
  if (!QUANTITY_PATTERN.test(fields.Quantity)) return unreadable('Quantity');
  if (at === null) return unreadable('InvoiceDate');
  if (price === null) return unreadable('UnitPrice');
  if (customer === undefined) return unreadable('CustomerID');
  const description = fields.Description.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const quantity = Number.parseInt(fields.Quantity, 10);
  return { where, invoice: fields.InvoiceNo, code: fields.StockCode, description, quantity, at, price, customer };
}

type ReadRecord = (record: readonly string[], where: string) => RetailRow | UnreadableRow;

/** Finds the columns in the header of one file, and gives the reader of its records. */
function readHeader(header: readonly string[], file: string): ReadRecord {
  const missing = COLUMNS.find((column) => !header.includes(column));
  if (missing !== undefined) throw new ReplayError(`${file} has no column ${missing}; it has ${header.join(', ')}`);
  const read = (record: readonly string[], column: (typeof COLUMNS)[number]): string => present(record[header.indexOf(column)], column);
  const fieldsOf = (record: readonly string[]): RetailFields => ({
    InvoiceNo: read(record, 'InvoiceNo'),
    StockCode: read(record, 'StockCode'),
    Description: read(record, 'Description'),
    Quantity: read(record, 'Quantity'),
    InvoiceDate: read(record, 'InvoiceDate'),
    UnitPrice: read(record, 'UnitPrice'),
    CustomerID: read(record, 'CustomerID'),
  });
  return (record, where) =>
    record.length === header.length
      ? parseRow(fieldsOf(record), where)
      : { where, reason: `${record.length} fields where the header has ${header.length}` };
}

/** A record as the parser gives it: its fields, and the line of the file that it ends on. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function isParsedRecord(value: unknown): value is ParsedRecord {
  return typeof value === 'object' && value !== null && 'record' in value && Array.isArray(value.record) && 'info' in value;
}

/** Streams the records of one file, and gives the SHA-256 of its bytes in the end. */
async function readRecords(file: string, onRecord: (parsed: ParsedRecord) => void): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(file),
    async function* hashed(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    parse({ bom: true, skip_empty_lines: true, relax_column_count: true, max_record_size: RECORD_BYTES_MAX, info: true }),
    async (records: AsyncIterable<unknown>) => {
      for await (const parsed of records) {
        assert(isParsedRecord(parsed), 'the parser gives records with their place');
        onRecord(parsed);
      }
    },
  );
  return hash.digest('hex');
}

/** Reads all files. Throws {@link ReplayError} for a file that cannot be read, is no such CSV or was given twice. */
export async function readRetailFiles(files: readonly string[]): Promise<RetailFiles> {
  if (files.length === 0 || files.length > FILES_MAX) throw new ReplayError(`a replay takes 1 to ${FILES_MAX} files`);
  const rows: RetailRow[] = [];
  const unreadable: UnreadableRow[] = [];
  const byHash = new Map<string, string>();
  for (const file of files) {
    const hash = await readFile(file, rows, unreadable).catch((error: unknown) => {
      if (error instanceof ReplayError) throw error;
      throw new ReplayError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    const twin = byHash.get(hash);
    if (twin !== undefined) throw new ReplayError(`${file} has the same content as ${twin}`);
    byHash.set(hash, file);
  }
  const digest = createHash('sha256')
    .update([...byHash.keys()].toSorted().join('\n'))
    .digest('hex');
  return { rows, unreadable, digest };
}

async function readFile(file: string, rows: RetailRow[], unreadable: UnreadableRow[]): Promise<string> {
  let readRow: ReadRecord | null = null;
  const hash = await readRecords(file, ({ record, info }) => {
    if (!readRow) {
      readRow = readHeader(record, file);
      return;
    }
    const row = readRow(record, `${basename(file)}:${info.lines}`);
    if ('reason' in row) unreadable.push(row);
    else rows.push(row);
    if (rows.length + unreadable.length > ROWS_MAX) throw new ReplayError(`a replay takes at most ${ROWS_MAX} rows`);
  });
  if (!readRow) throw new ReplayError(`${file} is empty`);
  return hash;
}
