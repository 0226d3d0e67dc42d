/** What forgetting a million old rows does to those who order meanwhile: the latency of orders with it beside that without. */
import { statement } from '../../server/src/database/database.ts';
import { forgetOld } from '../../server/src/scheduler/retention.ts';
import type { Arm } from '../arms/arm.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { openLoop } from '../load/open-loop.ts';
import { type Outcome, percentile } from '../load/traffic.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { countsText, spreadText, table, whole } from '../report/table.ts';
import { writeLeftovers } from '../scale/leftovers.ts';
import { uniformOrder } from '../workloads/orders.ts';
import type { Shop } from '../workloads/shop.ts';
import { rateOf, uncountedOf } from './ratios.ts';

const CONNECTIONS = 256;
const PEAK_SECONDS = 3;
/** Where queues are short, so that what retention adds is seen and not drowned. */
const SHARE_OF_PEAK = 0.5;
const EVENT_DAYS = 30;

const leftStatement = statement<{ rows: number }>(
  'bench.left',
  `SELECT (SELECT count(*) FROM idempotency_key WHERE created_at < now() - interval '10 days') + (SELECT count(*) FROM outbox_event WHERE created_at < now() - interval '10 days')
        + (SELECT count(*) FROM delivery WHERE created_at < now() - interval '10 days') + (SELECT count(*) FROM delivery_attempt WHERE started_at < now() - interval '10 days') AS rows`,
);

export interface RetentionResult {
  readonly rows: number;
  readonly peakPerSecond: number;
  readonly perSecond: number;
  readonly deletedPerSecond: Spread;
  readonly p50Ms: Pair;
  readonly p99Ms: Pair;
  /** Of the 99th percentiles, round by round. */
  readonly p99Ratio: Spread;
  /** Rounds of those asked for in which there was something to delete until the end; others do not count. */
  readonly rounds: number;
  readonly uncounted: Readonly<Record<string, number>>;
}

interface Pair {
  readonly without: Spread;
  readonly during: Spread;
}

interface Round {
  readonly without: readonly Outcome[];
  readonly during: readonly Outcome[];
  readonly deletedPerSecond: number;
}

/** A B B A in each round: orders at half the peak, without retention and with it. */
export async function measureRetention(
  shop: Shop,
  rows: number,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<RetentionResult> {
  const { arm } = shop;
  const traffic = await uniformOrder.open(shop);
  await closedLoop(arm.port, traffic, CONNECTIONS, 1);
  const peak = rateOf(await closedLoop(arm.port, traffic, CONNECTIONS, PEAK_SECONDS), uniformOrder.counted);
  await writeLeftovers(arm.connection, rows);
  const orders = (): Promise<Outcome> => openLoop(arm.port, traffic, peak * SHARE_OF_PEAK, seconds, CONNECTIONS);
  const counting: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await orders();
    const forgetting = await whileForgetting(arm, async () => [await orders(), await orders()]);
    const last = await orders();
    if (forgetting.hasMore) counting.push({ without: [first, last], during: forgetting.outcomes, deletedPerSecond: forgetting.perSecond });
  }
  if (counting.length === 0) throw new Error(`${rows} rows were forgotten before the first round was over: there is nothing to compare`);
  await arm.audit();
  return summary(rows, peak, counting);
}

/** Runs `work` while the product's own retention deletes as fast as it can. */
async function whileForgetting(
  arm: Arm,
  work: () => Promise<readonly Outcome[]>,
): Promise<{ outcomes: readonly Outcome[]; perSecond: number; hasMore: boolean }> {
  const { database } = arm;
  const left = async (): Promise<number> => (await database.query(leftStatement))[0]?.rows ?? 0;
  const before = await left();
  const ending = new AbortController();
  const startedAt = performance.now();
  const options = { database: database.background, eventRetentionDays: EVENT_DAYS, deleteExpiredSessions: () => Promise.resolve(0) };
  const forgetting = forgetOld(options, new Date(), ending.signal);
  const outcomes = await work();
  ending.abort();
  await forgetting;
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await left();
  return { outcomes, perSecond: (before - after) / seconds, hasMore: after > 0 };
}

function summary(rows: number, peak: number, rounds: readonly Round[]): RetentionResult {
  const pair = (share: number): Pair => ({
    without: spreadOf(rounds.flatMap(({ without }) => without.map((one) => percentile(one, share)))),
    during: spreadOf(rounds.flatMap(({ during }) => during.map((one) => percentile(one, share)))),
  });
  const mean = (outcomes: readonly Outcome[]): number => outcomes.reduce((sum, one) => sum + percentile(one, 0.99), 0) / outcomes.length;
  return {
    rows,
    peakPerSecond: peak,
    perSecond: peak * SHARE_OF_PEAK,
    deletedPerSecond: spreadOf(rounds.map(({ deletedPerSecond }) => deletedPerSecond)),
    p50Ms: pair(0.5),
    p99Ms: pair(0.99),
    p99Ratio: spreadOf(rounds.map(({ without, during }) => mean(during) / mean(without))),
    rounds: rounds.length,
    uncounted: uncountedOf(
      rounds.flatMap(({ without, during }) => [...without, ...during]),
      uniformOrder.counted,
    ),
  };
}

export function retentionTable(result: RetentionResult): string {
  const { rows, perSecond, deletedPerSecond, p50Ms, p99Ms, p99Ratio, rounds, uncounted } = result;
  return table([
    [
      'old rows',
      'rounds',
      'orders a second',
      'rows deleted a second',
      'p50 ms',
      'p50 ms during',
      'p99 ms',
      'p99 ms during',
      'p99 ratio',
      'not counted',
    ],
    [
      whole(rows),
      whole(rounds),
      whole(perSecond),
      spreadText(deletedPerSecond, 0),
      spreadText(p50Ms.without, 1),
      spreadText(p50Ms.during, 1),
      spreadText(p99Ms.without, 1),
      spreadText(p99Ms.during, 1),
      spreadText(p99Ratio, 2),
      countsText(uncounted),
    ],
  ]);
}
