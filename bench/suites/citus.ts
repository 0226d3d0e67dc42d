/** A Citus cluster beside one PostgreSQL: the same server and the same code, the tables spread or whole, A B B A; and what an answer costs where. */
import { type Database, DEFAULT_LIMITS, openDatabase } from '../../server/src/database/database.ts';
import type { CitusCluster } from '../arms/citus.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { countOf } from '../load/traffic.ts';
import type { Spread } from '../report/statistics.ts';
import { fixed, spreadText, table, whole } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { cpuOfTree, postmasterOf } from './costs.ts';
import { type Measured, measurePair, type OpenPair, openPair, type Pace } from './pair.ts';

/** Microseconds of processor time for one counted answer. */
interface Costs {
  readonly server: number;
  /** Of the PostgreSQL that the server talks to. */
  readonly coordinator: number;
  /** Of all workers together; 0 where there are none. */
  readonly workers: number;
  readonly load: number;
}

export interface CitusResult {
  readonly workload: string;
  readonly title: string;
  /** Rate on the cluster to that on one PostgreSQL. */
  readonly ratio: Spread;
  readonly citus: Measured & { readonly costs: Costs };
  readonly plain: Measured & { readonly costs: Costs };
}

/** Processes whose children are the sessions of the databases: the one that the server talks to, then those of the workers. */
type Postmasters = readonly [number, ...number[]];

const quiet = (): void => undefined;

async function postmasterAt(url: string): Promise<number> {
  const database: Database = openDatabase({ url }, DEFAULT_LIMITS, quiet);
  const pid = await postmasterOf(database);
  await database.close();
  return pid;
}

async function costsOf(
  { shop: { arm }, traffic }: OpenPair[number],
  [coordinator, ...workers]: Postmasters,
  { counted }: Workload,
  pace: { readonly seconds: number; readonly connections: number },
): Promise<Costs> {
  const read = async (): Promise<Costs> => {
    const { user, system } = process.cpuUsage();
    return {
      server: (await arm.usage()).cpuMicroseconds,
      coordinator: cpuOfTree(coordinator),
      workers: workers.reduce((sum, worker) => sum + cpuOfTree(worker), 0),
      load: user + system,
    };
  };
  const before = await read();
  const outcome = await closedLoop(arm.port, traffic, pace.connections, pace.seconds);
  const after = await read();
  const answers = countOf(outcome, (status) => counted.includes(status));
  const each = (part: keyof Costs): number => (after[part] - before[part]) / answers;
  return { server: each('server'), coordinator: each('coordinator'), workers: each('workers'), load: each('load') };
}

/** The workloads one after the other; both arms are audited after each. */
export async function measureCitus(
  workloads: readonly Workload[],
  { nodes }: CitusCluster,
  shops: { readonly citus: Shop; readonly plain: Shop },
  pace: Pace & { readonly connections: number },
): Promise<CitusResult[]> {
  const [coordinator = 0, ...workers] = await Promise.all(nodes.map(postmasterAt));
  const single = await postmasterOf(shops.plain.arm.database);
  const results: CitusResult[] = [];
  for (const workload of workloads) {
    const pair = await openPair(workload, [shops.citus, shops.plain]);
    const { ratio, first, second } = await measurePair(workload, pair, pace);
    const citus = { ...first, costs: await costsOf(pair[0], [coordinator, ...workers], workload, pace) };
    const plain = { ...second, costs: await costsOf(pair[1], [single], workload, pace) };
    for (const { arm } of [shops.citus, shops.plain]) await arm.audit();
    results.push({ workload: workload.name, title: workload.title, ratio, citus, plain });
  }
  return results;
}

export function citusTable(results: readonly CitusResult[]): string {
  const row = (layout: string, { perSecond, p50Ms, p99Ms, costs }: CitusResult['citus']): string[] => [
    layout,
    whole(perSecond.median),
    fixed(p50Ms.median, 1),
    fixed(p99Ms.median, 1),
    fixed(costs.server, 0),
    fixed(costs.coordinator, 0),
    fixed(costs.workers, 0),
    fixed(costs.load, 0),
  ];
  return [
    table([['workload', 'Citus / one PostgreSQL'], ...results.map(({ title, ratio }) => [title, spreadText(ratio)])]),
    '',
    'Processor time of one answer, in microseconds:',
    '',
    table([
      ['workload', 'database', 'per second', 'p50 ms', 'p99 ms', 'server', 'coordinator', 'workers', 'load'],
      ...results.flatMap(({ title, citus, plain }) => [
        [title, ...row('Citus', citus)],
        [title, ...row('one PostgreSQL', plain)],
      ]),
    ]),
  ].join('\n');
}
