/**
 * Group commit: commands that arrive while a transaction is under way form the next batch.
 *
 * The one write path of all flows. No timers hold a command back: an idle queue starts a batch of one at the end
 * of the same turn of the event loop. Commands are decided in order of arrival. See `docs/architecture.md`.
 */
import type { Refusal } from '../kernel/errors.ts';
import type { BatchEnvironment } from './batch.ts';
import { type CommitMetrics, instrumentsOf } from './commit.metrics.ts';
import type { Answer, WriteFlow, WriteKey, WriteQueue } from './commit.types.ts';
import { createEntry, createOverload, type Entry } from './entry.ts';
import type { KeyLookup } from './key-lookup.ts';
import { createKeysUnderWay } from './keys-under-way.ts';
import { createLanes, type Lane } from './lanes.ts';
import { settleBatch } from './settle.ts';
import { createTurns, type TurnOptions } from './turns.ts';
import { createWaitingLine } from './waiting.ts';
import type { BatchWatch, CommitWatch } from './watch.ts';

/** Limits of a queue. */
export interface QueueLimits {
  /** Commands in one batch; 1 gives each its own transaction, on as many lanes as there are writers. */
  readonly batchMax: number;
  readonly lanes: { readonly count: number; readonly inTurn: boolean };
  /** Commands that may wait; more are turned away. */
  readonly waitingMax: number;
  /** How long a command may wait for its batch. */
  readonly waitMs: number;
}

/** What a queue needs of its process. */
export interface QueueEnvironment {
  readonly batch: Omit<
    BatchEnvironment,
    'onLostCommit' | 'onLocked' | 'onLocksPassOn' | 'onFollowFailed' | 'onStatement' | 'traceparentOf'
  >;
  readonly metrics: CommitMetrics;
  readonly hasEffect: KeyLookup;
  readonly turns: TurnOptions;
  /** Null where nobody follows. */
  readonly watch: CommitWatch | null;
  /** Hears of errors that no caller's mistake explains. */
  readonly onError: (error: unknown, queue: string) => void;
}

/** Makes the queue of one service. */
export function createQueue<Command, State>(
  flow: WriteFlow<Command, State>,
  limits: QueueLimits,
  { batch: batchEnvironment, metrics, hasEffect, turns, watch, onError }: QueueEnvironment,
): WriteQueue<Command> & { drained(): Promise<void> } {
  const instruments = instrumentsOf(metrics, flow.name);
  const overload = createOverload<Command>(flow.name, metrics);
  const waiting = createWaitingLine(limits, overload);
  const lanes = createLanes(limits.lanes, createTurns(flow.name, turns));
  const keysUnderWay = createKeysUnderWay();
  const whenDrained: (() => void)[] = [];
  let scheduled = false;

  const environmentOf = (lane: Lane, following: BatchWatch | null): BatchEnvironment => ({
    ...batchEnvironment,
    onStatement: following?.onStatement ?? null,
    traceparentOf: watch?.traceparentOf ?? null,
    onLostCommit: (outcome) => metrics.lostCommits.inc({ queue: flow.name, outcome }),
    onLocked: () => lane.locked(),
    onLocksPassOn: () => {
      lane.passLocksOn();
      startBatches();
    },
    onFollowFailed: (error) => onError(error, flow.name),
  });

  const runBatch = async (batch: readonly Entry<Command>[], lane: Lane, following: BatchWatch | null): Promise<void> => {
    const startedAt = performance.now();
    instruments.started(batch, startedAt);
    try {
      await settleBatch({ flow, environment: environmentOf(lane, following), metrics, overload, onError }, batch);
    } catch (error) {
      onError(error, flow.name);
      for (const entry of batch) entry.fail(error);
    }
    instruments.ended(startedAt);
    following?.ended();
  };

  const runNext = async (lane: Lane): Promise<void> => {
    const turn = lane.turn();
    if (turn !== null) await turn;
    const batch = waiting.take(limits.batchMax);
    if (batch.length > 0) await runBatch(batch, lane, watch?.batch(flow.name, batch) ?? null);
    lane.leave();
    startBatches();
  };

  const startBatches = (): void => {
    scheduled = false;
    while (lanes.isFree() && waiting.length() > 0) void runNext(lanes.enter());
    instruments.waiting.set(waiting.length());
    if (lanes.isIdle() && waiting.length() === 0) for (const resolve of whenDrained.splice(0)) resolve();
  };

  const submit = (command: Command, key: WriteKey | null = null): Promise<Answer | Refusal> => {
    const { entry, answer } = createEntry(command, key, key === null ? null : keysUnderWay.add(key), watch?.origin() ?? null);
    if (waiting.add(entry) && lanes.isFree() && !scheduled) {
      scheduled = true;
      setImmediate(startBatches);
    }
    return answer;
  };

  return {
    submit,
    isTaken: async (key) => keysUnderWay.has(key) || (await hasEffect(key)),
    drained: () => (lanes.isIdle() && waiting.length() === 0 ? Promise.resolve() : joining(whenDrained)),
  };
}

/** Resolves when those who wait are told, of whom this is one from now on. */
function joining(waiters: (() => void)[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiters.push(resolve);
  return promise;
}
