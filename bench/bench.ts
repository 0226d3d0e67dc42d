/** `npm run bench`: measures, audits, prints tables and writes results. What is measured and how: `bench/README.md`. */
import { Command } from 'commander';
import { type Arm, openArm } from './arms/arm.ts';
import { openCitus } from './arms/citus.ts';
import { type Cluster, openCluster } from './arms/cluster.ts';
import { describeMachine } from './arms/machine.ts';
import { baselineTable, findPgbench, measureBaselines } from './baselines/pgbench.ts';
import { barChart } from './report/chart.ts';
import { type Report, writeReport } from './report/results.ts';
import { citusTable, measureCitus } from './suites/citus.ts';
import { contentionTable, measureContention, openBestSingle } from './suites/contention.ts';
import { costTable, measureCosts } from './suites/costs.ts';
import { latencyTable, measureLatency } from './suites/latency.ts';
import { measureMemory, memoryChart, memoryTable } from './suites/memory.ts';
import { measurePropagation, measureTogether, openServers, processesTable } from './suites/processes.ts';
import { measureRatio, ratioTable } from './suites/ratios.ts';
import { measureRetention, retentionTable } from './suites/retention.ts';
import { measureScale, rankingChart, scaleChart, scaleTable } from './suites/scale.ts';
import { measureDrains, measureEventCosts, transmissionTable } from './suites/transmission.ts';
import { charges } from './workloads/balances.ts';
import { hotCoupon } from './workloads/coupons.ts';
import { day } from './workloads/day.ts';
import { hotOrder, orderAndPayment, uniformOrder } from './workloads/orders.ts';
import { openShop } from './workloads/shop.ts';
import type { Workload } from './workloads/workload.ts';
import { WORKLOADS } from './workloads/workloads.ts';

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly only: readonly string[] | undefined;
  readonly node: string | undefined;
  readonly nodeOptions: string | undefined;
  readonly url: string | null;
  readonly citusUrl: string | undefined;
  readonly out: string | undefined;
}

type Suite = (cluster: Cluster, options: Options) => Promise<{ readonly report: Report; readonly arm: Arm }>;

const chosen = (options: Options, workloads: readonly Workload[]): readonly Workload[] =>
  workloads.filter(({ name }) => options.only === undefined || options.only.includes(name));

const openGroup = ({ node, nodeOptions }: Options, cluster: Cluster): Promise<Arm> =>
  openArm(cluster, { name: 'group', groupCommitMax: null, writers: null, node, nodeOptions: nodeOptions?.split(' ') ?? [] });

const ratios: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const shop = await openShop(arm);
  const results = [];
  for (const workload of chosen(options, WORKLOADS)) results.push(await measureRatio(workload, shop, options));
  const chart = barChart(
    'Answers a second beside an empty request through the same stack (1.0)',
    results.map(({ title, ratio, perSecond }) => ({
      label: title,
      value: ratio,
      note: `${ratio.median.toFixed(2)} · ${Math.round(perSecond.median).toLocaleString('en-US')}/s`,
    })),
    1,
  );
  return {
    arm,
    report: { name: 'ratios', text: ratioTable(results), results: { pace: options, ratios: results }, charts: { ratios: chart } },
  };
};

const costs: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const shop = await openShop(arm);
  const results = [];
  for (const workload of chosen(options, WORKLOADS)) results.push(await measureCosts(workload, shop, options));
  return { arm, report: { name: 'costs', text: costTable(results), results } };
};

const contention: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const group = await openShop(arm);
  const results = [];
  const trials = [];
  for (const workload of chosen(options, [hotCoupon, hotOrder, uniformOrder])) {
    const best = await openBestSingle(cluster, workload);
    trials.push(...best.trials);
    const pace = { ...options, concurrencies: [1, 4, 16, 64, 256, 1024] };
    results.push(...(await measureContention(workload, { group, single: best.shop }, pace)));
    await best.arm.close();
  }
  return { arm, report: { name: 'contention', text: contentionTable(results, trials), results: { results, trials } } };
};

const latency: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const shop = await openShop(arm);
  const results = [];
  for (const workload of chosen(options, [hotCoupon, hotOrder, orderAndPayment, uniformOrder, charges, day])) {
    results.push(...(await measureLatency(workload, shop, options)));
  }
  return { arm, report: { name: 'latency', text: latencyTable(results), results } };
};

const baselines: Suite = async (cluster, options) => {
  const arm = await openArm(cluster, { name: 'baseline', groupCommitMax: null, writers: null });
  const pgbench = findPgbench();
  const results = pgbench === null ? [] : await measureBaselines(pgbench, await openShop(arm, 1), options);
  const text = pgbench === null ? 'pgbench is not installed: not measured.' : baselineTable(results);
  return { arm, report: { name: 'baselines', text, results } };
};

const SIZES = [
  { orders: 1_000, users: 40_000, products: 5_000 },
  { orders: 1_000_000, users: 1_000_000, products: 100_000 },
  { orders: 10_000_000, users: 1_000_000, products: 100_000 },
];

const scale: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const sizes = SIZES.filter(({ orders }) => options.only === undefined || options.only.includes(String(orders)));
  const results = await measureScale(cluster, sizes);
  return {
    arm,
    report: { name: 'scale', text: scaleTable(results), results, charts: { scale: scaleChart(results), ranking: rankingChart(results) } },
  };
};

const memory: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const idle = (await arm.usage()).rssBytes / 1e6;
  const shop = await openShop(arm);
  const result = await measureMemory(idle, [hotCoupon, orderAndPayment, day], shop, options.seconds / 60);
  return { arm, report: { name: 'memory', text: memoryTable(result), results: result, charts: { memory: memoryChart(result) } } };
};

