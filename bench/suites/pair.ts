/** Two arms under one workload, A B B A in each round. */
import { type Outcome, percentile, type Traffic } from '../load/traffic.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { rateOf, run } from './ratios.ts';

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
}

export interface Measured {
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

/** One workload on two shops. */
export type OpenPair = readonly [OpenShop, OpenShop];

interface OpenShop {
  readonly shop: Shop;
  readonly traffic: Traffic;
}

export async function openPair(workload: Workload, [first, second]: readonly [Shop, Shop]): Promise<OpenPair> {
  return [
    { shop: first, traffic: await workload.open(first) },
    { shop: second, traffic: await workload.open(second) },
  ];
}

/** `ratio` is of the rate of the first to that of the second, round by round. The arms are not audited. */
export async function measurePair(
  workload: Workload,
  pair: OpenPair,
  pace: Pace & { readonly connections: number },
): Promise<{ readonly ratio: Spread; readonly first: Measured; readonly second: Measured }> {
  const { counted } = workload;
  const measure = ({ shop, traffic }: OpenShop): Promise<Outcome> => run(shop.arm, traffic, pace.connections, pace.seconds, 0);
  const rate = (runs: readonly Outcome[]): number => runs.reduce((sum, one) => sum + rateOf(one, counted), 0);
  for (const one of pair) await measure(one);
  const outcomes: readonly [Outcome[], Outcome[]] = [[], []];
  const ratios: number[] = [];
  for (let round = 0; round < pace.rounds; round += 1) {
    const first = await measure(pair[0]);
    const others = [await measure(pair[1]), await measure(pair[1])];
    const last = await measure(pair[0]);
    ratios.push(rate([first, last]) / rate(others));
    outcomes[0].push(first, last);
    outcomes[1].push(...others);
  }
  return { ratio: spreadOf(ratios), first: measuredOf(outcomes[0], counted), second: measuredOf(outcomes[1], counted) };
}

function measuredOf(outcomes: readonly Outcome[], counted: readonly number[]): Measured {
  return {
    perSecond: spreadOf(outcomes.map((outcome) => rateOf(outcome, counted))),
    p50Ms: spreadOf(outcomes.map((outcome) => percentile(outcome, 0.5))),
    p99Ms: spreadOf(outcomes.map((outcome) => percentile(outcome, 0.99))),
  };
}
