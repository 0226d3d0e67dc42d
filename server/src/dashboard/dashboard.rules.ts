/** Makes figures of counters: of two samples what a process did, and of what all processes did the figures that are shown. Pure. */
import type { Activity, FlowFigures, OutcomeCount, QueueActivity, QueueFigures } from './dashboard.types.ts';

/** A queue's counters since the process began; those of the buckets are cumulative, as Prometheus has them. */
export interface QueueSample {
  readonly waiting: number;
  readonly batches: number;
  readonly commands: number;
  readonly batchSeconds: readonly number[];
  readonly waitSeconds: readonly number[];
}

/** The counters of a process at a moment. */
export interface Sample {
  /** Milliseconds of `performance.now`. */
  readonly atMs: number;
  readonly flows: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly queues: ReadonlyMap<string, QueueSample>;
}

const UNUSED: QueueSample = { waiting: 0, batches: 0, commands: 0, batchSeconds: [], waitSeconds: [] };

/** What a process did from one sample to the next. */
export function activityBetween(earlier: Sample, later: Sample): Activity {
  const countsOf = (flow: string, totals: ReadonlyMap<string, number>): Record<string, OutcomeCount> => {
    const before = earlier.flows.get(flow);
    return Object.fromEntries([...totals].map(([outcome, total]) => [outcome, { total, recent: total - (before?.get(outcome) ?? 0) }]));
  };
  return {
    seconds: (later.atMs - earlier.atMs) / 1000,
    flows: Object.fromEntries([...later.flows].map(([flow, totals]) => [flow, countsOf(flow, totals)])),
    queues: Object.fromEntries(
      [...later.queues].map(([queue, sample]) => [queue, queueActivityBetween(earlier.queues.get(queue) ?? UNUSED, sample)]),
    ),
  };
}

function queueActivityBetween(earlier: QueueSample, later: QueueSample): QueueActivity {
  return {
    waiting: later.waiting,
    batches: later.batches - earlier.batches,
    commands: later.commands - earlier.commands,
    batchSeconds: difference(inBuckets(earlier.batchSeconds), inBuckets(later.batchSeconds)),
    waitSeconds: difference(inBuckets(earlier.waitSeconds), inBuckets(later.waitSeconds)),
  };
}

/** What is in each bucket alone, of how many there are up to each bound. */
function inBuckets(upToBounds: readonly number[]): number[] {
  return upToBounds.map((count, index) => count - (upToBounds[index - 1] ?? 0));
}

function difference(earlier: readonly number[], later: readonly number[]): number[] {
  return later.map((count, index) => count - (earlier[index] ?? 0));
}

/**
 * So many queues, and outcomes of a flow, are shown, first those of the first process, which is this one. There are fewer of them; but whoever
 * may speak to the database may tell of any number, as another process, and by any names.
 */
const QUEUES_MAX = 50;
const OUTCOMES_MAX = 200;

/** What the processes answered together. */
export function flowFigures(activities: readonly Activity[], flow: string): FlowFigures {
  const totals = new Map<string, number>();
  const rates = new Map<string, number>();
  for (const { seconds, flows } of activities) {
    for (const [outcome, { total, recent }] of Object.entries(flows[flow] ?? {})) {
      if (totals.size >= OUTCOMES_MAX && !totals.has(outcome)) continue;
      add(totals, outcome, total);
      add(rates, outcome, perSecond(recent, seconds));
    }
  }
  const codes = [...totals.keys()].filter((outcome) => outcome !== 'done' && outcome !== 'replayed').toSorted();
  const rateOf = (outcome: string): number => rounded(rates.get(outcome) ?? 0);
  return {
    done: totals.get('done') ?? 0,
    replayed: totals.get('replayed') ?? 0,
    refused: Object.fromEntries(codes.map((code) => [code, totals.get(code) ?? 0])),
    perSecond: { done: rateOf('done'), refused: Object.fromEntries(codes.map((code) => [code, rateOf(code)])) },
  };
}

/** What the queues of the processes did together, by their names; `bounds` are those of the buckets, in seconds. */
export function queueFigures(activities: readonly Activity[], bounds: readonly number[]): QueueFigures[] {
  const names = new Set(activities.flatMap(({ queues }) => Object.keys(queues)));
  return [...names]
    .slice(0, QUEUES_MAX)
    .toSorted()
    .map((queue) => figuresOf(queue, activities, bounds));
}

function figuresOf(queue: string, activities: readonly Activity[], bounds: readonly number[]): QueueFigures {
  const own = activities.map(({ seconds, queues }) => ({
    ...((Object.hasOwn(queues, queue) ? queues[queue] : undefined) ?? UNUSED),
    seconds,
  }));
  const [waiting, batches, commands] = [sum(own, (one) => one.waiting), sum(own, (one) => one.batches), sum(own, (one) => one.commands)];
  const batchSeconds = sumOfBuckets(
    own.map((one) => one.batchSeconds),
    bounds,
  );
  const waitSeconds = sumOfBuckets(
    own.map((one) => one.waitSeconds),
    bounds,
  );
  return {
    queue,
    waiting,
    batchesPerSecond: rounded(sum(own, (one) => perSecond(one.batches, one.seconds))),
    commandsPerSecond: rounded(sum(own, (one) => perSecond(one.commands, one.seconds))),
    meanBatchSize: batches > 0 ? rounded(commands / batches) : null,
    batchMsP50: milliseconds(quantile(batchSeconds, 0.5, bounds)),
    batchMsP99: milliseconds(quantile(batchSeconds, 0.99, bounds)),
    waitMsP99: milliseconds(quantile(waitSeconds, 0.99, bounds)),
  };
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

function sum<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}

function sumOfBuckets(counts: readonly (readonly number[])[], bounds: readonly number[]): number[] {
  return Array.from({ length: bounds.length + 1 }, (_, index) => sum(counts, (each) => each[index] ?? 0));
}

function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

/**
 * The quantile as Prometheus estimates it: even within its bucket, and of the last one its lower bound. Null without observations.
 *
 * @param inBucket how many there are in each bucket of `bounds`, and in the one beyond them.
 */
export function quantile(inBucket: readonly number[], share: number, bounds: readonly number[]): number | null {
  const count = sum(inBucket, (each) => each);
  if (count === 0) return null;
  const rank = share * count;
  let [below, lower] = [0, 0];
  for (const [index, upper] of bounds.entries()) {
    const here = inBucket[index] ?? 0;
    if (below + here >= rank) return here === 0 ? upper : lower + ((upper - lower) * (rank - below)) / here;
    [below, lower] = [below + here, upper];
  }
  return lower;
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds * 1000);
}

/** To a thousandth, so that no figure shows what it does not know. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