const PROPAGATION_TRIES = 20;

const processes: Suite = async (cluster, options) => {
  const arms = await openServers(cluster);
  const [arm, ...others] = arms;
  const together = await measureTogether(arms, chosen(options, [hotOrder, hotCoupon, uniformOrder]), options);
  const propagations = await measurePropagation(arms, PROPAGATION_TRIES);
  for (const other of others) await other.close();
  return { arm, report: { name: 'processes', text: processesTable(together, propagations), results: { together, propagations } } };
};

const transmission: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const eventCosts = options.only?.includes('drain') === true ? [] : await measureEventCosts(cluster, options);
  const drains = options.only?.includes('cost') === true ? [] : await measureDrains(cluster);
  return { arm, report: { name: 'transmission', text: transmissionTable(eventCosts, drains), results: { costs: eventCosts, drains } } };
};

const OLD_ROWS = 1_000_000;

const retention: Suite = async (cluster, options) => {
  const arm = await openGroup(options, cluster);
  const result = await measureRetention(await openShop(arm, 5000), Number(options.only?.[0] ?? OLD_ROWS), options);
  return { arm, report: { name: 'retention', text: retentionTable(result), results: result } };
};

/** Fewer than elsewhere: each is charged through both arms before the first measurement. */
const USERS = 5000;

const citus: Suite = async (cluster, options) => {
  if (options.citusUrl === undefined) throw new Error('--citus-url of a coordinator is needed');
  const arm = await openGroup(options, cluster);
  const spread = await openCitus(options.citusUrl);
  try {
    const spreadArm = await openGroup(options, spread);
    const shops = { citus: await openShop(spreadArm, USERS), plain: await openShop(arm, USERS) };
    const workloads = chosen(options, [hotOrder, uniformOrder, orderAndPayment, charges, day]);
    const results = await measureCitus(workloads, spread, shops, options);
    await spreadArm.close();
    return { arm, report: { name: 'citus', text: citusTable(results), results } };
  } finally {
    await spread.close();
  }
};

const SUITES: Readonly<Record<string, { readonly run: Suite; readonly about: string; readonly rounds: number; readonly seconds: number }>> =
  {
    ratios: { run: ratios, about: 'every workload beside an empty request', rounds: 5, seconds: 2 },
    contention: { run: contention, about: 'group commit beside one transaction a request', rounds: 5, seconds: 1 },
    latency: { run: latency, about: 'latency at 30, 50, 70 and 90 % of the peak', rounds: 5, seconds: 3 },
    baselines: { run: baselines, about: 'SQL by hand under pgbench', rounds: 5, seconds: 2 },
    costs: { run: costs, about: 'processor time, WAL and flushes of one operation', rounds: 1, seconds: 3 },
    scale: { run: scale, about: 'the cost on a thousand, a million and ten million orders; takes half an hour', rounds: 5, seconds: 2 },
    transmission: { run: transmission, about: 'what events cost a payment, and how a million drain', rounds: 5, seconds: 2 },
    processes: { run: processes, about: 'one, two and four servers on one database', rounds: 5, seconds: 2 },
    retention: {
      run: retention,
      about: 'orders while a million old rows are forgotten; --only is another number of rows',
      rounds: 5,
      seconds: 3,
    },
    citus: { run: citus, about: 'a Citus cluster (--citus-url) beside one PostgreSQL (--url)', rounds: 3, seconds: 2 },
    memory: { run: memory, about: 'resident memory; --seconds is the length of the run', rounds: 1, seconds: 900 },
  };
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const DEFAULT_SUITES = ['ratios', 'contention', 'latency', 'baselines'];

async function runSuite(name: string, options: Options): Promise<void> {
  const suite = SUITES[name];
  if (suite === undefined) throw new Error(`there is no suite ${name}; there are ${Object.keys(SUITES).join(', ')}`);
  const cluster = await openCluster(undefined, options.url);
  const breakOff = (): void => void cluster.close().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, breakOff);
  try {
    const { report, arm } = await suite.run(cluster, options);
    console.log(`\n## ${name}: ${suite.about}\n\n${report.text}`);
    writeReport(report, await describeMachine(arm), options.out);
    await arm.close();
  } finally {
    for (const signal of SIGNALS) process.off(signal, breakOff);
    await cluster.close();
  }
}

const program = new Command('bench')
  .argument('[suites...]', `of ${Object.keys(SUITES).join(', ')}; by default ${DEFAULT_SUITES.join(', ')}`)
  .option('--rounds <n>', 'rounds of each measurement')
  .option('--seconds <n>', 'length of one timed run')
  .option('--connections <n>', 'of the closed loops', '256')
  .option('--only <names>', 'workloads, sizes of scale, or the rows of retention, divided by commas')
  .option('--node <file>', 'the node to run the server with')
  .option('--node-options <flags>', 'flags for the server, such as --cpu-prof')
  .option('--url <url>', 'a PostgreSQL to use instead of the embedded one')
  .option('--citus-url <url>', 'of the suite citus: a database of a coordinator that knows its workers')
  .option('--out <directory>', 'where results are written; by default bench/results')
  .action(async (suites: string[], given: Record<string, string | undefined>) => {
    for (const name of suites.length > 0 ? suites : DEFAULT_SUITES) {
      await runSuite(name, {
        rounds: Number(given['rounds'] ?? SUITES[name]?.rounds),
        seconds: Number(given['seconds'] ?? SUITES[name]?.seconds),
        connections: Number(given['connections']),
        only: given['only']?.split(','),
        node: given['node'],
        nodeOptions: given['nodeOptions'],
        url: given['url'] ?? null,
        citusUrl: given['citusUrl'],
        out: given['out'],
      });
    }
  });
await program.parseAsync();
