/** Gives each service its queue, with the same limits, clock and metrics for all. */
import type { Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import { createCommitMetrics } from './commit.metrics.ts';
import type { WriteFlow, WriteQueue } from './commit.types.ts';
import { createQueue, type QueueLimits } from './queue.ts';

/** The process's group commit. */
export interface CommitEngine {
  /** The queue of one service; call it once a service. */
  queue<Command, State>(flow: WriteFlow<Command, State>): WriteQueue<Command>;
  /** Resolves when no command waits or runs; new ones must have been stopped before. */
  drained(): Promise<void>;
}

/** Of each queue: how many commands may wait for a batch, and how long. */
const DEFAULT_WAITING = { waitingMax: 10_000, waitMs: 5000 };

/** @param batchMax commands in one batch (`GROUP_COMMIT_MAX`); 1 means one transaction a request. */
export function createCommitEngine(options: {
  readonly database: Database;
  readonly batchMax: number;
  readonly writers: number;
  readonly clockOffsetMs: () => number;
  readonly registry: Registry;
  readonly onError: (error: unknown, queue: string) => void;
  readonly waiting?: { readonly waitingMax: number; readonly waitMs: number };
}): CommitEngine {
  const { database, batchMax, writers, clockOffsetMs, registry, onError, waiting = DEFAULT_WAITING } = options;
  const metrics = createCommitMetrics(registry);
  const limits: QueueLimits = { batchMax, lanes: batchMax === 1 ? writers : 1, ...waiting };
  const queues: { drained(): Promise<void> }[] = [];
  return {
    queue: (flow) => {
      const queue = createQueue(flow, limits, { batch: { database, clockOffsetMs }, metrics, onError });
      queues.push(queue);
      return queue;
    },
    drained: async () => {
      await Promise.all(queues.map((queue) => queue.drained()));
    },
  };
}
