/** All SQL of the table `schedule_run`, and the clock by which retention is scheduled. */
import { type Executor, statement } from '../database/database.ts';
import { present } from '../kernel/assert.ts';

const clockStatement = statement<{ now: Date }>('schedule.clock', "SELECT clock_timestamp() + $1 * interval '1 millisecond' AS now");

/** The time of the database, by which rows are stamped. */
export async function readClock(db: Executor, clockOffsetMs: number): Promise<Date> {
  const [clock] = await db.query(clockStatement, [clockOffsetMs]);
  return present(clock, 'the time of the database').now;
}

const noteStatement = statement<{ name: string }>(
  'schedule.note',
  'INSERT INTO schedule_run (name, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
);

/** Notes a run of a job, and so claims it for this process; false where it is noted already. */
export async function noteRun(db: Executor, name: string, at: Date): Promise<boolean> {
  return (await db.query(noteStatement, [name, at])).length === 1;
}

const notedStatement = statement<{ isNoted: boolean }>(
  'schedule.noted',
  'SELECT EXISTS (SELECT FROM schedule_run WHERE name = $1 AND at = $2) AS "isNoted"',
);

/** Whether a process has noted the run. */
export async function isNoted(db: Executor, name: string, at: Date): Promise<boolean> {
  const [row] = await db.query(notedStatement, [name, at]);
  return row?.isNoted === true;
}

const forgetStatement = statement('schedule.forget', 'DELETE FROM schedule_run WHERE at < $1');

/** Deletes the notes of runs before `before`. */
export async function forgetRuns(db: Executor, before: Date): Promise<void> {
  await db.query(forgetStatement, [before]);
}
