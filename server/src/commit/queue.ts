/**
 * Group commit: commands that arrive while a transaction is under way form the next batch.
 *
 * The one write path of all flows. No timers hold a command back: an idle queue starts a batch of one at the end
 * of the same turn of the event loop. Commands are decided in order of arrival. See `docs/architecture.md`.
 */
import { ProblemError, type Refusal } from '../kernel/errors.ts';
import type { BatchEnvironment } from './batch.ts';
import type { CommitMetrics } from './commit.metrics.ts';
import type { Answer, WriteFlow, WriteKey, WriteQueue } from './commit.types.ts';
import { createOverload, type Entry } from './entry.ts';
import { settleBatch } from './settle.ts';
import { createWaitingLine } from './waiting.ts';

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

/** What a queue needs of its process. */
export interface QueueEnvironment {
  readonly batch: Omit<BatchEnvironment, 'onLostCommit'>;
  readonly metrics: CommitMetrics;
  /** Hears of errors that no caller's mistake explains. */
  readonly onError: (error: unknown, queue: string) => void;
}

/** Makes the queue of one service. */
export function createQueue<Command, State>(
  flow: WriteFlow<Command, State>,
  limits: QueueLimits,
  { batch: batchEnvironment, metrics, onError }: QueueEnvironment,
): WriteQueue<Command> & { drained(): Promise<void> } {
  const label = { queue: flow.name };
  const overload = createOverload<Command>(flow.name, metrics);
  const environment: BatchEnvironment = { ...batchEnvironment, onLostCommit: (outcome) => metrics.lostCommits.inc({ ...label, outcome }) };
  const waiting = createWaitingLine(limits, overload);
  const whenDrained: (() => void)[] = [];
  let running = 0;
  let scheduled = false;

  const runLane = async (batch: readonly Entry<Command>[]): Promise<void> => {
    const startedAt = performance.now();
    metrics.batchSize.observe(label, batch.length);
    for (const entry of batch) metrics.waitSeconds.observe(label, (startedAt - entry.arrivedAt) / 1000);
    try {
      await settleBatch({ flow, environment, metrics, overload, onError }, batch);
    } catch (error) {
      onError(error, flow.name);
      for (const entry of batch) entry.fail(error);
    }
    metrics.batchSeconds.observe(label, (performance.now() - startedAt) / 1000);
    running -= 1;
    startLanes();
  };

  const startLanes = (): void => {
    scheduled = false;
    while (running < limits.lanes && waiting.length() > 0) {
      const batch = waiting.take(limits.batchMax);
      if (batch.length === 0) break;
      running += 1;
      void runLane(batch);
    }
    metrics.waiting.set(label, waiting.length());
    if (running === 0 && waiting.length() === 0) for (const resolve of whenDrained.splice(0)) resolve();
  };

  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      whenDrained.push(resolve);
    });

  const enqueue = (entry: Entry<Command>): void => {
    if (waiting.add(entry) && running < limits.lanes && !scheduled) {
      scheduled = true;
      setImmediate(startLanes);
    }
  };

  return {
    submit: (command, key: WriteKey | null = null) =>
      new Promise<Answer | Refusal>((resolve, reject) => {
        const settle = (verdict: Answer | Refusal | ProblemError): void =>
          verdict instanceof ProblemError ? reject(verdict) : resolve(verdict);
        enqueue({ command, key, arrivedAt: performance.now(), settle, fail: reject });
      }),
    drained: async () => {
      if (running > 0 || waiting.length() > 0) await idle();
    },
  };
}
