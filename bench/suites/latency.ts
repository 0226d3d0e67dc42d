/** Latency from the intended start at fixed shares of the peak, without coordinated omission. */
import { closedLoop } from '../load/closed-loop.ts';
import { openLoop } from '../load/open-loop.ts';
import { type Outcome, percentile } from '../load/traffic.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { countsText, spreadText, table, whole } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { rateOf, uncountedOf } from './ratios.ts';

const SHARES = [0.3, 0.5, 0.7, 0.9];
const PERCENTILES = [0.5, 0.95, 0.99, 0.999];
const PEAK_CONNECTIONS = 256;
const OPEN_CONNECTIONS = 512;
const PEAK_SECONDS = 3;
const WARM_UP_SECONDS = 1;
const PREPARED_PER_SECOND = 20_000;

export interface Latency {
  readonly workload: string;
  readonly title: string;
  /** Of the peak of a closed loop, in requests a second. */
  readonly share: number;
  readonly peakPerSecond: number;
  readonly perSecond: number;
  /** Milliseconds at the 50th, 95th, 99th and 99.9th percentile. */
  readonly percentilesMs: readonly Spread[];
  readonly uncounted: Readonly<Record<string, number>>;
}

export async function measureLatency(
  workload: Workload,
  shop: Shop,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Latency[]> {
  const { arm } = shop;
  const traffic = await workload.open(shop);
  await traffic.prepare?.(PREPARED_PER_SECOND * (PEAK_SECONDS + WARM_UP_SECONDS));
  await closedLoop(arm.port, traffic, PEAK_CONNECTIONS, WARM_UP_SECONDS);
  const peak = rateOf(await closedLoop(arm.port, traffic, PEAK_CONNECTIONS, PEAK_SECONDS), workload.counted);
  const results: Latency[] = [];
  for (const share of SHARES) {
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await traffic.prepare?.(Math.ceil(peak * share * seconds) + OPEN_CONNECTIONS);
      outcomes.push(await openLoop(arm.port, traffic, peak * share, seconds, OPEN_CONNECTIONS));
    }
    results.push({
      workload: workload.name,
      title: workload.title,
      share,
      peakPerSecond: peak,
      perSecond: peak * share,
      percentilesMs: PERCENTILES.map((one) => spreadOf(outcomes.map((outcome) => percentile(outcome, one)))),
      uncounted: uncountedOf(outcomes, workload.counted),
    });
  }
  await arm.audit();
  return results;
}

export function latencyTable(results: readonly Latency[]): string {
  return table([
    ['workload', 'of peak', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'p99.9 ms', 'not counted'],
    ...results.map((result) => [
      result.title,
      `${result.share * 100} %`,
      whole(result.perSecond),
      ...result.percentilesMs.map((spread) => spreadText(spread, 1)),
      countsText(result.uncounted),
    ]),
  ]);
}
