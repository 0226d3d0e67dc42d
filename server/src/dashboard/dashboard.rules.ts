/** Makes figures of two samples of counters. Pure. */
import type { FlowFigures, QueueFigures } from './dashboard.types.ts';

/** A cumulative histogram: how many observations there were up to each bound, all of them, and their sum. */
export interface HistogramSample {
  /** In rising order, the last one infinite. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

export interface QueueSample {
  readonly waiting: number;
  readonly batchSize: HistogramSample;
  readonly batchSeconds: HistogramSample;
  readonly waitSeconds: HistogramSample;
}

/** The counters of a process at a moment. */
export interface Sample {
  /** Milliseconds of `performance.now`. */
  readonly atMs: number;
  readonly flows: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly queues: ReadonlyMap<string, QueueSample>;
}

const NONE: ReadonlyMap<string, number> = new Map();
const EMPTY: HistogramSample = { buckets: [], count: 0, sum: 0 };

/** What a flow answered from one sample to the next. */
export function flowFigures(earlier: Sample, later: Sample, flow: string): FlowFigures {
  const totals = later.flows.get(flow) ?? NONE;
  const before = earlier.flows.get(flow) ?? NONE;
  const seconds = (later.atMs - earlier.atMs) / 1000;
  const rateOf = (outcome: string): number =>
    seconds > 0 ? rounded(((totals.get(outcome) ?? 0) - (before.get(outcome) ?? 0)) / seconds) : 0;
  const codes = [...totals.keys()].filter((outcome) => outcome !== 'done' && outcome !== 'replayed').toSorted();
  return {
    done: totals.get('done') ?? 0,
    replayed: totals.get('replayed') ?? 0,
    refused: Object.fromEntries(codes.map((code) => [code, totals.get(code) ?? 0])),
    perSecond: { done: rateOf('done'), refused: Object.fromEntries(codes.map((code) => [code, rateOf(code)])) },
  };
}

/** What the queues did from one sample to the next, by their names. */
export function queueFigures(earlier: Sample, later: Sample): QueueFigures[] {
  const seconds = (later.atMs - earlier.atMs) / 1000;
  const perSecond = (count: number): number => (seconds > 0 ? rounded(count / seconds) : 0);
  return [...later.queues]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([queue, sample]) => {
      const before = earlier.queues.get(queue);
      const sizes = difference(before?.batchSize ?? EMPTY, sample.batchSize);
      const batches = difference(before?.batchSeconds ?? EMPTY, sample.batchSeconds);
      const waits = difference(before?.waitSeconds ?? EMPTY, sample.waitSeconds);
      return {
        queue,
        waiting: sample.waiting,
        batchesPerSecond: perSecond(sizes.count),
        commandsPerSecond: perSecond(sizes.sum),
        meanBatchSize: sizes.count > 0 ? rounded(sizes.sum / sizes.count) : null,
        batchMsP50: milliseconds(quantile(batches, 0.5)),
        batchMsP99: milliseconds(quantile(batches, 0.99)),
        waitMsP99: milliseconds(quantile(waits, 0.99)),
      };
    });
}

function difference(earlier: HistogramSample, later: HistogramSample): HistogramSample {
  return {
    buckets: later.buckets.map(({ upTo, count }, index) => ({ upTo, count: count - (earlier.buckets[index]?.count ?? 0) })),
    count: later.count - earlier.count,
    sum: later.sum - earlier.sum,
  };
}

/** The quantile as Prometheus estimates it: even within its bucket, and of the last one its lower bound. Null without observations. */
export function quantile({ buckets, count }: HistogramSample, share: number): number | null {
  if (count === 0) return null;
  const rank = share * count;
  const index = buckets.findIndex((bucket) => bucket.count >= rank);
  const bucket = buckets[index];
  const below = buckets[index - 1] ?? { upTo: 0, count: 0 };
  if (bucket === undefined || bucket.upTo === Number.POSITIVE_INFINITY) return below.upTo;
  const inBucket = bucket.count - below.count;
  return inBucket === 0 ? bucket.upTo : below.upTo + ((bucket.upTo - below.upTo) * (rank - below.count)) / inBucket;
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds * 1000);
}

/** To a thousandth, so that no figure shows what it does not know. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
