/** One attempt to deliver one event: sends it, and judges what came of it. */
import { performance } from 'node:perf_hooks';
import { cloudEventOf } from './cloud-event.ts';
import { retryInMs } from './relay.backoff.ts';
import type { AttemptResult, Claim } from './relay.repository.ts';
import { cut, type Sent, type Sink } from './sinks/sink.ts';

const SEND_TIMEOUT_MS = 15_000;
const BROKEN_OFF = 'broken off, because the server stopped or the destination was changed';

export interface AttemptOptions {
  readonly sink: Sink;
  readonly source: string;
  /** Delays before the second, third … attempt. */
  readonly retryMs: readonly number[];
  /** Breaks attempts off, where the process will not wait for them any longer. */
  readonly impatience: AbortSignal;
}

/** Never rejects: an error of the sink is a failed attempt. */
export async function attempt(
  options: AttemptOptions,
  claim: Claim,
  traceparent: string | null,
): Promise<{ readonly sent: Sent; readonly result: AttemptResult }> {
  const began = performance.now();
  const sent = await send(options, claim, traceparent);
  const durationMs = Math.round(performance.now() - began);
  return { sent, result: { claim, durationMs, ...judged(options, claim, sent) } };
}

async function send({ sink, source, impatience }: AttemptOptions, claim: Claim, traceparent: string | null): Promise<Sent> {
  const signal = AbortSignal.any([AbortSignal.timeout(SEND_TIMEOUT_MS), impatience]);
  try {
    const body = JSON.stringify(cloudEventOf(claim, source));
    return await sink.send({ id: claim.eventId, type: claim.type, orderId: claim.orderId, body, traceparent }, signal);
  } catch (error) {
    // Whatever is wrong is wrong with this event: the sink tells of the destination's troubles by what it resolves with.
    const message = cut(error instanceof Error ? error.message : String(error));
    return { outcome: 'failed', error: message, statusCode: null, answer: null, retryAfterMs: null, isAway: false, isGone: false };
  }
}

/** What of an attempt is written down. */
function judged({ retryMs, impatience }: AttemptOptions, claim: Claim, sent: Sent): Omit<AttemptResult, 'claim' | 'durationMs'> {
  const { outcome, statusCode, answer } = sent;
  if (sent.outcome === 'delivered') return { outcome, statusCode, answer, error: null, retryInMs: null };
  // Nobody waited for the answer: that is no verdict, so it is tried again at once, even after the last attempt.
  if (impatience.aborted && statusCode === null) return { outcome, statusCode, answer, error: BROKEN_OFF, retryInMs: 0 };
  const delay = retryInMs(retryMs, claim.attempts, sent.retryAfterMs, Math.random());
  return { outcome, statusCode, answer, error: sent.error, retryInMs: delay };
}
