/**
 * One batch, once: a transaction that locks, decides, saves and commits for all of its commands.
 *
 * Nothing here answers a caller; {@link attemptBatch} says what came of the attempt and the queue acts on it.
 */
import pg from 'pg';
import {
  type Database,
  inTurn,
  type OnStatement,
  statement,
  timed,
  together,
  transactionOn,
  type Writes,
  writesOn,
} from '../database/database.ts';
import type { Layout } from '../database/layout.ts';
import { assert, present } from '../kernel/assert.ts';
import { ProblemError, Refusal } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Answer, DecisionContext, Effect, Ending, StaffAction, WriteFlow, WriteKey } from './commit.types.ts';
import { failureOf, isDefiniteAbort } from './failure.ts';
import {
  type Evidence,
  findEffects,
  insertEffects,
  isKeyConstraint,
  keyText,
  markerEffect,
  type StoredEffect,
} from './idempotency.repository.ts';
import { learnOutcome } from './outcome.ts';

/** A command of a batch with its key. */
export interface Job<Command> {
  readonly command: Command;
  readonly key: WriteKey | null;
  /** Where it comes from, for those who follow it; null where nobody does. */
  readonly origin: unknown;
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
  /** Writes what staff did by the effects of a batch. */
  readonly recordActions: (writes: Writes, actions: readonly StaffAction[], context: DecisionContext) => void;
  /** Hears what was learnt of a COMMIT whose answer was lost. */
  readonly onLostCommit: (outcome: string) => void;
  /** Hears that the batch has its locks. */
  readonly onLocked: () => void;
  /** Hears that the batch asks PostgreSQL for nothing more but to end it: who asks for its locks now gets them next. */
  readonly onLocksPassOn: () => void;
  /** Gives by what the trace of a command goes on, from its origin; null where there are no traces. */
  readonly traceparentOf: ((origin: unknown) => string | null) | null;
  /** Hears of the statements of the batch; null where nobody does. */
  readonly onStatement: OnStatement | null;
  /** Hears of a failure of what follows a batch in memory: the batch has ended as it has, and is never run again for that. */
  readonly onFollowFailed: (error: unknown) => void;
}

const OUTCOME_PATIENCE_MS = 10_000;
/** What an attempt at COMMIT means for what is kept in memory. */
const ENDINGS: ReadonlyMap<Attempt['kind'], Ending> = new Map([
  ['settled', 'committed'],
  ['unknown', 'unknown'],
]);
const SUCCESSFUL_COMPLETION = '00000';
const NO_ACTIONS: readonly StaffAction[] = [];

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
  let layout: Layout;
  try {
    layout = await environment.database.layout();
    client = await environment.database.writers.connect();
  } catch (error) {
    return { kind: 'unavailable', error };
  }
  let broken = true;
  const onStatement = environment.onStatement === null ? null : inTurn(environment.onStatement);
  const tx = transactionOn(client, layout, onStatement);
  try {
    const loaded = await load(flow, jobs, client, tx, environment.clockOffsetMs);
    environment.onLocked();
    const decided = decideAll(flow, jobs, loaded, environment);
    if (decided.effects.length === 0) {
      environment.onLocksPassOn();
      await client.query('ROLLBACK');
      broken = false;
      tellEnded(flow, loaded, 'unchanged', environment);
      return { kind: 'settled', verdicts: decided.verdicts };
    }
    const { attempt, answered } = await saveAndCommit(flow, { client, layout }, loaded, decided, { ...environment, onStatement });
    broken = !answered;
    const ending = ENDINGS.get(attempt.kind);
    if (ending !== undefined) tellEnded(flow, loaded, ending, environment);
    return attempt;
  } catch (error) {
    const attempt = failedAttempt(tx.failure()?.error ?? error);
    // Where the database does not answer, a ROLLBACK would only make the callers wait for it as well; the end of the connection is one.
    broken = attempt.kind === 'unavailable' || !(await rolledBack(client));
    return attempt;
  } finally {
    client.release(broken);
  }
}

