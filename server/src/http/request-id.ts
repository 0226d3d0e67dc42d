/** By which a request is found in the logs: of its client, or ours. */
import { randomUUID } from 'node:crypto';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The caller's request id where it is sane, else a new one. */
export function requestId(request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
