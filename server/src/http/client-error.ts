/** Answers bytes on a socket that never became a request: broken HTTP, oversized headers, a request that never ends. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemCatalogue } from '../kernel/errors.ts';
import { problemBody } from './problem.ts';

const CODES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};
const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/**
 * The handler of Node's `clientError`: a problem document where the socket still takes one, then the end.
 *
 * @param headers those that every answer has.
 * @param lastResponse the response to the latest request of a socket. Where it was given before the request was read to its end, what is
 * broken is the rest of that request, and a second answer would pass for the answer to the next one.
 */
export function answerClientErrors(
  problems: ProblemCatalogue,
  headers: Readonly<Record<string, string>>,
  lastResponse: (socket: Socket) => ServerResponse | undefined,
): (error: Error & { code?: string }, socket: Socket) => void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (error, socket) => {
    const last = lastResponse(socket);
    const isAnswered = last !== undefined && last.writableEnded && !last.req.complete;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswered) {
      socket.destroy();
      return;
    }
    const { status, json } = problemBody(problems, CODES[error.code ?? ''] ?? 'BAD_REQUEST', {
      acceptLanguage: undefined,
      instance: '/',
      extras: {},
    });
    socket.end(
      `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
        `${lines.join('')}X-Request-Id: ${randomUUID()}\r\nContent-Length: ${Buffer.byteLength(json)}\r\nConnection: close\r\n\r\n${json}`,
    );
  };
}
