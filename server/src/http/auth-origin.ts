/**
 * Protection against requests that another site makes a visitor's browser send (CSRF): what a browser says about
 * a request's origin in `Sec-Fetch-Site` (Fetch Metadata) and `Origin` (RFC 6454), which no page can forge.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '../kernel/errors.ts';

/** What the check needs of a request; `host` is the host and port that the client asked for. */
export interface OriginatedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly host: string;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method may change something (RFC 9110, section 9.2.1). */
export function isUnsafe(method: string): boolean {
  return !SAFE_METHODS.has(method);
}

/** @throws 403 `CSRF_REJECTED` unless the browser says that a page of this very origin sent the request. */
export function requireSameOrigin(request: OriginatedRequest): void {
  if (!isSameOrigin(request)) throw new ProblemError('CSRF_REJECTED');
}

/** @throws 403 `CSRF_REJECTED` where a browser says that another origin sent the request; clients that say nothing pass. */
export function refuseForeignOrigin(request: OriginatedRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined || site !== undefined) requireSameOrigin(request);
}

/**
 * `Sec-Fetch-Site` decides where there is one: unlike the hosts, it also tells http from https and sees through a
 * proxy that rewrites `Host`. Browsers leave it out on plain http to other machines; there the hosts decide.
 */
function isSameOrigin({ headers, host }: OriginatedRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = headers.origin === undefined ? null : URL.parse(headers.origin);
  if (origin === null || (origin.protocol !== 'http:' && origin.protocol !== 'https:')) return false;
  return URL.parse(`${origin.protocol}//${host}`)?.host === origin.host;
}
