/**
 * Holds answers against the OpenAPI document, and against the frame that all answers share, whatever else a test looks at:
 * statuses below 500, request ids, problem documents in the language that was asked for, bodies of their documented schemas.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Config } from '../../src/config.ts';
import { isTime } from '../../src/http/validation.ts';
import { type Answered, type Caller, callingBy } from './caller.ts';
import { expectNoInnards } from './innards.ts';
import { ANY_CODE, ANY_TEXT } from './matchers.ts';
import { openShop, type Shop } from './shop.ts';

interface Described {
  readonly description?: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

/** What tests read of an operation of the document. */
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: Described;
  readonly responses: Readonly<Record<string, Described>>;
}

export interface ApiDocument {
  readonly info: { readonly description: string };
  /** Every refusal by its code, which is the title of its schema. */
  readonly components: { readonly schemas: { readonly Problem: { readonly oneOf: readonly ({ readonly title: string } & object)[] } } };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** What the server calls, by the types of its events. */
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
}

export function isDocument(value: unknown): value is ApiDocument {
  return typeof value === 'object' && value !== null && 'paths' in value && 'info' in value && 'webhooks' in value;
}

/** The document of a shop's server. */
export function documentOf(shop: Shop): ApiDocument {
  const document: unknown = shop.app.http.swagger();
  if (!isDocument(document)) throw new Error('the server has no OpenAPI document');
  return document;
}

/** Compiles schemas of the document by the rules of JSON Schema 2020-12. */
export function documentAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', isTime);
  return ajv;
}

/** Every operation of the document, with a pattern of its paths; those without parameters first. */
export function operationsOf(document: ApiDocument) {
  const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation, pattern: patternOf(path) })),
    )
    .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly language: string | undefined;
  readonly answer: Answered;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const HANGUL = /\p{Script=Hangul}/u;

/** Makes what holds one exchange after the other against the document. */
export function createCheck(document: ApiDocument): (exchange: Exchange) => void {
  const operations = operationsOf(document);
  const ajv = documentAjv();
  const compiled = new Map<object, ValidateFunction>();
  // A member that the document does not name is one that no client knows the type of.
  const problems = new Map(document.components.schemas.Problem.oneOf.map((each) => [each.title, { ...each, additionalProperties: false }]));

  const expectShape = (schema: object | undefined, answer: Answered, what: string): void => {
    if (schema === undefined) throw new Error(`${what} is not in the document`);
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    expect(validate(answer.body), `${what} is not as documented: ${ajv.errorsText(validate.errors)}`).toBe(true);
  };

  return ({ method, path, language, answer }) => {
    const { status, headers, body } = answer;
    const { pathname } = new URL(`http://shop${path}`);
    const what = `${method} ${path} → ${status} ${JSON.stringify(body)}`.slice(0, 500);
    expect(status, what).toBeLessThan(500);
    expect(headers.get('x-request-id'), what).toMatch(/^[\x21-\x7e]{1,128}$/);
    const operation = operations.find((known) => known.method === method && known.pattern.test(pathname))?.operation;
    if (status >= 400) expectNoInnards(JSON.stringify(body), what);
    if (status >= 400 && method !== 'HEAD') {
      expectProblemFrame(answer, pathname, language, what);
      if (operation !== undefined) {
        const described = operation.responses['4XX'];
        expectShape(described?.content?.['application/problem+json']?.schema, answer, what);
        expectShape(problems.get(body.code), answer, what);
        expect(`${described?.description ?? ''}${document.info.description}`, what).toContain(`\`${body.code}\``);
      }
    } else if (operation !== undefined && headers.get('content-type')?.includes('json') === true) {
      expect(headers.get('content-type'), what).toBe(JSON_TYPE);
      expectShape(operation.responses[status]?.content?.['application/json']?.schema, answer, what);
    }
  };
}

function expectProblemFrame({ status, headers, body }: Answered, pathname: string, language: string | undefined, what: string): void {
  expect(headers.get('content-type'), what).toBe(PROBLEM_TYPE);
  expect(headers.get('content-language'), what).toBe(language ?? 'en');
  expect(body, what).toMatchObject({
    type: `/problems/${body.code}`,
    status,
    instance: pathname,
    code: ANY_CODE,
    title: ANY_TEXT,
    detail: ANY_TEXT,
  });
  for (const text of [body.title, body.detail]) expect(HANGUL.test(text), what).toBe(language === 'ko');
}

/** The same shop, whose every answer is checked. */
function checked(shop: Shop): Shop {
  const check = createCheck(documentOf(shop));
  const watched = (caller: Caller): Caller =>
    callingBy(caller, async (method, path, body, options) => {
      const answer = await caller.call(method, path, body, options);
      check({ method, path, language: options?.language, answer });
      return answer;
    });
  return {
    ...shop,
    anyone: watched(shop.anyone),
    staff: watched(shop.staff),
    customer: async (userId) => watched(await shop.customer(userId)),
    second: async (overrides) => checked(await shop.second(overrides)),
  };
}

/** Opens a shop whose every answer is held against its document. */
export async function openCheckedShop(...options: Parameters<typeof openShop>): Promise<Shop> {
  return checked(await openShop(...options));
}

/** One such shop for all tests of a file, by a function that gives it once the tests run. */
export function useShop(overrides: Partial<Config> = {}): () => Shop {
  let shop: Shop | undefined;
  beforeAll(async () => {
    shop = await openCheckedShop(overrides);
  });
  afterAll(() => shop?.close());
  return () => {
    if (shop === undefined) throw new Error('the shop opens before the tests');
    return shop;
  };
}

/** Another server on the file's shop, opened when a test first asks for it. */
export function useSecond(shop: () => Shop): () => Promise<Shop> {
  let opened: Promise<Shop> | undefined;
  return () => {
    opened ??= shop().second();
    return opened;
  };
}
