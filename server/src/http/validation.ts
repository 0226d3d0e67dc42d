/**
 * Checks requests against their schemas: bodies strictly as they are, while the texts of queries become the numbers
 * and booleans they stand for. Nothing is removed and nothing else is coerced.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import type { TSchema } from 'typebox';
import type { FieldError } from '../kernel/errors.ts';

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;
const YEARS = { first: 1970, last: 9998 };

/** Whether `value` is an RFC 3339 time that exists and lies within what PostgreSQL and JavaScript both keep. */
export function isTime(value: string): boolean {
  const match = RFC3339.exec(value);
  if (match === null) return false;
  const [, year, month, day, hour] = match.map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined) return false;
  if (year < YEARS.first || year > YEARS.last || hour > 23 || month < 1 || month > 12) return false;
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const instant = Date.parse(value);
  return day >= 1 && day <= daysInMonth && !Number.isNaN(instant) && instant >= 0;
}

/**
 * Texts are coerced without ajv's check for finite numbers, which it applies to the limits of a number as well:
 * `1e1000` would pass every maximum.
 */
function ajv(coerceTypes: boolean): Ajv {
  const made = new Ajv({
    coerceTypes,
    strictNumbers: !coerceTypes,
    useDefaults: true,
    removeAdditional: false,
    allErrors: false,
    strict: true,
    discriminator: true,
  });
  made.addFormat('date-time', isTime);
  return made;
}

const strict = ajv(false);
const ofTexts = ajv(true);
const compiled = new WeakMap<object, ValidateFunction>();

/** Fastify's hook for compiling the schema of one part of a request. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = (httpPart === 'body' ? strict : ofTexts).compile(schema);
  compiled.set(schema, validate);
  return validate;
};

/** Ajv's errors as fields with JSON pointers, one entry a field: of alternatives, what each of them wanted. */
export function fieldErrors(errors: readonly (ErrorObject | FastifySchemaValidationError)[]): FieldError[] {
  const fields = new Map<string, Set<string>>();
  for (const error of errors) {
    // What `anyOf` has to say follows what each alternative said.
    if (error.keyword === 'anyOf' && fields.size > 0) continue;
    const name: unknown = error.params['missingProperty'] ?? error.params['additionalProperty'];
    const path = typeof name === 'string' ? `${error.instancePath}/${name}` : error.instancePath || '/';
    fields.set(path, (fields.get(path) ?? new Set()).add(messageOf(error)));
  }
  return [...fields].map(([path, messages]) => ({ path, message: [...messages].join(', or ') }));
}

function messageOf({ keyword, params, message }: ErrorObject | FastifySchemaValidationError): string {
  switch (keyword) {
    case 'additionalProperties':
      return 'is not a field of this request';
    case 'required':
      return 'is required';
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    default:
      return message ?? 'is not valid';
  }
}
