/** The OpenAPI 3.1 document, generated from the routes. */
import swagger from '@fastify/swagger';
import type { TSchema } from 'typebox';
import { problem } from './schemas.ts';
import type { App } from './server.ts';

/**
 * The responses of a route: its success, and one entry for its refusals. `codes` are those of its own, in the order
 * in which they are checked; the ones that every route shares are described once, in the document's introduction.
 */
export function responses<Success extends Record<number, TSchema>>(success: Success, codes: readonly string[] = []) {
  const own = codes.length > 0 ? `In this order: ${codes.map((code) => `\`${code}\``).join(', ')}. ` : '';
  const refusal = {
    description: `${own}Also the refusals that all routes share.`,
    content: { 'application/problem+json': { schema: problem } },
  };
  return { ...success, '4xx': refusal };
}

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

**Money** is an integer of minor units of the shop's one currency. **Times** are RFC 3339 in UTC with milliseconds.
**Lists** take \`limit\` (1–100) and \`cursor\`, and answer \`{ items, nextCursor }\`.`;

/** Collects the routes that are registered after this call; the document is at \`app.swagger()\`. */
export async function registerOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Openrun', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          session: { type: 'apiKey', in: 'cookie', name: 'openrun.session_token' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access ?? 'public';
      const writes = route.method === 'POST' || route.method === 'PATCH';
      const keyed = writes && access !== 'public';
      return {
        schema: {
          ...schema,
          ...(access === 'public' ? { security: [] } : { security: [{ bearer: [] }, { session: [] }] }),
          ...(keyed
            ? { headers: { type: 'object', properties: { 'Idempotency-Key': { type: 'string', minLength: 1, maxLength: 255 } } } }
            : {}),
          ...(access === 'staff' ? { description: 'Staff only.' } : {}),
        },
        url,
      };
    },
  });
}
