/** The types are the schemas: what TypeScript takes for an event of version 1 is what the shop's OpenAPI document takes for one. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { OpenrunEvent, OrderEvent } from '../src/receiver/receiver.ts';
import { SAMPLES } from './support/samples.ts';

/** What the test reads of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Document {
  readonly webhooks: Readonly<
    Record<string, { readonly post: { readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } } }>
  >;
}

/** Trusts the document with its shape: what is not there fails the test. */
const parse: (text: string) => Document = JSON.parse;
const { webhooks } = parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

function schemaOf(type: string): Schema {
  const schema = webhooks[type]?.post.requestBody.content['application/cloudevents+json']?.schema;
  if (schema === undefined) throw new Error(`the document has no webhook ${type}`);
  return schema;
}

const ajv = new Ajv2020({ strict: false });
ajv.addFormat('date-time', (text) => new Date(text).toISOString() === text);
const isValid = (schema: Schema, value: unknown): boolean => ajv.validate(schema, value);

test('there is a sample of every type that a shop sends, and of no other', () => {
  expect([...new Set(SAMPLES.map(({ type }) => type))].toSorted()).toEqual(Object.keys(webhooks).toSorted());
});

test.each(SAMPLES.map((sample, index) => ({ index, sample })))(
  'sample $index, $sample.type, is what the schema describes',
  ({ sample }) => {
    ajv.validate(schemaOf(sample.type), sample);
    expect(ajv.errorsText()).toBe('No errors');
  },
);

/** Where the samples leave a part of the schema untried; a type that lacks the part could not be told from one that has it. */
function untried(schema: Schema, values: readonly unknown[], path: string): string[] {
  if (values.length === 0) return [path];
  const { properties = {}, items, anyOf = [] } = schema;
  const inside = Object.entries(properties).flatMap(([name, property]) => {
    const found = values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.entries(value) : []));
    return untried(
      property,
      found.flatMap(([key, value]: [string, unknown]) => (key === name ? [value] : [])),
      `${path}/${name}`,
    );
  });
  const each = items === undefined ? [] : untried(items, values.flat(), `${path}/*`);
  const branches = anyOf.flatMap((branch, index) =>
    untried(
      branch,
      values.filter((value) => isValid(branch, value)),
      `${path}?${index}`,
    ),
  );
  return [...inside, ...each, ...branches];
}

/** Objects of the schema that would take fields which the types do not have. */
function open(schema: Schema, path: string): string[] {
  const { type, additionalProperties, properties = {}, items, anyOf = [] } = schema;
  const inside: [string, Schema][] = [
    ...Object.entries(properties),
    ...(items === undefined ? [] : [['*', items] satisfies [string, Schema]]),
    ...anyOf.map((branch, index): [string, Schema] => [`?${index}`, branch]),
  ];
  return [
    ...(type === 'object' && additionalProperties !== false ? [path] : []),
    ...inside.flatMap(([name, part]) => open(part, `${path}/${name}`)),
  ];
}

test.each(Object.keys(webhooks))('%s: the samples try every field and every branch, and there are no others', (type) => {
  const samples = SAMPLES.filter((sample) => sample.type === type);
  expect(untried(schemaOf(type), samples, type)).toEqual([]);
  expect(open(schemaOf(type), type)).toEqual([]);
});

/** The fields that a schema lets be absent. */
function optional(schema: Schema, path: string): string[] {
  const { required = [], properties = {}, items, anyOf = [] } = schema;
  const own = Object.keys(properties).filter((name) => !required.includes(name));
  return [
    ...own.map((name) => `${path}/${name}`),
    ...Object.entries(properties).flatMap(([name, property]) => optional(property, `${path}/${name}`)),
    ...(items === undefined ? [] : optional(items, `${path}/*`)),
    ...anyOf.flatMap((branch, index) => optional(branch, `${path}?${index}`)),
  ];
}

test('what the types call optional is, and nothing else', () => {
  expect(Object.keys(webhooks).flatMap((type) => optional(schemaOf(type), type))).toEqual(['coupon.issued/data/discount?1/maxAmount']);
});

/** The names of the types' fields: the compiler wants all of them here, and no others. */
const FIELDS: Record<keyof OpenrunEvent, true> = {
  specversion: true,
  id: true,
  source: true,
  type: true,
  subject: true,
  time: true,
  datacontenttype: true,
  dataschema: true,
  data: true,
};
const FIELDS_OF_ORDER: Record<keyof OrderEvent, true> = { ...FIELDS, sequence: true, sequencetype: true };

test.each(Object.keys(webhooks))('%s: the envelope has the fields of its type', (type) => {
  const fields = type.startsWith('order.') || type === 'payment.refunded' ? FIELDS_OF_ORDER : FIELDS;
  expect(Object.keys(schemaOf(type).properties ?? {}).toSorted()).toEqual(Object.keys(fields).toSorted());
});
