/** What group commit tells Prometheus. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The instruments of all queues; every one is labelled with the queue's name. */
export interface CommitMetrics {
  readonly batchSize: Histogram<'queue'>;
  readonly batchSeconds: Histogram<'queue'>;
  readonly waitSeconds: Histogram<'queue'>;
  readonly waiting: Gauge<'queue'>;
  readonly rerun: Counter<'queue' | 'reason'>;
  readonly split: Counter<'queue'>;
  readonly overloaded: Counter<'queue' | 'reason'>;
  readonly turns: Counter<'queue' | 'outcome'>;
  readonly lostCommits: Counter<'queue' | 'outcome'>;
}

/** The bounds of the buckets of all durations, in rising order. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createCommitMetrics(registry: Registry): CommitMetrics {
  const registers = [registry];
  const labelNames = ['queue'] as const;
  return {
    batchSize: new Histogram({
      name: 'openrun_commit_batch_size',
      help: 'Commands in a batch',
      labelNames,
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'openrun_commit_batch_seconds',
      help: 'From the start of a batch to the answer of its callers',
      labelNames,
      buckets: SECONDS,
      registers,
    }),
    waitSeconds: new Histogram({
      name: 'openrun_commit_wait_seconds',
      help: 'From the arrival of a command to the start of its batch',
      labelNames,
      buckets: SECONDS,
      registers,
    }),
    waiting: new Gauge({ name: 'openrun_commit_waiting', help: 'Commands that wait for a batch', labelNames, registers }),
    rerun: new Counter({
      name: 'openrun_commit_reruns_total',
      help: 'Batches run again, by reason',
      labelNames: ['queue', 'reason'],
      registers,
    }),
    split: new Counter({ name: 'openrun_commit_splits_total', help: 'Batches split around a failing command', labelNames, registers }),
    overloaded: new Counter({
      name: 'openrun_commit_overloaded_total',
      help: 'Commands turned away before anything happened, by reason',
      labelNames: ['queue', 'reason'],
      registers,
    }),
    turns: new Counter({
      name: 'openrun_commit_turns_total',
      help: 'Turns that batches waited for, because other processes want the same rows, by whether they came',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    lostCommits: new Counter({
      name: 'openrun_commit_lost_total',
      help: 'COMMITs whose answer was lost, by what was learnt of them',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
  };
}

/** The instruments of one queue, looked up once: doing it for each command costs more than the measurement itself. */
export function instrumentsOf(metrics: CommitMetrics, queue: string) {
  const label = { queue };
  const batchSize = metrics.batchSize.labels(label);
  const batchSeconds = metrics.batchSeconds.labels(label);
  const waitSeconds = metrics.waitSeconds.labels(label);
  return {
    waiting: metrics.waiting.labels(label),
    /** A batch starts, at a time of `performance.now`. */
    started: (batch: readonly { readonly arrivedAt: number }[], startedAtMs: number): void => {
      batchSize.observe(batch.length);
      for (const { arrivedAt } of batch) waitSeconds.observe((startedAtMs - arrivedAt) / 1000);
    },
    /** The batch that started at that time is over. */
    ended: (startedAtMs: number): void => batchSeconds.observe((performance.now() - startedAtMs) / 1000),
  };
}
