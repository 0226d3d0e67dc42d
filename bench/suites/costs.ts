/** What one operation costs: processor time of server, database and load, WAL and its flushes. Steadier than any rate. */
import { readdirSync, readFileSync } from 'node:fs';
import { type Executor, statement } from '../../server/src/database/database.ts';
import type { Arm } from '../arms/arm.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { countOf, type Traffic } from '../load/traffic.ts';
import { fixed, table, whole } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';

export interface Costs {
  readonly name: string;
  readonly title: string;
  readonly operations: number;
  readonly perSecond: number;
  /** Microseconds of processor time for one counted answer. */
  readonly serverMicroseconds: number;
  readonly databaseMicroseconds: number;
  readonly loadMicroseconds: number;
  readonly walBytes: number;
  readonly operationsPerFlush: number;
}

const TICKS_PER_SECOND = 100;
const WARM_UP_SECONDS = 1;

const walStatement = statement<{ bytes: number; flushes: number }>(
  'bench.wal',
  `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS bytes,
          (SELECT coalesce(sum(fsyncs), 0)::bigint FROM pg_stat_io WHERE object = 'wal') AS flushes`,
);
const backendStatement = statement<{ pid: number }>('bench.backend', 'SELECT pg_backend_pid() AS pid');

/**
 * The processor time of the process and of all its children, in microseconds; of those that have ended it knows by the process, which
 * waited for them. Linux only.
 */
export function cpuOfTree(parent: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = statOf(entry);
    if (stat === null) continue;
    if (Number(entry) === parent) ticks += stat.ticks + stat.endedTicks;
    else if (stat.parent === parent) ticks += stat.ticks;
  }
  return (ticks / TICKS_PER_SECOND) * 1e6;
}

function statOf(pid: string): { readonly parent: number; readonly ticks: number; readonly endedTicks: number } | null {
  try {
    // The name of the program stands in brackets and may hold anything.
    const [, parent, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { parent: Number(parent), ticks: Number(rest[9]) + Number(rest[10]), endedTicks: Number(rest[11]) + Number(rest[12]) };
  } catch {
    // The process has ended since it was listed.
    return null;
  }
}

/** The process that the sessions of a database are children of. */
export async function postmasterOf(database: Pick<Executor, 'query'>): Promise<number> {
  const [backend] = await database.query(backendStatement);
  return statOf(String(backend?.pid))?.parent ?? 0;
}

/** Runs `traffic` for some seconds and divides what it took by the answers that count. */
export async function measureTraffic(
  arm: Arm,
  traffic: Traffic,
  counted: readonly number[],
  options: { readonly seconds: number; readonly connections: number },
): Promise<Omit<Costs, 'name' | 'title'>> {
  const postmaster = await postmasterOf(arm.database);
  const read = async () => {
    const [wal] = await arm.database.query(walStatement);
    const { cpuMicroseconds } = await arm.usage();
    const { user, system } = process.cpuUsage();
    return {
      wal: wal?.bytes ?? 0,
      flushes: wal?.flushes ?? 0,
      server: cpuMicroseconds,
      database: cpuOfTree(postmaster),
      load: user + system,
    };
  };
  const before = await read();
  const outcome = await closedLoop(arm.port, traffic, options.connections, options.seconds);
  const after = await read();
  const operations = countOf(outcome, (status) => counted.includes(status));
  return {
    operations,
    perSecond: operations / outcome.seconds,
    serverMicroseconds: (after.server - before.server) / operations,
    databaseMicroseconds: (after.database - before.database) / operations,
    loadMicroseconds: (after.load - before.load) / operations,
    walBytes: (after.wal - before.wal) / operations,
    operationsPerFlush: operations / (after.flushes - before.flushes),
  };
}

export async function measureCosts(
  workload: Workload,
  shop: Shop,
  options: { readonly seconds: number; readonly connections: number },
): Promise<Costs> {
  const { arm } = shop;
  const traffic = await workload.open(shop);
  await traffic.prepare?.(20_000);
  const warm = await closedLoop(arm.port, traffic, options.connections, WARM_UP_SECONDS);
  await traffic.prepare?.(Math.ceil((warm.latenciesMs.length / WARM_UP_SECONDS) * options.seconds * 2));
  const costs = await measureTraffic(arm, traffic, workload.counted, options);
  await arm.audit();
  return { name: workload.name, title: workload.title, ...costs };
}

export function costTable(costs: readonly Costs[]): string {
  return table([
    ['operation', 'per second', 'server µs', 'database µs', 'load µs', 'WAL bytes', 'per flush'],
    ...costs.map((cost) => [
      cost.title,
      whole(cost.perSecond),
      fixed(cost.serverMicroseconds, 1),
      fixed(cost.databaseMicroseconds, 1),
      fixed(cost.loadMicroseconds, 1),
      whole(cost.walBytes),
      whole(cost.operationsPerFlush),
    ]),
  ]);
}
