/**
 * Group commit: commands that arrive while a transaction is under way form the next batch.
 *
 * The one write path of all flows. No timers hold a command back: an idle queue starts a batch of one at the end
 * of the same turn of the event loop. Commands are decided in order of arrival. See `docs/architecture.md`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../kernel/assert.ts';
import { ProblemError, Refusal } from '../kernel/errors.ts';
import { type Attempt, attemptBatch, type BatchEnvironment, type Job, type Verdict } from './batch.ts';
import type { CommitMetrics } from './commit.metrics.ts';
import type { Answer, WriteFlow, WriteKey, WriteQueue } from './commit.types.ts';

/** Limits of a queue. */
export interface QueueLimits {
  /** Commands in one batch; 1 gives each its own transaction, on as many lanes as there are writers. */
  readonly batchMax: number;
  /** Batches under way at once. */
  readonly lanes: number;
  /** Commands that may wait; more are turned away. */
  readonly waitingMax: number;
  /** How long a command may wait for its batch. */
  readonly waitMs: number;
}

interface Entry<Command> extends Job<Command> {
  readonly arrivedAt: number;
  settle(verdict: Verdict): void;
  fail(error: unknown): void;
}

const ATTEMPTS_MAX = 5;
const JITTER_MS = 20;
const RETRY_AFTER_SECONDS = 1;
const SWEEP_MS = 250;

/** Makes the queue of one service. `onError` hears of errors that no caller's mistake explains. */
export function createQueue<Command, State>(
  flow: WriteFlow<Command, State>,
  limits: QueueLimits,
  environment: Omit<BatchEnvironment, 'onLostCommit'>,
  metrics: CommitMetrics,
  onError: (error: unknown, queue: string) => void,
): WriteQueue<Command> & { drained(): Promise<void> } {
  const label = { queue: flow.name };
  const batchEnvironment: BatchEnvironment = {
    ...environment,
    onLostCommit: (outcome) => metrics.lostCommits.inc({ ...label, outcome }),
  };
  let waiting: Entry<Command>[] = [];
  let running = 0;
  let scheduled = false;
  let sweeper: NodeJS.Timeout | null = null;
  let whenDrained: (() => void)[] = [];

  const overload = (entries: readonly Entry<Command>[], reason: string): void => {
    if (entries.length === 0) return;
    metrics.overloaded.inc({ ...label, reason }, entries.length);
    for (const entry of entries) entry.fail(new ProblemError('OVERLOADED', {}, RETRY_AFTER_SECONDS));
  };

  /** Turns away what has waited too long, also while all lanes hang on a database that does not answer. */
  const sweep = (): void => {
    const oldest = performance.now() - limits.waitMs;
    const late = waiting.filter((entry) => entry.arrivedAt < oldest);
    if (late.length > 0) {
      waiting = waiting.filter((entry) => entry.arrivedAt >= oldest);
      overload(late, 'deadline');
    }
    if (waiting.length === 0 && sweeper !== null) {
      clearInterval(sweeper);
      sweeper = null;
    }
  };

  const start = (): void => {
    scheduled = false;
    sweep();
    while (running < limits.lanes && waiting.length > 0) {
      const batch = waiting.splice(0, limits.batchMax);
      running += 1;
      void runLane(batch);
    }
    metrics.waiting.set(label, waiting.length);
  };

  const runLane = async (batch: Entry<Command>[]): Promise<void> => {
    const startedAt = performance.now();
    metrics.batchSize.observe(label, batch.length);
    for (const entry of batch) metrics.waitSeconds.observe(label, (startedAt - entry.arrivedAt) / 1000);
    try {
      await runBatch(batch);
    } catch (error) {
      onError(error, flow.name);
      for (const entry of batch) entry.fail(error);
    }
    metrics.batchSeconds.observe(label, (performance.now() - startedAt) / 1000);
    running -= 1;
    if (waiting.length > 0) start();
    else if (running === 0) for (const resolve of whenDrained.splice(0)) resolve();
  };

  /** Brings every entry of the batch to its end: a bounded number of attempts, then split or turn away. */
  const runBatch = async (batch: readonly Entry<Command>[]): Promise<void> => {
    let attempt: Attempt = { kind: 'rerun', reason: 'first' };
    for (let count = 1; count <= ATTEMPTS_MAX && (attempt.kind === 'rerun' || attempt.kind === 'conflict'); count += 1) {
      if (count > 1) {
        metrics.rerun.inc({ ...label, reason: attempt.kind === 'rerun' ? attempt.reason : attempt.kind });
        await sleep(Math.random() * JITTER_MS * count);
      }
      attempt = await attemptBatch(flow, batch, batchEnvironment);
    }
    await conclude(batch, attempt);
  };

  const conclude = async (batch: readonly Entry<Command>[], attempt: Attempt): Promise<void> => {
    switch (attempt.kind) {
      case 'settled':
        batch.forEach((entry, index) => entry.settle(present(attempt.verdicts[index], 'a verdict')));
        return;
      case 'rerun':
        overload(batch, attempt.reason);
        return;
      case 'unavailable':
        onError(attempt.error, flow.name);
        overload(batch, 'database');
        return;
      case 'unknown':
        for (const entry of batch) entry.fail(new ProblemError('OUTCOME_UNKNOWN', {}, RETRY_AFTER_SECONDS));
        return;
      case 'conflict':
      case 'command':
        await splitAround(batch, attempt.error);
    }
  };

  /** Halves the batch until the command that PostgreSQL or a rule chokes on stands alone; its neighbours go on. */
  const splitAround = async (batch: readonly Entry<Command>[], error: unknown): Promise<void> => {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      onError(error, flow.name);
      only.fail(error);
      return;
    }
    metrics.split.inc(label);
    const middle = Math.ceil(batch.length / 2);
    await runBatch(batch.slice(0, middle));
    await runBatch(batch.slice(middle));
  };

  const enqueue = (entry: Entry<Command>): void => {
    if (waiting.length >= limits.waitingMax) {
      overload([entry], 'queue');
      return;
    }
    waiting.push(entry);
    sweeper ??= setInterval(sweep, SWEEP_MS).unref();
    if (running < limits.lanes && !scheduled) {
      scheduled = true;
      setImmediate(start);
    }
  };

  return {
    submit: (command, key: WriteKey | null = null) =>
      new Promise<Answer | Refusal>((resolve, reject) => {
        enqueue({
          command,
          key,
          arrivedAt: performance.now(),
          settle: (verdict) => (verdict instanceof ProblemError ? reject(verdict) : resolve(verdict)),
          fail: reject,
        });
      }),
    drained: () =>
      new Promise((resolve) => {
        if (running === 0 && waiting.length === 0) resolve();
        else whenDrained.push(resolve);
      }),
  };
}
