/**
 * The relay: takes due deliveries out of the outbox and hands them to the sink, at least once.
 *
 * It shares nothing with the payments but the database: a claim is a lease, no transaction is open while the sink
 * works, and a dead sink only lets the backlog grow.
 */
import type { Executor } from '../database/database.ts';
import { claimDue, markAttemptFailed, markDelivered } from './delivery.repository.ts';
import type { ClaimedDelivery, Sink } from './delivery.types.ts';

export interface Relay {
  /** Looks for due deliveries now. */
  readonly wake: () => void;
  /** Ends after the deliveries under way. */
  stop(): Promise<void>;
}

const CLAIMED_AT_ONCE_MAX = 200;
const LEASE_MS = 60_000;
const SEND_TIMEOUT_MS = 30_000;
const POLL_MS = 1000;
const ERROR_LENGTH_MAX = 500;

/** @param retryMs delays before the second, third … attempt; after the last one a delivery has failed. */
export function startRelay(options: {
  readonly database: Executor;
  readonly sink: Sink;
  readonly retryMs: readonly number[];
  readonly clockOffsetMs: () => number;
  readonly onError: (error: unknown) => void;
}): Relay {
  const { database, sink, retryMs, clockOffsetMs, onError } = options;
  let stopped = false;
  let running: Promise<void> | null = null;
  let again = false;

  const settle = async (claim: ClaimedDelivery): Promise<ClaimedDelivery | null> => {
    try {
      await sink.send(claim, AbortSignal.timeout(SEND_TIMEOUT_MS));
      return claim;
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_LENGTH_MAX);
      await markAttemptFailed(database, claim, message, retryMs[claim.attempts - 1] ?? null, clockOffsetMs());
      return null;
    }
  };

  const drain = async (): Promise<void> => {
    let more = true;
    while (more) {
      again = false;
      const claims = await claimDue(database, CLAIMED_AT_ONCE_MAX, LEASE_MS, clockOffsetMs());
      const settled = await Promise.all(claims.map(settle));
      await markDelivered(
        database,
        settled.filter((claim) => claim !== null),
      );
      more = !stopped && (again || claims.length === CLAIMED_AT_ONCE_MAX);
    }
  };

  const wake = (): void => {
    again = true;
    if (stopped || running !== null) return;
    running = drain()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  };

  const poll = setInterval(wake, POLL_MS);
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      await running;
    },
  };
}
