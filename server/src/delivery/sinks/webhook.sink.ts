/** Webhooks after Standard Webhooks 1.0: signed, with id and time; any 2xx is a success, nothing is redirected. */
import { Webhook } from 'standardwebhooks';
import { Agent, type Dispatcher, request } from 'undici';
import type { Destination } from '../destination.types.ts';
import { lookupWithin, namesPrivateAddress, PrivateAddressError, type Reach } from './addresses.ts';
import { away, cut, type Message, type Sent, type Sink } from './sink.ts';

const CONCURRENCY = 64;
const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_BYTES_MAX = 2000;
const ANSWER_PATIENCE_MS = 1000;
const INFORMATION_MAX = 10;
const GONE = 410;
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const USER_AGENT = 'Openrun-Webhooks/1.0';

export function createWebhookSink(
  destination: Destination & { readonly url: string; readonly secret: string },
  reach: Reach,
  clockOffsetMs: () => number,
): Sink {
  const url = new URL(destination.url);
  const isRefused = !reach.mayBePrivate && namesPrivateAddress(url);
  const agent = new Agent({
    connections: CONCURRENCY,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupWithin(reach) },
  });
  return {
    concurrency: CONCURRENCY,
    send: async (message, signal) => {
      if (isRefused) return away(new PrivateAddressError(`${url.hostname} is in a private network`));
      const now = new Date(Date.now() + clockOffsetMs());
      const headers = headersOf(message, now, secretsAt(destination, now));
      const talk = hushed(signal);
      try {
        const answer = await request(url, { method: 'POST', headers, body: message.body, dispatcher: agent, ...talk });
        return judge(answer, await beginningOf(answer.body));
      } catch (error) {
        if (signal.aborted) return away(new Error('no answer in time'));
        return away(talk.signal.aborted ? new Error(`more than ${INFORMATION_MAX} answers that are none (1xx)`) : error);
      }
    },
    close: () => agent.destroy(),
  };
}

/** Breaks off where the receiver says so much before its answer that listening is work. */
function hushed(signal: AbortSignal): { readonly signal: AbortSignal; readonly onInfo: () => void } {
  const enough = new AbortController();
  let heard = 0;
  return {
    signal: AbortSignal.any([signal, enough.signal]),
    onInfo: () => {
      heard += 1;
      if (heard > INFORMATION_MAX) enough.abort();
    },
  };
}

/** The secrets that sign at `now`: while a rotation lasts, the new one and the one before. */
function secretsAt({ secret, previousSecret, previousSecretUntil }: Destination & { readonly secret: string }, now: Date): string[] {
  const isValid = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return isValid ? [secret, previousSecret] : [secret];
}

function headersOf({ id, body, traceparent }: Message, now: Date, secrets: readonly string[]): Record<string, string> {
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': USER_AGENT,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
    ...(traceparent === null ? {} : { traceparent }),
  };
}

/** As much of the answer's body as is kept. That it breaks off changes nothing: its status was read. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const impatience = setTimeout(() => body.destroy(), ANSWER_PATIENCE_MS);
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  try {
    for await (const part of body) {
      if (!(part instanceof Uint8Array)) break;
      text += decoder.decode(part, { stream: true });
      length += part.length;
      if (length >= ANSWER_BYTES_MAX) break;
    }
  } catch {
    // Kept is what came before it broke off.
  } finally {
    clearTimeout(impatience);
    body.destroy();
  }
  return cut(text);
}

function judge({ statusCode, headers }: Dispatcher.ResponseData, answer: string): Sent {
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', statusCode, answer };
  const isRedirect = statusCode >= 300 && statusCode < 400;
  return {
    outcome: 'failed',
    error: isRedirect ? `HTTP ${statusCode}: redirects are not followed` : `HTTP ${statusCode}`,
    statusCode,
    answer,
    retryAfterMs: retryAfterOf(headers['retry-after']),
    isAway: statusCode >= SERVER_ERROR || statusCode === TOO_MANY,
    isGone: statusCode === GONE,
  };
}

/** `Retry-After` in seconds or as a date (RFC 9110), in milliseconds; null where there is none. */
function retryAfterOf(value: string | string[] | undefined): number | null {
  if (typeof value !== 'string') return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
