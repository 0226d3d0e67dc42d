/** CSV (RFC 4180) as bodies of requests, and as answers of any length: UTF-8 with a byte order mark, so that spreadsheets read Hangul. */
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validationFailed } from '../kernel/errors.ts';
import type { App } from './server.ts';

const CSV_LIMIT_BYTES = 5 * 1024 * 1024;

/** Registers routes whose bodies are CSV, and nothing else; they get it as text. */
export function withCsvBodies(app: App, register: (scope: App) => void): void {
  void app.register(async (context) => {
    const scope: App = context.withTypeProvider<TypeBoxTypeProvider>();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: CSV_LIMIT_BYTES }, (_request, body: Buffer, done) => {
      if (isUtf8(body)) done(null, body.toString('utf8'));
      else done(validationFailed([{ path: '/', message: 'must be CSV in UTF-8' }]));
    });
    register(scope);
  });
}

type CsvValue = string | number | boolean | Date | null;

/** What a spreadsheet would take for a formula, or would strip to find one. */
const FORMULA = /^[=+\-@\t\r\n]/;
const SPECIAL = /[",\r\n]/;

/**
 * A field as it is written. A text that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text there;
 * numbers are ours, and never negative.
 */
function csvField(value: CsvValue): string {
  if (value === null) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

async function* linesOf<Column extends string>(
  columns: readonly Column[],
  pages: AsyncIterable<readonly Readonly<Record<Column, CsvValue>>[]>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`\ufeff${columns.join(',')}\r\n`);
  for await (const page of pages) {
    yield Buffer.from(page.map((row) => `${columns.map((column) => csvField(row[column])).join(',')}\r\n`).join(''));
  }
}

/**
 * Sends rows as a file, page by page: the next page is read when the client has taken the one before, so a file of any length takes the memory of
 * one page, and no connection while the client is slow. Where a page cannot be read, the answer breaks off, and the client sees that.
 */
export function sendCsv<Column extends string>(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  columns: readonly Column[],
  pages: AsyncIterable<readonly Readonly<Record<Column, CsvValue>>[]>,
): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(request.method === 'HEAD' ? Readable.from([]) : Readable.from(linesOf(columns, pages), { objectMode: false }));
}
