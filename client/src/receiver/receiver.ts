/**
 * A receiver of a shop's webhooks, in the shape of `fetch`: a request in, a response out. It verifies, tells duplicates, calls the application,
 * and answers so that the shop does the right thing next: 2xx is taken, everything else is sent again.
 */
import { createMemoryStore, type Store } from './deduplicate.ts';
import type { OpenrunEvent } from './events.ts';
import { type RefusalReason, type Secrets, TOLERANCE_SECONDS_MAX, VerificationError, verify, webhooksOf } from './verify.ts';

export { createMemoryStore, isNews, type Store } from './deduplicate.ts';
export {
  type CouponDiscount,
  type CouponIssued,
  type EventType,
  isOrderEvent,
  type OpenrunEvent,
  type OrderCancelled,
  type OrderEvent,
  type OrderExpired,
  type OrderLine,
  type OrderPaid,
  type OrderPlaced,
  type PaymentRefunded,
  type RankingUpdated,
} from './events.ts';
export { toNodeListener } from './node.ts';
export { type RefusalReason, type RequestHeaders, type Secrets, VerificationError, verify } from './verify.ts';

export interface ReceiverOptions {
  readonly secrets: Secrets;
  /** What an event does. Where it throws, the event counts as not taken and comes again; it must end within the 15 s that the shop waits. */
  readonly onEvent: (event: OpenrunEvent) => void | Promise<void>;
  /** Remembers ids; by default in memory. null: `onEvent` tells duplicates itself, in a transaction of its own. */
  readonly store?: Store | null;
  /** How long ids are remembered, in seconds; by default 30 days, which is how long a shop keeps events to replay. */
  readonly rememberSeconds?: number;
  /** How far the time of a signature may be from this machine's, 1–300 s. */
  readonly toleranceSeconds?: number;
  /** Bytes of a body; by default a MiB. */
  readonly bodyBytesMax?: number;
  /** How long a body may take to arrive, in milliseconds; by default 10 s. */
  readonly bodyMsMax?: number;
  /** Events that are handled at once; by default 256. More are asked to come again. */
  readonly underWayMax?: number;
  /** Learns what `onEvent` or the store threw; the shop learns only that it failed. */
  readonly onError?: (error: unknown, event: OpenrunEvent) => void;
}

export type Receiver = (request: Request) => Promise<Response>;

const REMEMBER_SECONDS = 30 * 86_400;
const BODY_BYTES_MAX = 1_048_576;
const BODY_MS_MAX = 10_000;
const UNDER_WAY_MAX = 256;
/** For what is sent again anyway: soon, but not at once. */
const SOON = { 'retry-after': '1' };

const STATUSES: Readonly<Record<RefusalReason, number>> = {
  'missing-header': 400,
  'too-old': 401,
  'too-new': 401,
  'bad-signature': 401,
  'not-an-event': 400,
  'unknown-type': 422,
};

/**
 * The answers: 200 `taken` or `duplicate`; 400, 401, 422 with the {@link RefusalReason}; 405, 408 and 413 for requests that are none; 409 while the
 * same event is under way, for only its end tells whether it was taken; 500 where `onEvent` failed; 503 where too many are under way.
 *
 * @throws Error where a secret or the tolerance is unusable.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { secrets, toleranceSeconds = TOLERANCE_SECONDS_MAX, bodyBytesMax = BODY_BYTES_MAX, bodyMsMax = BODY_MS_MAX } = options;
  webhooksOf(secrets, toleranceSeconds);
  const take = createTaker(options);
  return async (request) => {
    if (request.method !== 'POST') return reply(405, 'only POST', { allow: 'POST' });
    const body = await readBody(request, bodyBytesMax, bodyMsMax);
    if (body instanceof Response) return body;
    try {
      return await take(verify(body, request.headers, secrets, { toleranceSeconds }));
    } catch (error) {
      if (error instanceof VerificationError) return reply(STATUSES[error.reason], error.reason);
      throw error;
    }
  };
}

function createTaker(options: ReceiverOptions): (event: OpenrunEvent) => Promise<Response> {
  const { onEvent, onError = () => undefined, rememberSeconds = REMEMBER_SECONDS, underWayMax = UNDER_WAY_MAX } = options;
  const store = options.store === undefined ? createMemoryStore() : options.store;
  const underWay = new Set<string>();

  const handle = async (event: OpenrunEvent): Promise<void> => {
    try {
      await onEvent(event);
    } catch (error) {
      await store?.remove(event.id).catch((second: unknown) => onError(second, event));
      throw error;
    }
  };
  return async (event) => {
    if (underWay.has(event.id)) return reply(409, 'under way', SOON);
    if (underWay.size >= underWayMax) return reply(503, 'busy', SOON);
    underWay.add(event.id);
    try {
      const isNew = store === null || (await store.add(event.id, new Date(Date.now() + rememberSeconds * 1000)));
      if (!isNew) return reply(200, 'duplicate');
      await handle(event);
      return reply(200, 'taken');
    } catch (error) {
      onError(error, event);
      return reply(500, 'failed');
    } finally {
      underWay.delete(event.id);
    }
  };
}

function reply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });
}

/** The body, or the answer to a request that has none, or too much of it, or takes too long. */
async function readBody(request: Request, bytesMax: number, msMax: number): Promise<string | Response> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return reply(413, 'too large');
  if (request.body === null) return reply(400, 'no body');
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  const impatience = AbortSignal.timeout(msMax);
  impatience.addEventListener('abort', cancel);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (impatience.aborted) return reply(408, 'too slow');
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > bytesMax) return reply(413, 'too large');
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return reply(400, 'broken off');
  } finally {
    impatience.removeEventListener('abort', cancel);
    cancel();
  }
}
