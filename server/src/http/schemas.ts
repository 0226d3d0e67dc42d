/** The wire types that all features share. */
import { type TSchema, Type } from 'typebox';
import { ID_PATTERN } from '../kernel/ids.ts';
import { MAX_MONEY } from '../kernel/money.ts';

/** Text that PostgreSQL can keep: no NUL, no lone surrogates. Lengths count code points. */
export function text(minLength: number, maxLength: number, description?: string) {
  return Type.String({
    minLength,
    maxLength,
    pattern: '^[^\\u0000\\ud800-\\udfff]*$',
    ...(description === undefined ? {} : { description }),
  });
}

export const id = (description?: string) =>
  Type.String({
    pattern: ID_PATTERN,
    ...(description === undefined ? {} : { description }),
    examples: ['01900000-0000-7000-8000-000000000000'],
  });

/** An integer of minor units. */
export const money = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: MAX_MONEY, ...(description === undefined ? {} : { description }) });

/** RFC 3339; responses are in UTC with milliseconds. The format is checked by `validation.ts`. */
export const time = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }), examples: ['2026-11-22T09:00:00.000Z'] });

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** An object without other fields than these. */
export const strictObject = <T extends Record<string, TSchema>>(properties: T, options: { title?: string; description?: string } = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

/** The query of every list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Items on a page' })),
  cursor: Type.Optional(Type.String({ maxLength: 4000, description: '`nextCursor` of the page before' })),
};

/** The query that narrows something to a time. */
export const timeQuery = {
  from: Type.Optional(time('At or after this time')),
  to: Type.Optional(time('Before this time')),
};

export const exportQuerySchema = Type.Object(timeQuery);

/** The query by which staff look at one user's objects. */
export const userIdQuery = {
  userId: Type.Optional(text(1, 255, 'Staff only: the user whose objects are meant')),
};

export const page = <T extends TSchema>(item: T) =>
  strictObject({ items: Type.Array(item), nextCursor: nullable(Type.String({ description: 'null on the last page' })) });

export const problem = Type.Object(
  {
    type: Type.String({ description: 'A path on this server that documents the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String({ description: 'Stable, UPPER_SNAKE' }),
    errors: Type.Optional(Type.Array(strictObject({ path: Type.String(), message: Type.String() }))),
  },
  { description: 'A refusal (RFC 9457)' },
);
