/** Requests made from the OpenAPI document: such as it describes, and such as have one thing wrong with them, in every place. */
import fc from 'fast-check';
import { type ApiDocument, documentAjv, operationsOf } from '../../server/test/support/document.ts';
import { extended, type Json, objectPointersOf, pointersOf, replaced, STRANGERS, VALUES } from '../../server/test/support/wrong.ts';
import type { Credential } from './tokens.ts';
import { type Pool, type Schema, valueOf } from './values.ts';

type Operation = ReturnType<typeof operationsOf>[number];
type Header = readonly [name: string, value: string];

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly language: string | undefined;
  readonly credential: Credential;
  /** What is wrong with it. */
  readonly fault: Fault;
  /** The operation that it is for, as `GET /products`. */
  readonly operation: string;
  /** Whether its body is one that the document does not allow. */
  readonly isBodyWrong: boolean;
}

const FAULTS = [
  'nothing',
  'body: a value',
  'body: a field that is not there',
  'body: no JSON',
  'body: broken UTF-8',
  'body: another media type',
  'body: none',
  'body: too large',
  'query: a value',
  'query: a field that is not there',
  'query: twice',
  'path: a value',
  'path: bytes',
  'path: too long',
  'path: another',
  'method: another',
  'header: idempotency key',
  'header: condition',
  'header: two hosts',
  'header: no host',
  'header: bytes',
  'header: origin',
  'header: expectation',
  'header: forwarded',
] as const;
export type Fault = (typeof FAULTS)[number];
export const ALL_FAULTS: readonly Fault[] = FAULTS;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND'];
const PATHS = [
  '/',
  '/shop',
  '/admin/orders',
  '/problems',
  '/problems/x',
  '/docs',
  '/assets/x.js',
  '/assets/..%2f..%2fetc%2fpasswd',
  '/pages/x',
  '/.env',
  '/%00',
  '/products/',
  '/ORDERS',
  '/bench',
];
const PATH_BYTES = ['%00', '%ff', '%c0%af', '%ed%a0%80', '%', '%zz', '%25', '%2f', '%5c', '..%2f', '~', '*', ';a=b', 'a%0d%0ab'];
const HEADER_BYTES: readonly Header[] = [
  ['X-Odd', '\u0080\u00ff'],
  ['X-Request-Id', 'x'.repeat(500)],
  ['X-Request-Id', '\u00ff'],
  ['Accept-Encoding', 'gzip;q=9, *;q=x'],
  ['Accept', 'application/x; q=2, */*;q=0'],
  ['Content-Encoding', 'gzip'],
  ['If-Modified-Since', 'yesterday'],
  ['Range', 'bytes=0-0,5-,x'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['Upgrade', 'h2c'],
];
const KEYS = ['', 'x'.repeat(256), 'x'.repeat(255), '\u00ff', 'a b', 'same', "';--", '\u00f1'];
const CONDITIONS = ['*', '"', 'W/""', '"x", "y"', '"'.repeat(500), `"${'x'.repeat(4000)}"`, '\u00ff'];
const ORIGINS = ['null', 'https://evil.example', 'http://127.0.0.1', '\u00ff'];
const FORWARDED = ['1.2.3.4', '::', 'x, y', '1.1.1.1, '.repeat(200)];
const NO_JSON = ['', '{', 'x', '{"a":}', "{'a':1}", '\u0000', '[1', 'NaN', '{"a":1}}', '['.repeat(100_000)];
const NO_UTF8 = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]), Buffer.from('"}')]);
const MIB = 1024 * 1024;
const QUERY_VALUE_MAX = 2000;
const LANGUAGES = [undefined, undefined, 'en', 'ko'];
/** What takes the server long, or goes on for ever, is asked for rarely. */
const HEAVY = /^\/(audit|auth|exports|rankings|dashboard|products\/import)/;

