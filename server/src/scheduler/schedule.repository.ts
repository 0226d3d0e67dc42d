/** All SQL of the table `schedule_run`. */
import { type Executor, statement } from '../database/database.ts';

const claimStatement = statement<{ name: string }>(
  'schedule.claim',
  'INSERT INTO schedule_run (name, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
);

/** Claims a run of a job for this process; false where another process has it. */
export async function claimRun(db: Executor, name: string, at: Date): Promise<boolean> {
  return (await db.query(claimStatement, [name, at])).length === 1;
}

const forgetStatement = statement('schedule.forget', 'DELETE FROM schedule_run WHERE at < $1');

/** Deletes the claims of runs before `before`. */
export async function forgetRuns(db: Executor, before: Date): Promise<void> {
  await db.query(forgetStatement, [before]);
}
