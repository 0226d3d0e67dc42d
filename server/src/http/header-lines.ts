/**
 * Headers that may come once. Node keeps the first of several lines, a proxy in front may have read the last: what two of them read
 * differently, an attacker uses to be one caller for the one and another for the other.
 */
import type { IncomingMessage } from 'node:http';

/** What a host and a port are written with (RFC 3986, section 3.2.2). */
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/;

/** How many lines have this name, which is given in lower case. `rawHeaders` holds names and values by turns. */
function linesOf({ rawHeaders }: IncomingMessage, wanted: string): number {
  let lines = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === wanted.length && name.toLowerCase() === wanted) lines += 1;
  }
  return lines;
}

/** Whether a request names its host as it must: once and legibly, and from HTTP/1.1 on at all (RFC 9112, section 3.2). */
export function namesOneHost(request: IncomingMessage): boolean {
  const { host } = request.headers;
  if (host === undefined) return request.httpVersionMinor === 0;
  return HOST.test(host) && linesOf(request, 'host') === 1;
}

/** Whether a request says twice who sends it. */
export function repeatsCredentials(request: IncomingMessage): boolean {
  return request.headers.authorization !== undefined && linesOf(request, 'authorization') > 1;
}
