/** A wire between a client and a shop that fails as wires do: it loses answers after the effect, or cuts them in the middle, or is a gateway with words of its own. */
import { once } from 'node:events';
import { createServer, request as forward, IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { onTestFinished } from 'vitest';

/**
 * What happens to a request:
 * - `cut`: the shop answers, and the connection is cut before the answer comes through;
 * - `half`: the connection is cut in the middle of the answer's body;
 * - `silence`: it never reaches the shop, and nothing ever comes back;
 * - an answer of the gateway's own, which the shop never hears of.
 */
export type Fate =
  | 'cut'
  | 'half'
  | 'silence'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

interface Passed {
  readonly route: string;
  readonly key: string | undefined;
  readonly atMs: number;
}

export interface Wire {
  readonly baseUrl: string;
  /** What came along, in its order. */
  readonly requests: readonly Passed[];
  /** The fates of the requests to come; all later ones pass. */
  doom(...fates: Fate[]): void;
}

/** Opens a wire to a shop, until the test ends. */
export async function openWire(shopUrl: string): Promise<Wire> {
  const requests: Passed[] = [];
  const fates: Fate[] = [];
  const server = createServer((request, response) => {
    const key = request.headers['idempotency-key'];
    requests.push({ route: `${request.method} ${request.url}`, key: typeof key === 'string' ? key : undefined, atMs: performance.now() });
    handle(shopUrl, request, response, fates.shift()).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the wire has no port');
  return { baseUrl: `http://127.0.0.1:${address.port}`, requests, doom: (...more) => void fates.push(...more) };
}

async function handle(shopUrl: string, request: IncomingMessage, response: ServerResponse, fate: Fate | undefined): Promise<void> {
  if (fate === 'silence') return;
  if (typeof fate === 'object') {
    response.writeHead(fate.status, fate.headers).end(fate.body);
    return;
  }
  const { status, headers, body } = await passOn(shopUrl, request);
  if (fate === 'cut') response.destroy();
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  if (fate === undefined) response.end(body);
  else response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
}

/** Sends a request on to the shop as it is, and gives the whole answer. */
async function passOn(shopUrl: string, incoming: IncomingMessage): Promise<{ status: number; headers: OutgoingHttpHeaders; body: Buffer }> {
  const outgoing = forward(`${shopUrl}${incoming.url}`, { method: incoming.method ?? 'GET', headers: incoming.headers });
  const answered = once(outgoing, 'response');
  await pipeline(incoming, outgoing);
  const events: unknown[] = await answered;
  const answer = events[0];
  if (!(answer instanceof IncomingMessage)) throw new Error('the shop gave no answer');
  const { 'transfer-encoding': _chunked, ...headers } = answer.headers;
  return { status: answer.statusCode ?? 0, headers, body: await buffer(answer) };
}
