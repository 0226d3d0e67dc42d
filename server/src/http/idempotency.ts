/** Reads the `Idempotency-Key` of a write. */
import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { WriteKey } from '../commit/commit.types.ts';
import { present } from '../kernel/assert.ts';
import { validationFailed } from '../kernel/errors.ts';
import { userOf } from './access.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The request's key, scoped to its user and to method and route, with a hash of the path's ids and the parsed body;
 * null where the request has none.
 *
 * @throws 400 `VALIDATION_FAILED` for a key that is not 1–255 visible ASCII characters.
 */
export function writeKeyOf(request: FastifyRequest): WriteKey | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw validationFailed([{ path: '/Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  return {
    userId: userOf(request).userId,
    operation: `${request.method} ${present(request.routeOptions.url, 'the route of a request')}`,
    key,
    requestHash: hash('sha256', canonical([request.params, request.body ?? null]), 'base64url'),
  };
}

/** JSON with the names of every object in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