const percent = (value: string): string => Buffer.from(value).reduce((text, byte) => text + percentByte(byte), '');
const percentByte = (byte: number): string => {
  const character = String.fromCodePoint(byte);
  return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
};
/** Wrong values as texts, as they stand in a path or a query. */
const TEXTS = VALUES.flatMap((value) => {
  const parsed: unknown = JSON.parse(value);
  const text = typeof parsed === 'string' ? parsed : value;
  return text.length > QUERY_VALUE_MAX ? [] : [text];
});

/** The parts of a valid request to an operation. */
interface Parts {
  readonly path: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, Json>>;
  readonly body: Json | undefined;
}

/** A source of requests to every operation of the document. */
export function requestsOf(document: ApiDocument, credentials: readonly Credential[], pool: Pool): fc.Arbitrary<Request> {
  const ajv = documentAjv();
  const byOperation = operationsOf(document).map((operation) => {
    const bodySchema = operation.operation.requestBody?.content?.['application/json']?.schema;
    const takes = bodySchema === undefined ? null : ajv.compile(bodySchema);
    const arbitrary = fc
      .record({
        parts: partsOf(operation, pool),
        // Half of the senders may do something; a lie alone says little about what comes behind it.
        credential: fc.oneof(fc.constantFrom(...credentials.filter(({ may }) => may !== 'nothing')), fc.constantFrom(...credentials)),
        fault: fc.oneof({ weight: 1, arbitrary: fc.constant<Fault>('nothing') }, { weight: 4, arbitrary: fc.constantFrom(...FAULTS) }),
        pick: fc.nat(),
        language: fc.constantFrom(...LANGUAGES),
      })
      .map((drawn) => written(operation, drawn, (body) => takes !== null && isRefused(takes, body)));
    return { weight: HEAVY.test(operation.path) ? 1 : 6, arbitrary };
  });
  return fc.oneof(...byOperation);
}

function partsOf({ operation }: Operation, pool: Pool): fc.Arbitrary<Parts> {
  const { parameters = [], requestBody } = operation;
  const body: Schema | undefined = requestBody?.content?.['application/json']?.schema;
  const valuesIn = (place: string, requiredKeys?: string[]): fc.Arbitrary<Readonly<Record<string, Json>>> => {
    const members = parameters.filter((parameter) => parameter.in === place);
    const values = Object.fromEntries(members.map(({ name, schema }) => [name, valueOf(schema, name, pool)]));
    return fc.record(values, requiredKeys === undefined ? {} : { requiredKeys });
  };
  return fc.record({
    path: valuesIn('path'),
    query: valuesIn('query', []),
    body: body === undefined ? fc.constant(undefined) : valueOf(body, 'body', pool),
  });
}

function isRefused(takes: (body: unknown) => boolean, body: string): boolean {
  try {
    return !takes(JSON.parse(body));
  } catch {
    return true;
  }
}

interface Drawn {
  readonly parts: Parts;
  readonly credential: Credential;
  readonly fault: Fault;
  readonly pick: number;
  readonly language: string | undefined;
}

