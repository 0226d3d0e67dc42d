/**
 * How a request is sent until there is an answer: again where none came, or where the server asks for it. One request is one call, whose
 * idempotency key goes along each time, so that however often it is sent it has one effect.
 */
import { Problem, retryAfterSeconds } from './problem.ts';

/** What a call waits for, and how long. */
export interface Patience {
  /** How often a call is sent, the first time included. */
  readonly attemptsMax: number;
  /** How long an answer may take, in milliseconds; of what is no JSON, its head. */
  readonly answerMs: number;
  /** How long a call may take altogether, in milliseconds. */
  readonly deadlineMs: number;
  /** The longest `Retry-After` that is waited for, in milliseconds; where the server asks for more, the refusal is the answer. */
  readonly retryAfterMsMax: number;
}

/** What an attempt is made of. */
export interface Attempts {
  /** Completes the request of an attempt. What it throws ends the call. */
  readonly prepare: (request: Request) => Promise<void>;
  /** Sees every answer. */
  readonly onAnswer: (answer: Answered) => void;
}

/** The answer to one attempt. */
export interface Answered {
  readonly request: Request;
  readonly response: Response;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sentAtMs: number;
}

export const PATIENCE: Patience = { attemptsMax: 6, answerMs: 15_000, deadlineMs: 60_000, retryAfterMsMax: 30_000 };

/** The header of the idempotency key. */
export const KEY = 'idempotency-key';
const FIRST_PAUSE_MS = 400;
const PAUSE_MS_MAX = 5000;
/** What the server, or a gateway in front of it, answers where the same request may fare better in a while. */
const PASSING = new Set([429, 502, 503, 504]);

/** Sends a request as often as needed. @throws Problem where no answer came; the reason of the request's signal where that is aborted. */
export async function insist(request: Request, attempts: Attempts, patience: Patience): Promise<Response> {
  const givesUpAt = performance.now() + patience.deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(request, attempts, Math.min(patience.answerMs, givesUpAt - performance.now()));
    const waitMs = attempt < patience.attemptsMax && isRepeatable(request) ? waitAfter(outcome, attempt, patience) : null;
    if (waitMs === null || performance.now() + waitMs >= givesUpAt) {
      if (outcome instanceof Problem) throw outcome;
      return outcome;
    }
    if (outcome instanceof Response) await outcome.body?.cancel();
    await pause(waitMs, request.signal);
  }
}

/** Only what has no second effect is sent twice. */
function isRepeatable(request: Request): boolean {
  return request.method === 'GET' || request.headers.has(KEY);
}

/** How long to wait before the next attempt: longer each time, and never all clients at the same moment. null: there is no point in one. */
function waitAfter(outcome: Response | Problem, attempt: number, { retryAfterMsMax }: Patience): number | null {
  const backOffMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), PAUSE_MS_MAX) * (0.75 + Math.random() / 2);
  if (outcome instanceof Problem) return backOffMs;
  if (!PASSING.has(outcome.status)) return null;
  const wantedMs = (retryAfterSeconds(outcome) ?? 0) * 1000;
  return wantedMs > retryAfterMsMax ? null : Math.max(backOffMs, wantedMs * (1 + Math.random() / 4));
}

/** One attempt: the answer, or the problem that there is none. */
async function sendOnce(request: Request, { prepare, onAnswer }: Attempts, withinMs: number): Promise<Response | Problem> {
  const sent = request.clone();
  await prepare(sent);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('no answer in time')), withinMs);
  const sentAtMs = Date.now();
  let response: Response;
  try {
    response = await readThrough(await fetch(sent, { signal: AbortSignal.any([request.signal, limit.signal]) }));
  } catch (error) {
    request.signal.throwIfAborted();
    return new Problem(null, undefined, error);
  } finally {
    clearTimeout(timer);
  }
  onAnswer({ request: sent, response, sentAtMs });
  return response;
}

/** JSON is read at once, so that a connection that is cut in the middle of an answer counts as none; everything else as the caller reads it. */
async function readThrough(response: Response): Promise<Response> {
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return isJson ? new Response(await response.arrayBuffer(), response) : response;
}

/** Waits, but no longer than it takes a machine that is offline to be online again. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const world: unknown = globalThis;
  await new Promise<unknown>((resolve) => {
    const timer = setTimeout(resolve, ms);
    for (const [target, event] of [
      [signal, 'abort'],
      [world, 'online'],
    ] as const) {
      if (target instanceof EventTarget) target.addEventListener(event, resolve, ended);
    }
    ended.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  ended.abort();
  signal.throwIfAborted();
}
