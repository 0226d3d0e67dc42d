/** Every workload beside its empty request, in one run: A B B A, round after round. */
import type { Arm } from '../arms/arm.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { countOf, type Outcome, percentile, type Traffic } from '../load/traffic.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { countsText, spreadText, table, whole } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface RatioResult {
  readonly name: string;
  readonly title: string;
  readonly ratio: Spread;
  readonly perSecond: Spread;
  readonly referencePerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  /** Answers that did not count, of all rounds, by status. */
  readonly uncounted: Readonly<Record<string, number>>;
}

const WARM_UP_SECONDS = 1;

/** Answers a second that count. */
export function rateOf(outcome: Outcome, counted: readonly number[]): number {
  return countOf(outcome, (status) => counted.includes(status)) / outcome.seconds;
}

/** Runs one workload; its arm is audited at the end. */
export async function measureRatio(workload: Workload, shop: Shop, { rounds, seconds, connections }: Pace): Promise<RatioResult> {
  const { arm } = shop;
  const traffic = await workload.open(shop);
  const reference = workload.referenceTraffic(shop);
  const counted = workload.reference === 'post' ? [201] : [200];
  const warm = await run(arm, traffic, connections, WARM_UP_SECONDS, 10_000);
  await closedLoop(arm.port, reference, connections, WARM_UP_SECONDS);
  let expected = rateOf(warm, workload.counted) * seconds;
  const rounded: {
    readonly ratio: number;
    readonly rate: number;
    readonly referenceRate: number;
    readonly outcomes: readonly Outcome[];
  }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = rateOf(await closedLoop(arm.port, reference, connections, seconds), counted);
    const first = await run(arm, traffic, connections, seconds, expected);
    const second = await run(arm, traffic, connections, seconds, expected);
    const after = rateOf(await closedLoop(arm.port, reference, connections, seconds), counted);
    const rate = (rateOf(first, workload.counted) + rateOf(second, workload.counted)) / 2;
    const referenceRate = (before + after) / 2;
    expected = rate * seconds;
    rounded.push({ ratio: rate / referenceRate, rate, referenceRate, outcomes: [first, second] });
  }
  await arm.audit();
  const outcomes = rounded.flatMap((round) => round.outcomes);
  return {
    name: workload.name,
    title: workload.title,
    ratio: spreadOf(rounded.map((round) => round.ratio)),
    perSecond: spreadOf(rounded.map((round) => round.rate)),
    referencePerSecond: spreadOf(rounded.map((round) => round.referenceRate)),
    p50Ms: spreadOf(outcomes.map((outcome) => percentile(outcome, 0.5))),
    p99Ms: spreadOf(outcomes.map((outcome) => percentile(outcome, 0.99))),
    uncounted: uncountedOf(outcomes, workload.counted),
  };
}

const HEADROOM = 1.5;

/** One timed run; what it may use up is prepared before, with room to spare. */
export async function run(arm: Arm, traffic: Traffic, connections: number, seconds: number, expected: number): Promise<Outcome> {
  await traffic.prepare?.(Math.ceil(expected * HEADROOM) + connections);
  return closedLoop(arm.port, traffic, connections, seconds);
}

export function uncountedOf(outcomes: readonly Outcome[], counted: readonly number[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { statuses } of outcomes) {
    for (const [status, answers] of statuses) if (!counted.includes(status)) sums[status] = (sums[status] ?? 0) + answers;
  }
  return sums;
}

export function ratioTable(results: readonly RatioResult[]): string {
  return table([
    ['workload', 'ratio', 'per second', 'empty per second', 'p50 ms', 'p99 ms', 'not counted'],
    ...results.map((result) => [
      result.title,
      spreadText(result.ratio),
      whole(result.perSecond.median),
      whole(result.referencePerSecond.median),
      result.p50Ms.median.toFixed(1),
      result.p99Ms.median.toFixed(1),
      countsText(result.uncounted),
    ]),
  ]);
}
