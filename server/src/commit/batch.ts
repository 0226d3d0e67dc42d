/**
 * One batch, once: a transaction that locks, decides, saves and commits for all of its commands.
 *
 * Nothing here answers a caller; {@link attemptBatch} says what came of the attempt and the queue acts on it.
 */
import pg from 'pg';
import { type Database, statement, type Transaction, transactionOn } from '../database/database.ts';
import { assert, present } from '../kernel/assert.ts';
import { ProblemError, Refusal } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Answer, DecisionContext, Ending, WriteFlow, WriteKey } from './commit.types.ts';
import { failureOf, isDefiniteAbort } from './failure.ts';
import { type Evidence, findEffects, insertEffects, keyText, markerEffect, type StoredEffect } from './idempotency.repository.ts';
import { learnOutcome } from './outcome.ts';

/** A command of a batch with its key. */
export interface Job<Command> {
  readonly command: Command;
  readonly key: WriteKey | null;
}

/** What a caller gets, once the batch has settled. */
export type Verdict = Answer | Refusal | ProblemError;

/** What came of one attempt; all but `settled` have done nothing, `unknown` may have. */
export type Attempt =
  | { readonly kind: 'settled'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'rerun'; readonly reason: string }
  | { readonly kind: 'conflict'; readonly error: unknown }
  | { readonly kind: 'unavailable'; readonly error: unknown }
  | { readonly kind: 'command'; readonly error: unknown }
  | { readonly kind: 'unknown' };

/** What a batch needs of its process. */
export interface BatchEnvironment {
  readonly database: Database;
  /** Added to the database's clock; tests move time with it. */
  readonly clockOffsetMs: () => number;
  /** Hears what was learnt of a COMMIT whose answer was lost. */
  readonly onLostCommit: (outcome: string) => void;
}

const OUTCOME_PATIENCE_MS = 10_000;
/** What an attempt at COMMIT means for what is kept in memory. */
const ENDINGS: ReadonlyMap<Attempt['kind'], Ending> = new Map([
  ['settled', 'committed'],
  ['unknown', 'unknown'],
]);
const SUCCESSFUL_COMPLETION = '00000';

const clockStatement = statement<{ now: Date; transactionId: string }>(
  'commit.clock',
  'SELECT date_trunc(\'milliseconds\', clock_timestamp()) AS now, pg_current_xact_id()::text AS "transactionId"',
);

/** Runs the jobs in one transaction, in their order. Never throws for anything the database does. */
export async function attemptBatch<Command, State>(
  flow: WriteFlow<Command, State>,
  jobs: readonly Job<Command>[],
  environment: BatchEnvironment,
): Promise<Attempt> {
  let client: pg.PoolClient;
  try {
    client = await environment.database.writers.connect();
  } catch (error) {
    return { kind: 'unavailable', error };
  }
  let broken = true;
  try {
    await client.query('BEGIN');
    const worked = await work(flow, jobs, transactionOn(client), environment.clockOffsetMs);
    if (worked === 'keyTaken' || worked.effects.length === 0) {
      await client.query('ROLLBACK');
      broken = false;
      if (worked === 'keyTaken') return { kind: 'rerun', reason: 'key' };
      flow.ended?.(worked.state, 'unchanged');
      return { kind: 'settled', verdicts: worked.verdicts };
    }
    const { attempt, answered } = await commit(client, worked, environment);
    broken = !answered;
    const ending = ENDINGS.get(attempt.kind);
    if (ending !== undefined) flow.ended?.(worked.state, ending);
    return attempt;
  } catch (error) {
    const attempt = failedAttempt(error);
    // Where the database does not answer, a ROLLBACK would only make the callers wait for it as well; the end of the connection is one.
    broken = attempt.kind === 'unavailable' || !(await rolledBack(client));
    return attempt;
  } finally {
    client.release(broken);
  }
}

