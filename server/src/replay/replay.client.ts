/**
 * A patient HTTP client: every call has a time-out and is repeated, a bounded number of times, when the server is away,
 * overloaded or limits the rate, or when the outcome is unknown. Writes carry an Idempotency-Key, so that a repeat
 * has no second effect.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ProblemAnswer } from './replay.schemas.ts';
import { ReplayError } from './replay.types.ts';

const TIMEOUT_MS = 30_000;
const ATTEMPTS_MAX = 12;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 5_000;
const RETRY_AFTER_MAX_MS = 65_000;
const TOKEN_AGE_MAX_MS = 60_000;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Makes a token of `sub` that is good for two minutes at least. */
export type MintToken = (sub: string, role?: 'staff') => Promise<string>;

/** Somebody who calls the server. */
export interface Actor {
  readonly token: () => Promise<string>;
}

/** A refusal of the server: any answer but a success that repeating would not change. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** A success with the body, or a refusal. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** A write: its path, body and Idempotency-Key. */
interface Write {
  readonly path: string;
  readonly key: string;
  readonly body?: unknown;
}

/** Calls one server. Both throw {@link ReplayError} when it does not answer, or answers what the schema does not allow. */
export interface ReplayClient {
  read<T extends TSchema>(actor: Actor, path: string, schema: T): Promise<Answer<Static<T>>>;
  write<T extends TSchema>(actor: Actor, write: Write, schema: T): Promise<Answer<Static<T>>>;
}

/** Makes the actor of `sub`, whose token is made anew every minute. */
export function createActor(mintToken: MintToken, sub: string, role?: 'staff'): Actor {
  let token: Promise<string> | null = null;
  let mintedAt = 0;
  return {
    token: () => {
      const now = performance.now();
      if (!token || now - mintedAt > TOKEN_AGE_MAX_MS) {
        token = mintToken(sub, role);
        mintedAt = now;
      }
      return token;
    },
  };
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** How long to wait before the next attempt: what the server asks for, else an exponential back-off with jitter. */
export function waitMs(attempt: number, retryAfter: string | null, now: number = Date.now()): number {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const asked = Number.isNaN(seconds) ? Date.parse(retryAfter ?? '') - now : seconds * 1000;
  if (asked >= 0) return Math.min(asked, RETRY_AFTER_MAX_MS);
  return Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_MAX_MS) * (0.5 + Math.random() / 2);
}

interface Call {
  readonly path: string;
  readonly key?: string;
  readonly body?: unknown;
}

/** Makes the client of the server at `baseUrl`. Throws {@link ReplayError} where that is no HTTP address. */
export function createReplayClient(baseUrl: string, timeoutMs: number = TIMEOUT_MS): ReplayClient {
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) throw new ReplayError(`${baseUrl} is no HTTP address`);
  const base = baseUrl.replace(/\/+$/, '');

  const attempt = async (method: string, token: string, { path, key, body }: Call): Promise<Reply> => {
    const headers: Record<string, string> = { accept: 'application/json', authorization: `Bearer ${token}` };
    if (key !== undefined) headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, signal: AbortSignal.timeout(timeoutMs), ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${base}${path}`, init);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
  };

  const send = async (method: string, actor: Actor, call: Call): Promise<Reply> => {
    for (let count = 1; ; count += 1) {
      const token = await actor.token();
      const outcome = await attempt(method, token, call).catch((error: unknown) => ({ lost: describeLoss(error) }));
      if ('status' in outcome && !RETRIED_STATUSES.has(outcome.status)) return outcome;
      const reason = 'lost' in outcome ? outcome.lost : `it answered ${outcome.status} ${outcome.text.slice(0, 200)}`;
      if (count === ATTEMPTS_MAX) throw new ReplayError(`${method} ${base}${call.path} failed ${count} times; the last time, ${reason}`);
      await sleep(waitMs(count, 'lost' in outcome ? null : outcome.retryAfter));
    }
  };

  return {
    read: async (actor, path, schema) => decode(`GET ${path}`, await send('GET', actor, { path }), schema),
    write: async (actor, write, schema) => decode(`POST ${write.path}`, await send('POST', actor, write), schema),
  };
}

function describeLoss(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function decode<T extends TSchema>(call: string, { status, text }: Reply, schema: T): Answer<Static<T>> {
  const body = parseJson(text);
  if (status >= 200 && status < 300) {
    if (Value.Check(schema, body)) return { ok: true, value: body };
    throw new ReplayError(`${call} answered ${status} with a body that the contract does not allow: ${text.slice(0, 500)}`);
  }
  const problem = Value.Check(ProblemAnswer, body) ? body : { code: 'UNKNOWN', detail: text.slice(0, 200) };
  return { ok: false, problem: { status, code: problem.code, detail: problem.detail ?? '' } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value of an answer that cannot be refused in a sound replay; a refusal ends the replay, naming `what` failed. */
export function accepted<T>(answer: Answer<T>, what: string): T {
  if (answer.ok) return answer.value;
  throw new ReplayError(`${what} was refused: ${describeProblem(answer.problem)}`);
}

/** A refusal in one line. */
export function describeProblem({ status, code, detail }: Problem): string {
  return `${status} ${code}${detail && `: ${detail}`}`;
}

/** Runs `work` over all items, at most `concurrency` at once, beginning in their order. The first error ends it. */
export async function forEachOf<T>(items: readonly T[], concurrency: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const [item] = items.slice(index, index + 1);
      if (item !== undefined) await work(item);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  } finally {
    next = items.length;
  }
}