/** Writes the request with its fault; one that has no place in the operation is put into a header. */
function written(
  operation: Operation,
  { parts, credential, fault, pick, language }: Drawn,
  isBodyRefused: (body: string) => boolean,
): Request {
  const of = <T>(items: readonly T[], turn = pick): T => {
    const item = items[turn % items.length];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  };
  const method = fault === 'method: another' ? of(METHODS) : operation.method;
  const path = pathOf(operation, parts, fault, of);
  const body = bodyOf(operation, parts, fault, of, pick);
  const type = Object.keys(operation.operation.requestBody?.content ?? {})[0] ?? 'application/json';
  const headers: Header[] = [
    ...(fault === 'header: no host' ? [] : [['Host', 'shop.example'] as const]),
    ...(fault === 'header: two hosts' ? [['Host', 'other.example'] as const] : []),
    ...credential.headers,
    ...(language === undefined ? [] : [['Accept-Language', language] as const]),
    ...(body === null
      ? []
      : [
          [
            'Content-Type',
            fault === 'body: another media type' ? of(['text/plain', 'application/xml', 'x', 'application/json; charset=utf-16']) : type,
          ] as const,
          ['Content-Length', String(body.length)] as const,
        ]),
    ...extraHeaders(fault, of),
  ];
  const head = `${method} ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return {
    method,
    path,
    bytes: Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]),
    language,
    credential,
    fault,
    operation: `${operation.method} ${operation.path}`,
    isBodyWrong: method === operation.method && fault.startsWith('body: ') && isBodyRefused(body?.toString() ?? ''),
  };
}

/** A value as it stands in a path or a query. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

type Of = <T>(items: readonly T[], turn?: number) => T;

function pathOf({ path }: Operation, { path: values, query }: Parts, fault: Fault, of: Of): string {
  if (fault === 'path: another') return of(PATHS);
  const names = Object.keys(values);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    if (fault === 'path: bytes' && name === names[0]) return of(PATH_BYTES);
    if (fault === 'path: too long' && name === names[0]) return 'x'.repeat(of([256, 3000, 5000, 20_000]));
    const isWrong = fault === 'path: a value' && name === names[0];
    return percent(isWrong ? of(TEXTS) : textOf(values[name])) || '%20';
  });
  const pairs = Object.entries(query).map(([name, value]): string => `${name}=${percent(textOf(value))}`);
  const first = Object.keys(query)[0] ?? 'limit';
  if (fault === 'query: a value') pairs[0] = `${first}=${percent(of(TEXTS))}`;
  if (fault === 'query: a field that is not there') pairs.push(`${percent(of([...STRANGERS, 'userId', 'a[b]', '%00']))}=1`);
  if (fault === 'query: twice') pairs.push(`${first}=1`, `${first}=2`);
  return `${filled}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

function bodyOf({ operation }: Operation, { body }: Parts, fault: Fault, of: Of, pick: number): Buffer | null {
  if (operation.requestBody === undefined) {
    return fault.startsWith('body: ') && fault !== 'body: none' ? Buffer.from(of(['{"a":1}', '{', '[]', '1'])) : null;
  }
  if (body === undefined) return Buffer.from(csvOf(fault, of));
  if (fault === 'body: none') return null;
  if (fault === 'body: a value') {
    const pointer = of(['', ...pointersOf(body)], Math.floor(pick / VALUES.length));
    return Buffer.from(replaced(body, pointer, of([null, ...VALUES])) || 'null');
  }
  if (fault === 'body: a field that is not there') return Buffer.from(extended(body, of(objectPointersOf(body)), of(STRANGERS)));
  if (fault === 'body: no JSON') return Buffer.from(of(NO_JSON));
  if (fault === 'body: broken UTF-8') return NO_UTF8;
  if (fault === 'body: too large') return Buffer.from(`{"name":"${'x'.repeat(MIB)}"}`);
  return Buffer.from(JSON.stringify(body));
}

function csvOf(fault: Fault, of: Of): string {
  const right = 'product,sku,option,price\nx,y,z,5\n';
  return fault.startsWith('body: ')
    ? of(['', '\0', '"', 'product\n'.repeat(50), `${right}"x`, '=cmd()|x,,,\n', right.replace('5', '-1e9')])
    : right;
}

function extraHeaders(fault: Fault, of: Of): readonly Header[] {
  const extra: Partial<Record<Fault, readonly Header[]>> = {
    'header: idempotency key': [['Idempotency-Key', of(KEYS)]],
    'header: condition': [['If-None-Match', of(CONDITIONS)]],
    'header: bytes': [of(HEADER_BYTES)],
    'header: origin': [
      ['Origin', of(ORIGINS)],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
    'header: expectation': [['Expect', of(['100-continue', '200-ok', 'x'])]],
    'header: forwarded': [
      ['X-Forwarded-For', of(FORWARDED)],
      ['X-Forwarded-Host', 'evil.example'],
      ['X-Http-Method-Override', 'DELETE'],
    ],
  };
  return extra[fault] ?? [];
}