function failedAttempt(error: unknown): Attempt {
  const kind = failureOf(error);
  return kind === 'rerun' ? { kind, reason: error instanceof pg.DatabaseError ? `${error.code}` : 'lock' } : { kind, error };
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

interface Worked<State> {
  readonly state: State;
  readonly verdicts: readonly Verdict[];
  readonly batchId: string;
  /** The rows of this batch's keys, or its marker; empty where nothing had an effect. */
  readonly effects: readonly StoredEffect[];
  readonly transactionId: string;
}

/** Locks, decides and saves; `keyTaken` where another process had the effect of one of our keys first. */
async function work<Command, State>(
  flow: WriteFlow<Command, State>,
  jobs: readonly Job<Command>[],
  tx: Transaction,
  clockOffsetMs: () => number,
): Promise<Worked<State> | 'keyTaken'> {
  const state = await flow.lock(
    tx,
    jobs.map((job) => job.command),
    clockOffsetMs(),
  );
  const clock = present((await tx.query(clockStatement))[0], 'the database clock');
  // Asked again: time may have been moved while the batch waited for its locks.
  const now = new Date(clock.now.getTime() + clockOffsetMs());
  const context: DecisionContext = { now, newId: () => newId(now) };
  const batchId = context.newId();
  const keys = jobs.flatMap((job) => (job.key === null ? [] : [job.key]));
  const known = keys.length > 0 ? await findEffects(tx, keys) : new Map<string, StoredEffect>();

  const verdicts: Verdict[] = [];
  const effects: StoredEffect[] = [];
  let changed = false;
  for (const { command, key } of jobs) {
    const earlier = key === null ? undefined : known.get(keyText(key));
    if (key !== null && earlier !== undefined) {
      verdicts.push(replay(earlier, key));
      continue;
    }
    const decision = flow.decide(state, command, context);
    if (decision instanceof Refusal) {
      verdicts.push(decision);
      continue;
    }
    changed = true;
    const json = JSON.stringify(decision.body);
    verdicts.push({ status: decision.status, json, replayed: false });
    if (key !== null) {
      const effect = { ...key, status: decision.status, json };
      known.set(keyText(key), effect);
      effects.push(effect);
    }
  }
  if (changed) {
    await flow.save(tx, state, context);
    if (effects.length === 0) effects.push(markerEffect(batchId));
    if (!(await insertEffects(tx, effects, { batchId, now }))) return 'keyTaken';
  }
  return { state, verdicts, batchId, effects, transactionId: clock.transactionId };
}

function replay(earlier: StoredEffect, key: WriteKey): Verdict {
  if (earlier.requestHash !== key.requestHash) return new ProblemError('IDEMPOTENCY_KEY_REUSED');
  return { status: earlier.status, json: earlier.json, replayed: true };
}

/** Commits; `answered` tells whether PostgreSQL answered, so that the connection may be used again. */
async function commit(
  client: pg.PoolClient,
  worked: Worked<unknown>,
  environment: BatchEnvironment,
): Promise<{ readonly attempt: Attempt; readonly answered: boolean }> {
  const deadline = performance.now() + OUTCOME_PATIENCE_MS;
  const settled: Attempt = { kind: 'settled', verdicts: worked.verdicts };
  let warned = false;
  const onNotice = (notice: { code?: string | undefined }): void => {
    // The severity is worded in the language of PostgreSQL's installation; a plain notice has this code everywhere.
    warned ||= notice.code !== SUCCESSFUL_COMPLETION;
  };
  client.on('notice', onNotice);
  try {
    const { command } = await client.query('COMMIT');
    if (command === 'ROLLBACK') return { attempt: { kind: 'rerun', reason: 'aborted' }, answered: true };
    if (!warned) return { attempt: settled, answered: true };
    environment.onLostCommit('warned');
    return { attempt: { kind: 'unknown' }, answered: true };
  } catch (error) {
    if (isDefiniteAbort(error)) return { attempt: failedAttempt(error), answered: true };
    const outcome = await learnOutcome(environment.database, worked.transactionId, evidenceOf(worked), deadline);
    environment.onLostCommit(outcome);
    if (outcome === 'committed') return { attempt: settled, answered: false };
    return { attempt: outcome === 'aborted' ? { kind: 'unavailable', error } : { kind: 'unknown' }, answered: false };
  } finally {
    client.off('notice', onNotice);
  }
}

function evidenceOf({ batchId, effects: [first] }: Worked<unknown>): Evidence {
  assert(first !== undefined, 'a batch with an effect leaves evidence');
  return { ...first, batchId };
}
