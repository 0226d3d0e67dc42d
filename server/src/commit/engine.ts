/** Gives each service its queue, with the same limits, clock and metrics for all. */
import type { Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import type { BatchEnvironment } from './batch.ts';
import { createCommitMetrics } from './commit.metrics.ts';
import type { WriteFlow, WriteQueue } from './commit.types.ts';
import { createKeyLookup } from './key-lookup.ts';
import { createQueue, type QueueLimits } from './queue.ts';
import type { TurnOptions } from './turns.ts';
import type { CommitWatch } from './watch.ts';

/** The process's group commit. */
export interface CommitEngine {
  /** The queue of one service; call it once a service. */
  queue<Command, State>(flow: WriteFlow<Command, State>): WriteQueue<Command>;
  /** Resolves when no command waits or runs; new ones must have been stopped before. */
  drained(): Promise<void>;
}

/** Of each queue: how many commands may wait for a batch, and how long. */
const DEFAULT_WAITING = { waitingMax: 10_000, waitMs: 5000 };

/** Of each queue: batches under way at once. Of two, one saves and commits while the other one asks for its locks. */
const LANES = 2;

/** @param batchMax commands in one batch (`GROUP_COMMIT_MAX`); 1 means one transaction a request. */
export function createCommitEngine(options: {
  readonly database: Database;
  readonly batchMax: number;
  readonly writers: number;
  readonly clockOffsetMs: () => number;
  readonly recordActions: BatchEnvironment['recordActions'];
  readonly registry: Registry;
  /** Whether other processes write to the database; by default nobody does. */
  readonly hasOthers?: () => boolean;
  readonly watch?: CommitWatch | null;
  readonly onError: (error: unknown, queue: string) => void;
  readonly waiting?: { readonly waitingMax: number; readonly waitMs: number };
}): CommitEngine {
  const { database, batchMax, writers, clockOffsetMs, recordActions, registry, watch = null, onError, waiting = DEFAULT_WAITING } = options;
  const { hasOthers = () => false } = options;
  const metrics = createCommitMetrics(registry);
  const lanes = batchMax === 1 ? { count: writers, inTurn: false } : { count: LANES, inTurn: true };
  const limits: QueueLimits = { batchMax, lanes, ...waiting };
  const hasEffect = createKeyLookup(database);
  const turns: TurnOptions = {
    pool: database.turns,
    hasOthers: () => lanes.inTurn && hasOthers(),
    onTurn: (queue, came) => metrics.turns.inc({ queue, outcome: came ? 'came' : 'late' }),
  };
  const queues: { drained(): Promise<void> }[] = [];
  return {
    queue: (flow) => {
      const queue = createQueue(flow, limits, {
        batch: { database, clockOffsetMs, recordActions },
        metrics,
        hasEffect,
        turns,
        watch,
        onError,
      });
      queues.push(queue);
      return queue;
    },
    drained: async () => {
      await Promise.all(queues.map((queue) => queue.drained()));
    },
  };
}
