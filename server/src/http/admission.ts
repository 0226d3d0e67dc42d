/**
 * The door of the server: how many requests are under way at once, who waits for a place, and who is turned away.
 *
 * To refuse costs a third of what serving costs, so a server that refuses all that it cannot take does little else: at five times its
 * load a tenth of its peak was left. So requests wait at the door, where they cost nothing, in the order in which they came, and most
 * clients send nothing more meanwhile. Whoever has found no place in time gets 503 `OVERLOADED`, without routing, authentication or a
 * look at the body.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Queue from 'yocto-queue';
import { type ProblemCatalogue, RETRY_AFTER_SECONDS } from '../kernel/errors.ts';
import { createPipelines } from './pipelining.ts';
import { JSON_PROBLEM, problemBody } from './problem.ts';
import { requestId } from './request-id.ts';
import { createUnread } from './unread.ts';

/** Requests under way at most: enough for the batches of every queue, few enough that none of them is late for its own. */
const UNDER_WAY_MAX = 2048;
/** Requests that wait at the door at most; more are turned away at once. Each holds a few kilobytes. */
const WAITING_MAX = 16_384;
const PATIENCE_MS = 2000;
const SWEEP_MS = 100;
/** How many requests a connection that was left unread is thought to bring. */
const READ_AHEAD = 16;
/** What tells an operator how the server is has an answer above all at such a time. */
const ALWAYS_ADMITTED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

export interface AdmissionOptions {
  readonly problems: ProblemCatalogue;
  /** Those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hears of each request that was turned away. */
  readonly onTurnedAway: (method: string, path: string) => void;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Visitor {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Milliseconds of `performance.now`. */
  readonly arrivedAt: number;
  isUnderWay: boolean;
}

/** A server that hands `serve` what it can take, and answers the rest with 503 `OVERLOADED`. */
export function createAdmittingServer(serve: Handler, options: AdmissionOptions): Server {
  const pipelines = createPipelines();
  const unread = createUnread();
  const turnAway = createRefusal(options);
  const line = new Queue<Visitor>();
  let underWay = 0;
  let sweeper: NodeJS.Timeout | null = null;

  const enter = (visitor: Visitor): void => {
    underWay += 1;
    visitor.isUnderWay = true;
    serve(visitor.request, visitor.response);
  };

  /** The next in line who is still there: whoever has gone again has asked for nothing yet. */
  const nextInLine = (): Visitor | undefined => {
    for (;;) {
      const next = line.dequeue();
      if (next === undefined || isThere(next)) return next;
    }
  };

  const leave = (visitor: Visitor): void => {
    if (!visitor.isUnderWay) return;
    underWay -= 1;
    const next = underWay < UNDER_WAY_MAX ? nextInLine() : undefined;
    if (next !== undefined) enter(next);
  };

  const sweep = (): void => {
    const oldest = performance.now() - PATIENCE_MS;
    for (let first = line.peek(); first !== undefined && first.arrivedAt < oldest; first = line.peek()) {
      line.dequeue();
      turnAway(first);
    }
    unread.readOn(Math.floor((WAITING_MAX - line.size) / READ_AHEAD));
    if (line.size > 0 || !unread.isEmpty() || sweeper === null) return;
    clearInterval(sweeper);
    sweeper = null;
  };

  const admit: Handler = (request, response) => {
    const visitor: Visitor = { request, response, arrivedAt: performance.now(), isUnderWay: false };
    if (!pipelines.add(request.socket, response, () => leave(visitor))) return;
    if (underWay < UNDER_WAY_MAX || ALWAYS_ADMITTED.has(pathOf(request))) return enter(visitor);
    sweeper ??= setInterval(sweep, SWEEP_MS).unref();
    if (line.size < WAITING_MAX) return line.enqueue(visitor);
    unread.add(request.socket);
    turnAway(visitor);
  };

  // Node refuses a request without Host by itself, but not with a problem document; the first hook does.
  const server = createServer({ requireHostHeader: false }, admit);
  // An expectation that is not known may be ignored (RFC 9110, section 10.1.1), and then has an answer like any other.
  server.on('checkExpectation', admit);
  return server;
}

function isThere({ request }: Visitor): boolean {
  return !request.socket.destroyed;
}

/** Gives what answers a request with 503 `OVERLOADED`. */
function createRefusal({ problems, headers, onTurnedAway }: AdmissionOptions): (visitor: Visitor) => void {
  const common = [...Object.entries(headers).flat(), 'retry-after', String(RETRY_AFTER_SECONDS), 'content-type', JSON_PROBLEM];
  return (visitor) => {
    if (!isThere(visitor)) return;
    const { request, response } = visitor;
    const instance = pathOf(request);
    const acceptLanguage = request.headers['accept-language'];
    const { status, json, language } = problemBody(problems, 'OVERLOADED', { acceptLanguage, instance, extras: {} });
    const length = String(Buffer.byteLength(json));
    response.writeHead(status, [...common, 'x-request-id', requestId(request), 'content-language', language, 'content-length', length]);
    response.end(request.method === 'HEAD' ? undefined : json);
    onTurnedAway(request.method ?? '', instance);
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
