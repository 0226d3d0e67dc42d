/**
 * Group commit beside one transaction a request: the same server and the same code with `GROUP_COMMIT_MAX=1` and the
 * number of connections that suits it best, over all degrees of concurrency.
 */
import { type Arm, openArm } from '../arms/arm.ts';
import type { Cluster } from '../arms/cluster.ts';
import type { Spread } from '../report/statistics.ts';
import { spreadText, table, whole } from '../report/table.ts';
import { openShop, type Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Measured, measurePair, openPair, type Pace } from './pair.ts';
import { rateOf, run } from './ratios.ts';

const POOLS = [4, 8, 16, 32];
const TRIAL_CONNECTIONS = 64;
const TRIAL_SECONDS = 2;
const EXPECTED_PER_SECOND = 20_000;

export interface Contention {
  readonly workload: string;
  readonly title: string;
  readonly connections: number;
  /** Rate of group commit to that of one transaction a request. */
  readonly ratio: Spread;
  readonly group: Measured;
  readonly single: Measured;
}

export interface PoolTrial {
  readonly workload: string;
  readonly writers: number;
  readonly perSecond: number;
}

/** Tries the pool sizes with one transaction a request and gives an open arm with the best one. */
export async function openBestSingle(
  cluster: Cluster,
  workload: Workload,
): Promise<{ readonly arm: Arm; readonly shop: Shop; readonly trials: readonly PoolTrial[] }> {
  const trials: PoolTrial[] = [];
  for (const writers of POOLS) {
    const arm = await openArm(cluster, { name: `trial-${workload.name}-${writers}`, groupCommitMax: 1, writers });
    const shop = await openShop(arm, 4000);
    const traffic = await workload.open(shop);
    await run(arm, traffic, TRIAL_CONNECTIONS, 0.5, EXPECTED_PER_SECOND);
    const outcome = await run(arm, traffic, TRIAL_CONNECTIONS, TRIAL_SECONDS, EXPECTED_PER_SECOND);
    await arm.audit();
    await arm.close();
    trials.push({ workload: workload.name, writers, perSecond: rateOf(outcome, workload.counted) });
  }
  const best = trials.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  if (best === undefined) throw new Error('no pool was tried');
  const arm = await openArm(cluster, { name: `single-${workload.name}`, groupCommitMax: 1, writers: best.writers });
  return { arm, shop: await openShop(arm), trials };
}

/** One workload at several degrees of concurrency; both arms are audited at the end. */
export async function measureContention(
  workload: Workload,
  shops: { readonly group: Shop; readonly single: Shop },
  pace: Pace & { readonly concurrencies: readonly number[] },
): Promise<Contention[]> {
  const traffics = await openPair(workload, [shops.group, shops.single]);
  const results: Contention[] = [];
  for (const connections of pace.concurrencies) {
    const { ratio, first: group, second: single } = await measurePair(workload, traffics, { ...pace, connections });
    results.push({ workload: workload.name, title: workload.title, connections, ratio, group, single });
  }
  await shops.group.arm.audit();
  await shops.single.arm.audit();
  return results;
}

export function contentionTable(results: readonly Contention[], trials: readonly PoolTrial[]): string {
  return [
    table([
      [
        'workload',
        'connections',
        'group / single',
        'group per s',
        'single per s',
        'group p50 ms',
        'single p50 ms',
        'group p99 ms',
        'single p99 ms',
      ],
      ...results.map(({ title, connections, ratio, group, single }) => [
        title,
        String(connections),
        spreadText(ratio, 1),
        whole(group.perSecond.median),
        whole(single.perSecond.median),
        group.p50Ms.median.toFixed(2),
        single.p50Ms.median.toFixed(2),
        group.p99Ms.median.toFixed(1),
        single.p99Ms.median.toFixed(1),
      ]),
    ]),
    '',
    'One transaction a request, tried with:',
    '',
    table([
      ['workload', 'connections to the database', 'per second'],
      ...trials.map(({ workload, writers, perSecond }) => [workload, String(writers), whole(perSecond)]),
    ]),
  ].join('\n');
}
