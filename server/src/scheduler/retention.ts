/** Deletes what nobody needs any more, in bounded batches. */
import { forgetEffects } from '../commit/idempotency.repository.ts';
import type { Executor } from '../database/database.ts';
import { forgetRankings } from '../ranking/ranking.repository.ts';
import { forgetRuns } from './schedule.repository.ts';

const HOUR_MS = 3_600_000;
/** Twice what clients are promised. */
const KEYS_KEPT_MS = 48 * HOUR_MS;
const RUNS_KEPT_MS = 30 * 24 * HOUR_MS;
const BATCH = 1000;
const BATCHES_MAX = 10_000;

/** @param deleteExpiredSessions deletes a bounded number of ended sign-ins; gives how many. */
export async function forgetOld(db: Executor, deleteExpiredSessions: () => Promise<number>, signal: AbortSignal): Promise<void> {
  const before = (keptMs: number): Date => new Date(Date.now() - keptMs);
  const keysBefore = before(KEYS_KEPT_MS);
  for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
    if ((await forgetEffects(db, keysBefore, BATCH)) < BATCH) break;
  }
  for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
    if ((await deleteExpiredSessions()) === 0) break;
  }
  await forgetRankings(db, before(RUNS_KEPT_MS));
  await forgetRuns(db, before(RUNS_KEPT_MS));
}