function tellEnded<Command, State>(
  flow: WriteFlow<Command, State>,
  { state, context }: Loaded<State>,
  ending: Ending,
  { onFollowFailed }: BatchEnvironment,
): void {
  try {
    flow.ended?.(state, ending, context.now);
  } catch (error) {
    onFollowFailed(error);
  }
}

function failedAttempt(error: unknown): Attempt {
  if (error instanceof pg.DatabaseError && isKeyConstraint(error.constraint)) return { kind: 'rerun', reason: 'key' };
  const kind = failureOf(error);
  return kind === 'rerun' ? { kind, reason: error instanceof pg.DatabaseError ? `${error.code}` : 'lock' } : { kind, error };
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/** What a batch knows once it holds its locks. */
interface Loaded<State> {
  readonly state: State;
  readonly context: DecisionContext;
  readonly transactionId: string;
  /** Effects that keys of the batch had before, by {@link keyText}. */
  readonly known: Map<string, StoredEffect>;
}

/** Begins the transaction, locks, and reads time and keys after the locks, with as few round trips as the flow allows. */
async function load<Command, State>(
  flow: WriteFlow<Command, State>,
  jobs: readonly Job<Command>[],
  client: pg.PoolClient,
  tx: ReturnType<typeof transactionOn>,
  clockOffsetMs: () => number,
): Promise<Loaded<State>> {
  const keys = jobs.flatMap((job) => (job.key === null ? [] : [job.key]));
  const afterLocks = Promise.withResolvers<readonly [{ now: Date; transactionId: string }[], Map<string, StoredEffect>]>();
  let asked = false;
  const locksSent = (): void => {
    if (asked) return;
    asked = true;
    afterLocks.resolve(Promise.all([tx.query(clockStatement), findEffects(tx, keys)]));
  };

  const commands = jobs.map((job) => job.command);
  const [begun, locked] = together(client, () => [tx.begin(), flow.lock(tx, commands, { clockOffsetMs: clockOffsetMs(), locksSent })]);
  const [state, [clocks, known]] = await Promise.all([locked, afterLocks.promise, locked.then(locksSent), begun]);
  const clock = present(clocks[0], 'the database clock');
  // Asked again: time may have been moved while the batch waited for its locks.
  const now = new Date(clock.now.getTime() + clockOffsetMs());
  return { state, known, transactionId: clock.transactionId, context: { now, newId: () => newId(now) } };
}

interface Decided {
  readonly verdicts: readonly Verdict[];
  readonly batchId: string;
  /** The rows of this batch's keys, or its marker; empty where nothing had an effect. */
  readonly effects: readonly StoredEffect[];
  readonly actions: readonly StaffAction[];
  readonly traceparents: ReadonlyMap<string, string>;
}

/** Decides one command after the other, in order of arrival. */
function decideAll<Command, State>(
  flow: WriteFlow<Command, State>,
  jobs: readonly Job<Command>[],
  { state, context, known }: Loaded<State>,
  { traceparentOf }: BatchEnvironment,
): Decided {
  const batchId = context.newId();
  const verdicts: Verdict[] = [];
  const effects: StoredEffect[] = [];
  const actions: StaffAction[] = [];
  const traceparents = new Map<string, string>();
  let changed = false;
  for (const { command, key, origin } of jobs) {
    const keyed = key === null ? '' : keyText(key);
    const earlier = key === null ? undefined : known.get(keyed);
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
    for (const action of decision.actions ?? NO_ACTIONS) actions.push(action);
    if (traceparentOf !== null) keepTrace(traceparents, decision, traceparentOf(origin));
    const json = JSON.stringify(decision.body);
    verdicts.push({ status: decision.status, json, replayed: false });
    if (key !== null) {
      const effect = { ...key, status: decision.status, json };
      known.set(keyed, effect);
      effects.push(effect);
    }
  }
  if (changed && effects.length === 0) effects.push(markerEffect(batchId));
  return { verdicts, batchId, effects, actions, traceparents };
}

/** Keeps the trace by what the effect is about: the order that its answer names, or what was answered itself. */
function keepTrace(traceparents: Map<string, string>, { body }: Effect, traceparent: string | null): void {
  const id = ('orderId' in body ? body.orderId : null) ?? ('id' in body ? body.id : null);
  if (traceparent !== null && typeof id === 'string') traceparents.set(id, traceparent);
}

function replay(earlier: StoredEffect, key: WriteKey): Verdict {
  if (earlier.requestHash !== key.requestHash) return new ProblemError('IDEMPOTENCY_KEY_REUSED');
  return { status: earlier.status, json: earlier.json, replayed: true };
}

/**
 * Sends all changes, the keys and COMMIT in one breath. `answered` tells whether PostgreSQL answered the COMMIT, so that the
 * connection may be used again. Where a change fails, PostgreSQL makes a rollback of the COMMIT behind it.
 */
async function saveAndCommit<Command, State>(
  flow: WriteFlow<Command, State>,
  { client, layout }: { readonly client: pg.PoolClient; readonly layout: Layout },
  { state, context, transactionId }: Loaded<State>,
  { verdicts, effects, actions, traceparents, batchId }: Decided,
  environment: BatchEnvironment,
): Promise<{ readonly attempt: Attempt; readonly answered: boolean }> {
  const deadline = performance.now() + OUTCOME_PATIENCE_MS;
  const settled: Attempt = { kind: 'settled', verdicts };
  const writes = writesOn(client, layout, environment.onStatement);
  let warned = false;
  const onNotice = (notice: { code?: string | undefined }): void => {
    // The severity is worded in the language of PostgreSQL's installation; a plain notice has this code everywhere.
    warned ||= notice.code !== SUCCESSFUL_COMPLETION;
  };
  client.on('notice', onNotice);
  try {
    const committing = together(client, () => {
      flow.save(writes, state, { ...context, traceparents });
      if (actions.length > 0) environment.recordActions(writes, actions, context);
      insertEffects(writes, effects, { batchId, now: context.now });
      return timed('commit', client.query('COMMIT'), environment.onStatement);
    });
    environment.onLocksPassOn();
    const [failure, commit] = await Promise.all([firstFailure(writes.results), settledOf(committing)]);
    if (commit.status === 'fulfilled') {
      const rolledBackInstead = commit.value.command === 'ROLLBACK';
      if (rolledBackInstead && failure !== null) return { attempt: failedAttempt(failure.reason), answered: true };
      if (rolledBackInstead) return { attempt: { kind: 'rerun', reason: 'aborted' }, answered: true };
      if (!warned && failure === null) return { attempt: settled, answered: true };
      environment.onLostCommit(warned ? 'warned' : 'partial');
      return { attempt: { kind: 'unknown' }, answered: true };
    }
    const error: unknown = commit.reason;
    if (failure !== null && isDefiniteAbort(failure.reason)) return { attempt: failedAttempt(failure.reason), answered: false };
    if (isDefiniteAbort(error)) return { attempt: failedAttempt(error), answered: true };
    const outcome = await learnOutcome(environment.database, transactionId, evidenceOf(batchId, effects), deadline);
    environment.onLostCommit(outcome);
    if (outcome === 'committed') return { attempt: settled, answered: false };
    return { attempt: outcome === 'aborted' ? { kind: 'unavailable', error } : { kind: 'unknown' }, answered: false };
  } finally {
    client.off('notice', onNotice);
  }
}

async function settledOf<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}

/** The first of the promises, in their order, that failed; null where none did. */
async function firstFailure(results: readonly Promise<unknown>[]): Promise<PromiseRejectedResult | null> {
  const settled = await Promise.allSettled(results);
  return settled.find((result) => result.status === 'rejected') ?? null;
}

function evidenceOf(batchId: string, [first]: readonly StoredEffect[]): Evidence {
  assert(first !== undefined, 'a batch with an effect leaves evidence');
  return { ...first, batchId };
}
