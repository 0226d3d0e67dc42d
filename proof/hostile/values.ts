/** Values that a schema of the OpenAPI document takes. */
import fc from 'fast-check';
import type { Json } from '../../server/test/support/wrong.ts';

/** The part of JSON Schema that the document uses. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Things that are there, by the names of the fields that name them. */
export type Pool = Readonly<Record<string, readonly string[]>>;

const ITEMS_MAX = 3;
const LENGTH_MAX = 40;
/** Patterns that no text is made from: those with a look behind, and those that only leave something out. */
const EMAILS = ['minji@example.com', 'a.b+c@example.org', 'x@y.kr'];
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Nobody is to be reached by the webhooks of an attack. */
const URLS = [
  'https://hooks.invalid/x',
  'http://127.0.0.1:1/',
  'http://[::1]/',
  'http://169.254.169.254/latest',
  'file:///etc/passwd',
  'nats://nats.invalid',
];
const RECENT = { min: new Date('2020-01-01'), max: new Date('2090-01-01'), noInvalidDate: true };

/** @param name the field's, which may be one that names things of the pool. */
export function valueOf(schema: Schema, name: string, pool: Pool): fc.Arbitrary<Json> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((option) => valueOf(option, name, pool)));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, pool);
    case 'array':
      return listOf(schema, name, pool);
    case 'integer':
    case 'number':
      return integerOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      return textOf(schema, name, pool);
  }
}

function objectOf({ properties = {}, required = [] }: Schema, pool: Pool): fc.Arbitrary<Json> {
  const members = Object.entries(properties).map(([name, inner]): [string, fc.Arbitrary<Json>] => [name, valueOf(inner, name, pool)]);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true });
}

function listOf(
  { items = {}, minItems = 0, maxItems = ITEMS_MAX, uniqueItems = false }: Schema,
  name: string,
  pool: Pool,
): fc.Arbitrary<Json> {
  const size = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, ITEMS_MAX)) };
  const item = valueOf(items, name, pool);
  return uniqueItems ? fc.uniqueArray(item, size) : fc.array(item, size);
}

function integerOf({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Schema): fc.Arbitrary<Json> {
  const small = fc.integer({ min: minimum, max: Math.min(maximum, Math.max(minimum, 0) + 5) });
  return fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: fc.integer({ min: minimum, max: maximum }) });
}

function textOf({ pattern, format, minLength = 0, maxLength = LENGTH_MAX }: Schema, name: string, pool: Pool): fc.Arbitrary<Json> {
  const free = freeTextOf(pattern, format, name, { minLength, maxLength: Math.max(minLength, Math.min(maxLength, LENGTH_MAX)) });
  const known = pool[name];
  return known === undefined ? free : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: free });
}

function freeTextOf(
  pattern: string | undefined,
  format: string | undefined,
  name: string,
  size: { readonly minLength: number; readonly maxLength: number },
): fc.Arbitrary<string> {
  if (name === 'url') return fc.constantFrom(...URLS);
  if (format === 'date-time') return fc.date(RECENT).map((date) => date.toISOString());
  if (pattern === undefined || pattern.startsWith('^[^')) return fc.string({ ...size, unit: 'grapheme' });
  if (pattern.includes('whsec_')) return fc.constant(SECRET);
  if (pattern.includes('@')) return fc.constantFrom(...EMAILS);
  return fc.stringMatching(new RegExp(pattern));
}
