/**
 * Learns what became of a COMMIT whose answer was lost.
 *
 * `pg_xact_status` alone cannot tell: after a crash PostgreSQL may give the id of a transaction that never reached
 * the disk to another one. It is asked only whether the transaction still runs; whether it was committed is
 * read from a row that only it can have written (see `docs/adr/0002-lost-commit.md`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Executor, statement } from '../database/database.ts';
import { type Evidence, effectExists } from './idempotency.repository.ts';

export type Outcome = 'committed' | 'aborted' | 'unknown';

const POLL_MS = 50;
const FUTURE_TRANSACTION = '22023';

const statusStatement = statement<{ status: string | null }>('outcome.status', 'SELECT pg_xact_status($1::text::xid8) AS status');

/** Asks until the transaction is over or `deadline` (milliseconds of `performance.now`) has passed, whatever a question takes. */
export async function learnOutcome(db: Executor, transactionId: string, evidence: Evidence, deadline: number): Promise<Outcome> {
  const patience = new AbortController();
  const tooLate = sleep(Math.max(0, deadline - performance.now()), 'unknown' as const, { signal: patience.signal });
  try {
    return await Promise.race([askUntil(db, transactionId, evidence, deadline), tooLate]);
  } finally {
    patience.abort();
    await tooLate.catch(() => undefined);
  }
}

async function askUntil(db: Executor, transactionId: string, evidence: Evidence, deadline: number): Promise<Outcome> {
  while (performance.now() < deadline) {
    try {
      if (!(await isRunning(db, transactionId))) return (await effectExists(db, evidence)) ? 'committed' : 'aborted';
    } catch {
      // The database is still away: an error here says nothing about the transaction, so the loop asks again.
    }
    await sleep(POLL_MS);
  }
  return 'unknown';
}

async function isRunning(db: Executor, transactionId: string): Promise<boolean> {
  try {
    const rows = await db.query(statusStatement, [transactionId]);
    return rows[0]?.status === 'in progress';
  } catch (error) {
    // A crash took back the id itself, so the transaction is gone.
    if (error instanceof pg.DatabaseError && error.code === FUTURE_TRANSACTION) return false;
    throw error;
  }
}
