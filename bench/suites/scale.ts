/** The same operations on a young shop and on old ones: what grows with the data. */
import { randomInt } from 'node:crypto';
import { openArm } from '../arms/arm.ts';
import type { Cluster } from '../arms/cluster.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { postRequest, type User } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import { lineChart } from '../report/chart.ts';
import { spreadOf } from '../report/statistics.ts';
import { fixed, table, whole } from '../report/table.ts';
import { type Size, writeHistory } from '../scale/history.ts';
import { hotCoupon } from '../workloads/coupons.ts';
import { orderBody, payingClient } from '../workloads/orders.ts';
import { openShop, type Shop } from '../workloads/shop.ts';
import { at, counter, stream } from '../workloads/workload.ts';
import { type Costs, measureTraffic } from './costs.ts';

const CONNECTIONS = 256;
const ROUNDS = 5;
const SECONDS = 2;
const RANKINGS = 5;
const OPTIONS_SEEN = 5000;

export interface ScaleResult {
  readonly size: Size;
  readonly generatedSeconds: number;
  readonly databaseBytes: number;
  readonly operations: readonly ScaleOperation[];
  /** How long `POST /rankings/refresh` takes. */
  readonly rankingMs: number;
  readonly auditSeconds: number;
}

interface ScaleOperation {
  readonly name: string;
  readonly perSecond: number;
  /** Processor time of server and database together for one answer; the median of the rounds. */
  readonly microseconds: number;
  readonly databaseMicroseconds: number;
}

/** What is measured: each on keys from all over the shop, for a hot row is as hot in a large shop. */
async function operationsOf(shop: Shop, optionIds: readonly string[]): Promise<readonly (readonly [string, Traffic, readonly number[]])[]> {
  const turn = counter();
  const nextUser = (): User => at(shop.users, turn());
  const body = (): string => orderBody([{ optionId: at(optionIds, randomInt(optionIds.length)), quantity: 1 }]);
  return [
    ['order', stream(() => postRequest(nextUser(), '/orders', body())), [201]],
    ['order + payment', { client: () => payingClient(nextUser, body) }, [201]],
    ['charge', stream(() => postRequest(nextUser(), '/balance/charge', '{"amount":1000}')), [200]],
    ['coupon', await hotCoupon.open(shop), [201]],
  ];
}

export async function measureScale(cluster: Cluster, size: Size): Promise<ScaleResult> {
  const startedAt = performance.now();
  const name = `history-${size.orders}`;
  const target = await cluster.createDatabase(name);
  await writeHistory(target, size);
  const generatedSeconds = (performance.now() - startedAt) / 1000;
  const arm = await openArm(cluster, { name, groupCommitMax: null, writers: null, target });
  const shop = await openShop(arm, Math.min(size.users, 40_000));
  const optionIds = await optionsOf(shop);
  const operations: ScaleOperation[] = [];
  for (const [operation, traffic, counted] of await operationsOf(shop, optionIds)) {
    await closedLoop(arm.port, traffic, CONNECTIONS, SECONDS);
    const rounds: Omit<Costs, 'name' | 'title'>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measureTraffic(arm, traffic, counted, { seconds: SECONDS, connections: CONNECTIONS }));
    }
    operations.push({
      name: operation,
      perSecond: spreadOf(rounds.map((one) => one.perSecond)).median,
      microseconds: spreadOf(rounds.map((one) => one.serverMicroseconds + one.databaseMicroseconds)).median,
      databaseMicroseconds: spreadOf(rounds.map((one) => one.databaseMicroseconds)).median,
    });
  }
  const rankings: number[] = [];
  for (let round = 0; round < RANKINGS; round += 1) {
    const askedAt = performance.now();
    await shop.staff('POST', '/rankings/refresh', {});
    rankings.push(performance.now() - askedAt);
  }
  const databaseBytes = await arm.databaseBytes();
  const auditedAt = performance.now();
  await arm.audit();
  const auditSeconds = (performance.now() - auditedAt) / 1000;
  await arm.close();
  return { size, generatedSeconds, databaseBytes, operations, rankingMs: spreadOf(rankings).median, auditSeconds };
}

/** The options of some thousand products, found as a visitor finds them. */
async function optionsOf(shop: Shop): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null && ids.length < OPTIONS_SEEN) {
    const response = await fetch(`http://127.0.0.1:${shop.arm.port}/products?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const text = await response.text();
    for (const [, id] of text.matchAll(/\{"id":"([0-9a-f-]{36})","productId"/g)) if (id !== undefined) ids.push(id);
    cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1] ?? null;
  }
  return ids;
}

export function scaleTable(results: readonly ScaleResult[]): string {
  const operations = results[0]?.operations.map(({ name }) => name) ?? [];
  const of = (result: ScaleResult, name: string): ScaleOperation | undefined =>
    result.operations.find((operation) => operation.name === name);
  return table([
    ['', ...results.map(({ size }) => `${whole(size.orders)} orders`)],
    ['users', ...results.map(({ size }) => whole(size.users))],
    ['products', ...results.map(({ size }) => whole(size.products))],
    ['database, MB', ...results.map(({ databaseBytes }) => whole(databaseBytes / 1e6))],
    ...operations.flatMap((name) => [
      [`${name}: a second`, ...results.map((result) => whole(of(result, name)?.perSecond ?? Number.NaN))],
      [`${name}: µs of processor`, ...results.map((result) => fixed(of(result, name)?.microseconds ?? Number.NaN, 1))],
      [`${name}: of it the database’s`, ...results.map((result) => fixed(of(result, name)?.databaseMicroseconds ?? Number.NaN, 1))],
    ]),
    ['ranking: ms', ...results.map(({ rankingMs }) => fixed(rankingMs, 0))],
    ['audit: s', ...results.map(({ auditSeconds }) => fixed(auditSeconds, 1))],
  ]);
}

export function scaleChart(results: readonly ScaleResult[]): string {
  const operations = results[0]?.operations.map(({ name }) => name) ?? [];
  return lineChart(
    'Cost of one request against the size of the shop',
    'orders in the database',
    'processor time of server and database, µs',
    operations.map((label) => ({
      label,
      points: results.map(({ size, operations: own }) => ({
        x: size.orders,
        y: own.find(({ name }) => name === label)?.microseconds ?? 0,
      })),
    })),
  );
}

export function rankingChart(results: readonly ScaleResult[]): string {
  return lineChart('Cost of a new ranking against the size of the shop', 'orders in the database', 'milliseconds', [
    { label: 'ranking', points: results.map(({ size, rankingMs }) => ({ x: size.orders, y: rankingMs })) },
  ]);
}
