/** Splits the CSV of an import into records, a piece a turn, so that a large file holds nobody up. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { assert } from '../kernel/assert.ts';
import type { RowError } from './product.types.ts';

const PIECE_BYTES = 32_768;
const RECORD_BYTES_MAX = 65_536;
/** Of a file that is too long, enough is read to say so. */
const RECORDS_MAX = 10_050;

function isRecord(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((field) => typeof field === 'string');
}

/** The records of a file, its header first, an empty line being one without fields; or what is wrong with its quotes or lengths. */
export async function parseCsv(text: string): Promise<readonly (readonly string[])[] | RowError> {
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: RECORD_BYTES_MAX, to: RECORDS_MAX });
  const feed = async (): Promise<void> => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length && !parser.destroyed; at += PIECE_BYTES) {
      parser.write(bytes.subarray(at, at + PIECE_BYTES));
      await nextTurn();
    }
    parser.end();
  };
  const records: (readonly string[])[] = [];
  const feeding = feed();
  try {
    for await (const record of parser) {
      assert(isRecord(record), 'the parser gives records of texts');
      records.push(record);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { row: records.length + 1, column: null, message: `is no CSV: ${error.message}` };
  } finally {
    await feeding;
  }
  return records;
}
