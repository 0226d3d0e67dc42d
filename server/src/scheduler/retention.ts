/** Deletes what nobody needs any more, in bounded batches. */
import { forgetEffects } from '../commit/idempotency.repository.ts';
import type { Executor } from '../database/database.ts';
import { eventHorizon, forgetDeliveries, forgetRecordedEvents, moveEventHorizon } from '../delivery/retention.repository.ts';
import { forgetRankings } from '../ranking/ranking.repository.ts';
import { forgetRuns } from './schedule.repository.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Twice what clients are promised. */
export const KEYS_KEPT_MS = 48 * HOUR_MS;
export const RUNS_KEPT_MS = 30 * DAY_MS;
const BATCH = 1000;
const BATCHES_MAX = 10_000;

export interface Retention {
  readonly database: Executor;
  readonly eventRetentionDays: number;
  /** Deletes a bounded number of the sign-ins that had ended by then; gives how many. */
  readonly deleteExpiredSessions: (at: Date) => Promise<number>;
}

/** Deletes what is too old at `now`, a time of the database: by it the rows were stamped, and a process whose own clock is ahead may not forget for all others. */
export async function forgetOld(retention: Retention, now: Date, signal: AbortSignal): Promise<void> {
  const { database: db, eventRetentionDays, deleteExpiredSessions } = retention;
  const before = (keptMs: number): Date => new Date(now.getTime() - keptMs);
  const keysBefore = before(KEYS_KEPT_MS);
  await inBatches<Date>((after) => forgetEffects(db, keysBefore, after, BATCH), signal);
  for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
    if ((await deleteExpiredSessions(now)) === 0) break;
  }
  await forgetEvents(db, before(eventRetentionDays * DAY_MS), signal);
  await forgetRankings(db, before(RUNS_KEPT_MS));
  await forgetRuns(db, before(RUNS_KEPT_MS));
}

/** What an enabled destination still waits for is kept, however old, and with it all that is younger. */
async function forgetEvents(db: Executor, before: Date, signal: AbortSignal): Promise<void> {
  const until = await eventHorizon(db, before);
  await inBatches<string>((after) => forgetDeliveries(db, until, after, BATCH), signal);
  await moveEventHorizon(db, until);
  await inBatches<string>((after) => forgetRecordedEvents(db, until, after, BATCH), signal);
}

/**
 * Each batch goes on where the one before it ended. What that passed by is found from the beginning, until nothing is left there.
 *
 * @param forget deletes at most {@link BATCH}, from `after` on; gives how many, and the last of them.
 */
async function inBatches<Place>(
  forget: (after: Place | null) => Promise<{ readonly count: number; readonly last: Place | null }>,
  signal: AbortSignal,
): Promise<void> {
  let after: Place | null = null;
  for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
    const { count, last } = await forget(after);
    if (count < BATCH && after === null) return;
    after = count < BATCH ? null : last;
  }
}
