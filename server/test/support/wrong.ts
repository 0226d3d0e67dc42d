/** Values that clients send by mistake or malice, as JSON texts; which of them a field takes, its schema says. */

const text = (value: string): string => JSON.stringify(value);
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const NUMBERS = ['0', '-0', '1', '-1', '0.5', '-1.5', '1e-7', '1e3', '1e308', '1e1000', '-1e1000'];
const LARGE = ['1000000001', '9007199254740991', '9007199254740992', '-9007199254740992', '123456789012345678901234567890'];
const STRINGS = [
  '',
  ' ',
  'x',
  '0',
  '1',
  '1.5',
  'true',
  'null',
  '[object Object]',
  'NaN',
  "'; DROP TABLE product; --",
  '<script>',
  '${1+1}',
  '한정판',
];
const UNKEPT = ['\0', 'a\0b', '\ud800', '\udc00x', 'x\udfff', '\u0001', '\u202e', '\uffff', '\u{10ffff}'];
const LONG = [101, 201, 256, 501, 10_001, 100_000].map((length) => 'x'.repeat(length));
const IDS = [
  '01900000-0000-7000-8000-000000000000',
  '01900000-0000-7000-8000-00000000000A',
  '{01900000-0000-7000-8000-000000000000}',
  '0190',
];
const TIMES = [
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-01-01 00:00:00Z',
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59Z',
  '+12026-01-01T00:00:00Z',
  '2026-01-01T00:00:00+24:00',
  '2026-01-01T00:00:00.0000000001Z',
];
const OTHERS = ['null', 'true', 'false', '[]', '[null]', '[1]', '{}', '{"a":1}', '{"__proto__":{"x":1}}', '{"length":1}', nested(5000)];

export const VALUES: readonly string[] = [...NUMBERS, ...LARGE, ...[...STRINGS, ...UNKEPT, ...LONG, ...IDS, ...TIMES].map(text), ...OTHERS];

/** Members that no request has. */
export const STRANGERS = ['more', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a/b~c'];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** All values inside `body`, by their JSON pointers. */
function valuesOf(body: Json): [pointer: string, value: Json][] {
  const found: [string, Json][] = [];
  const visit = (value: Json, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      found.push([`${at}/${name}`, inner]);
      visit(inner, `${at}/${name}`);
    }
  };
  visit(body, '');
  return found;
}

/** The JSON pointers of all values inside `body`. */
export function pointersOf(body: Json): string[] {
  return valuesOf(body).map(([pointer]) => pointer);
}

/** The JSON pointers of all objects inside `body`, itself included. */
export function objectPointersOf(body: Json): string[] {
  const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !isList(value);
  return ['', ...valuesOf(body).flatMap(([pointer, value]) => (isObject(value) ? [pointer] : []))];
}

/** The body's JSON with the value at the pointer replaced by a JSON text, or left out where it is null. */
export function replaced(body: Json, pointer: string, replacement: string | null): string {
  const write = (value: Json, at: string): string | null => {
    if (at === pointer) return replacement;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (isList(value)) return `[${value.flatMap((item, index) => write(item, `${at}/${index}`) ?? []).join()}]`;
    return `{${Object.entries(value)
      .flatMap(([name, item]) => member(name, write(item, `${at}/${name}`)))
      .join()}}`;
  };
  const member = (name: string, json: string | null): string[] => (json === null ? [] : [`${JSON.stringify(name)}:${json}`]);
  return write(body, '') ?? '';
}

/** The body's JSON with one more member in the object at the pointer. */
export function extended(body: Json, pointer: string, name: string): string {
  const object = JSON.stringify(pointer === '' ? body : valuesOf(body).find(([known]) => known === pointer)?.[1]);
  const longer = `${object.slice(0, -1)}${object === '{}' ? '' : ','}${JSON.stringify(name)}:1}`;
  return pointer === '' ? longer : replaced(body, pointer, longer);
}
