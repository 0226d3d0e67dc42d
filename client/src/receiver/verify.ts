/**
 * Signatures after Standard Webhooks 1.0: who holds the secret signs id, time and body. Without this check anyone who knows the receiver's
 * address could tell it of orders; without the check of the time, anyone who overheard one could tell it again.
 */
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { isCloudEvent, isOpenrunEvent, type OpenrunEvent } from './events.ts';

/**
 * Why something was not taken for an event of the shop:
 * - `missing-header`: `webhook-id`, `webhook-timestamp` or `webhook-signature` is not there, or there twice, or the time is no number;
 * - `too-old`, `too-new`: the signature was made too long ago, or in the future: a replay by a stranger, or a clock that is wrong;
 * - `bad-signature`: none of the secrets has made one of the signatures over this body;
 * - `not-an-event`: signed, but no CloudEvent 1.0 in JSON, or one whose id is not the signed one;
 * - `unknown-type`: a CloudEvent of a type or version that this kit does not know.
 */
export type RefusalReason = 'missing-header' | 'too-old' | 'too-new' | 'bad-signature' | 'not-an-event' | 'unknown-type';

export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`the webhook is refused: ${reason}`, options);
    this.reason = reason;
  }
}

/** The headers of a request, as `fetch` or as `node:http` has them. */
export type RequestHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** One secret, or the new one and the one before while they change; `whsec_` and base64, as the shop showed it. */
export type Secrets = string | readonly string[];

/** What Standard Webhooks 1.0 recommends, and the most that its library takes. */
export const TOLERANCE_SECONDS_MAX = 300;
const SECRETS_MAX = 10;

/**
 * The event of a request.
 *
 * @param body as it came, byte by byte: JSON that was parsed and printed again has another signature.
 * @param toleranceSeconds how far the signature's time may be from this machine's, 1–300.
 * @throws VerificationError with its `reason`.
 * @throws Error where a secret or the tolerance is unusable.
 */
export function verify(
  body: string | Uint8Array,
  headers: RequestHeaders,
  secrets: Secrets,
  { toleranceSeconds = TOLERANCE_SECONDS_MAX }: { readonly toleranceSeconds?: number } = {},
): OpenrunEvent {
  const webhooks = webhooksOf(secrets, toleranceSeconds);
  const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  const signed = signedHeaders(headers);
  checkTime(signed['webhook-timestamp'], toleranceSeconds);
  if (!webhooks.some((webhook) => isSigned(webhook, text, signed))) throw new VerificationError('bad-signature');
  return eventOf(text, signed['webhook-id']);
}

/**
 * What checks signatures by these secrets. Made for nothing but its errors, it tells at the start of a program what no request could.
 *
 * @throws Error where a secret or the tolerance is unusable; the message does not hold the secret.
 */
export function webhooksOf(secrets: Secrets, toleranceSeconds: number): Webhook[] {
  const all = typeof secrets === 'string' ? [secrets] : secrets;
  if (all.length === 0 || all.length > SECRETS_MAX) throw new Error(`a receiver needs 1–${SECRETS_MAX} secrets`);
  if (!(toleranceSeconds >= 1 && toleranceSeconds <= TOLERANCE_SECONDS_MAX)) {
    throw new Error(`the tolerance of time is 1–${TOLERANCE_SECONDS_MAX} seconds`);
  }
  return all.map((secret) => {
    if (!/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret)) throw new Error('a secret is `whsec_` and a key in base64');
    return new Webhook(secret);
  });
}

type SignedHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

function signedHeaders(headers: RequestHeaders): SignedHeaders {
  return {
    'webhook-id': headerOf(headers, 'webhook-id'),
    'webhook-timestamp': headerOf(headers, 'webhook-timestamp'),
    'webhook-signature': headerOf(headers, 'webhook-signature'),
  };
}

function headerOf(headers: RequestHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  const one = typeof value === 'string' || value === undefined || value === null ? value : value.length === 1 ? value[0] : null;
  if (one === undefined || one === null || one === '') throw new VerificationError('missing-header');
  return one;
}

/** Told apart here, for the library has one error for all; it looks once more. */
function checkTime(timestamp: string, toleranceSeconds: number): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw new VerificationError('missing-header');
  const ageSeconds = Date.now() / 1000 - Number(timestamp);
  if (ageSeconds > toleranceSeconds) throw new VerificationError('too-old');
  if (ageSeconds < -toleranceSeconds) throw new VerificationError('too-new');
}

function isSigned(webhook: Webhook, text: string, headers: SignedHeaders): boolean {
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

function eventOf(text: string, signedId: string): OpenrunEvent {
  const value = parsed(text);
  if (!isCloudEvent(value) || value.id !== signedId) throw new VerificationError('not-an-event');
  if (!isOpenrunEvent(value)) throw new VerificationError('unknown-type');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new VerificationError('not-an-event', { cause: error });
  }
}
