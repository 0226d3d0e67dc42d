/** The OpenAPI 3.1 document, generated from the routes. */
import swagger from '@fastify/swagger';
import type { FastifyContextConfig } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';
import { problem } from './schemas.ts';
import type { App } from './server.ts';

const PROBLEM = { 'application/problem+json': { schema: problem } };

/**
 * The responses of a route: its success, and one entry for its refusals. `codes` are those of its own, in the order
 * in which they are checked; the ones that every route shares are described once, in the document's introduction.
 */
export function responses<Success extends Record<number, TSchema | object>>(success: Success, codes: readonly string[] = []) {
  const own = codes.length > 0 ? `In this order: ${codes.map((code) => `\`${code}\``).join(', ')}. ` : '';
  const away = { description: '`OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key.', content: PROBLEM };
  return { ...success, '4xx': refusalsOf(own), 503: away };
}

/** The responses of a probe, which is asked for nothing but may be asked wrongly. `away`: what its 503 says, where it has one. */
export function probeResponses<Success extends Record<number, TSchema | object>>(success: Success, away: string | null = null) {
  return { ...success, '4xx': refusalsOf(''), ...(away === null ? {} : { 503: { description: `\`${away}\``, content: PROBLEM } }) };
}

function refusalsOf(own: string) {
  return { description: `${own}Also the refusals that all routes share.`, content: PROBLEM };
}

/** The success of a read that a client may repeat on condition: its body has an ETag, and who has it already gets 304. */
export function conditional<Body extends TSchema>(body: Body) {
  const notModified = { type: 'null', description: 'The body is the one that `If-None-Match` names' } as const;
  return { 200: { ...body, headers: { ETag: ETAG } }, 304: { ...notModified, headers: { ETag: ETAG } } };
}

/** The success of an export: a CSV file of these columns. */
export function csvFile(columns: readonly string[]) {
  const description = `Columns: ${columns.map((column) => `\`${column}\``).join(', ')}. UTF-8 with a byte order mark, CRLF; times in UTC. A text that begins with \`=\`, \`+\`, \`-\` or \`@\` has an apostrophe in front, so that no spreadsheet runs it`;
  return { description, content: { 'text/csv': { schema: { type: 'string' } } } } as const;
}

const ETAG = { type: 'string', description: 'Strong; of what everyone sees. Staff get none', examples: ['"cHVibGljIGJvZHkgb2Yg"'] };

const IF_NONE_MATCH_HEADER = {
  type: 'object',
  properties: { 'If-None-Match': { type: 'string', description: 'ETags of bodies that the client has, or `*`' } },
};

const DESCRIPTION = `A commerce core for sales that everyone comes to at once.

**Refusals** are problem documents (RFC 9457) in English or Korean by \`Accept-Language\`, with a stable \`code\`; every
code is documented under \`/problems/{code}\`. All routes share \`BAD_REQUEST\`, \`VALIDATION_FAILED\`, \`MALFORMED_JSON\`,
\`UNSUPPORTED_MEDIA_TYPE\`, \`PAYLOAD_TOO_LARGE\`, \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`CSRF_REJECTED\`, \`RATE_LIMITED\`,
\`IDENTITY_PROVIDER_UNAVAILABLE\` and, where they write, \`IDEMPOTENCY_KEY_REUSED\`, \`OVERLOADED\` (nothing was done)
and \`OUTCOME_UNKNOWN\` (repeat with the same key).

**Order of checks**: authentication, authorisation, body, idempotency key, then state in the order that each route names.

**Idempotency**: writes accept \`Idempotency-Key\` (1–255 visible ASCII characters), scoped to user and operation. A key
remembers an effect for at least 24 hours; a repeat answers the same status and body with \`Idempotent-Replayed: true\`.
A call that was refused is not remembered.

**Public reads** with an \`ETag\` take \`If-None-Match\` and answer 304. They may lag a second behind.

**Money** is an integer of minor units of the shop's one currency. **Times** are RFC 3339 in UTC with milliseconds.
**Lists** take \`limit\` (1–100) and \`cursor\`, and answer \`{ items, nextCursor }\`.`;

/** Collects the routes that are registered after this call; the document is at `app.swagger()`. `webhooks`: what the server itself calls. */
export async function registerOpenApi(app: App, version: string, webhooks: Record<string, object>): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Openrun', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags: TAGS,
      webhooks,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          session: { type: 'apiKey', in: 'cookie', name: 'openrun.session_token' },
        },
        schemas: { Problem: problemsOf(app.problems) },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: { ...schema, ...describe(route, url, schema?.response) }, url }),
  });
}

/** What each refusal looks like: told apart by its code, with the members that belong to it. */
function problemsOf(catalogue: ProblemCatalogue): object {
  const { type, title, detail, instance } = problem.properties;
  const oneOf = Object.entries(catalogue).map(
    ([
      code,
      {
        status,
        title: { en },
        members = {},
      },
    ]) =>
      Type.Object(
        { type, title, status: Type.Literal(status), detail, instance, code: Type.Literal(code), ...members },
        { title: code, description: en },
      ),
  );
  return { description: 'Every refusal that there is, by its code', oneOf };
}

const TAGS = [
  { name: 'product', description: 'The catalogue: products, their options, and stock' },
  { name: 'balance', description: 'Prepaid balances' },
  { name: 'coupon', description: 'First-come coupons' },
  { name: 'order', description: 'Orders, which hold stock and coupon until they are paid' },
  { name: 'payment', description: 'Payment from the balance, and refunds' },
  { name: 'ranking', description: 'What sells best' },
  { name: 'delivery', description: 'Transmission of paid orders' },
  { name: 'staff', description: 'For the back office: what staff have done' },
  { name: 'account', description: 'The built-in accounts' },
  { name: 'operations', description: 'Probes and metrics' },
];

const KEY_HEADER = {
  type: 'object',
  properties: {
    'Idempotency-Key': { type: 'string', minLength: 1, maxLength: 255, description: 'A repeat with the same key has no second effect' },
  },
};

/** What the document says of an operation beyond its route's schema: its name, who may call it, its key and its condition. */
function describe(
  { method, config }: { readonly method: string | string[]; readonly config?: FastifyContextConfig },
  url: string,
  answers: unknown,
): object {
  const access = config?.access ?? 'public';
  const verb = [method].flat()[0] ?? 'GET';
  const keyed = access !== 'public' && (verb === 'POST' || verb === 'PATCH');
  const onCondition = typeof answers === 'object' && answers !== null && '304' in answers;
  return {
    operationId: `${verb.toLowerCase()}${url.replaceAll(/[/:-]+(\w)/g, (_match, letter: string) => letter.toUpperCase()).replaceAll(/[^A-Za-z]/g, '')}`,
    security: access === 'public' ? [] : [{ bearer: [] }, { session: [] }],
    ...(keyed ? { headers: KEY_HEADER } : {}),
    ...(onCondition ? { headers: IF_NONE_MATCH_HEADER } : {}),
    ...(access === 'staff' ? { description: 'Staff only.' } : {}),
  };
}
