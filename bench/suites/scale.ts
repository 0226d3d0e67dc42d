/** The same operations on a young shop and on old ones: what grows with the data. */
import { randomInt } from 'node:crypto';
import { present } from '../../server/src/kernel/assert.ts';
import { type Arm, openArm } from '../arms/arm.ts';
import type { Cluster } from '../arms/cluster.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { postRequest, type User } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import { lineChart } from '../report/chart.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { fixed, spreadText, table, whole } from '../report/table.ts';
import { type Size, writeHistory } from '../scale/history.ts';
import { hotCoupon } from '../workloads/coupons.ts';
import { orderBody, payingClient } from '../workloads/orders.ts';
import { openShop, type Shop } from '../workloads/shop.ts';
import { at, counter, stream } from '../workloads/workload.ts';
import { type Costs, measureTraffic } from './costs.ts';

const CONNECTIONS = 256;
const ROUNDS = 6;
const SECONDS = 2;
const USERS_SEEN = 40_000;
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

type Round = Omit<Costs, 'name' | 'title'>;

interface ScaleOperation {
  readonly name: string;
  readonly perSecond: number;
  /** Processor time of server and database together for one answer; the median of the rounds. */
  readonly microseconds: Spread;
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

/** A shop of one size, ready to be measured. */
interface Grown {
  readonly size: Size;
  readonly generatedSeconds: number;
  readonly arm: Arm;
  readonly shop: Shop;
  readonly operations: Awaited<ReturnType<typeof operationsOf>>;
}

async function grow(cluster: Cluster, size: Size): Promise<Grown> {
  const startedAt = performance.now();
  const name = `history-${size.orders}`;
  const target = await cluster.createDatabase(name);
  await writeHistory(target, size);
  const generatedSeconds = (performance.now() - startedAt) / 1000;
  const arm = await openArm(cluster, { name, groupCommitMax: null, writers: null, target });
  const shop = await openShop(arm, USERS_SEEN);
  return { size, generatedSeconds, arm, shop, operations: await operationsOf(shop, await optionsOf(shop)) };
}

/** Measures all sizes in turn, A B C C B A, so that a machine that changes its pace changes it for each. */
export async function measureScale(cluster: Cluster, sizes: readonly Size[]): Promise<ScaleResult[]> {
  const shops: Grown[] = [];
  for (const size of sizes) shops.push(await grow(cluster, size));
  const rounds = new Map<Grown, Map<string, Round[]>>(shops.map((shop) => [shop, new Map()]));
  const operations = shops[0]?.operations.map(([name]) => name) ?? [];
  for (const [turn, operation] of operations.entries()) {
    for (const { arm, operations: own } of shops) await closedLoop(arm.port, at(own, turn)[1], CONNECTIONS, SECONDS);
    await inTurn(shops, async (grown) => {
      const [, traffic, counted] = at(grown.operations, turn);
      const round = await measureTraffic(grown.arm, traffic, counted, { seconds: SECONDS, connections: CONNECTIONS });
      addTo(present(rounds.get(grown), 'the rounds of a size'), operation, round);
    });
  }
  const rankings = new Map<Grown, number[]>(shops.map((shop) => [shop, []]));
  await inTurn(shops, async (grown) => {
    const askedAt = performance.now();
    await grown.shop.staff('POST', '/rankings/refresh', {});
    present(rankings.get(grown), 'the rankings of a size').push(performance.now() - askedAt);
  });
  const results: ScaleResult[] = [];
  for (const grown of shops) {
    const { size, generatedSeconds, arm } = grown;
    const databaseBytes = await arm.databaseBytes();
    const auditedAt = performance.now();
    await arm.audit();
    const auditSeconds = (performance.now() - auditedAt) / 1000;
    await arm.close();
    const own = [...present(rounds.get(grown), 'the rounds of a size')].map(([name, some]) => operationOf(name, some));
    results.push({
      size,
      generatedSeconds,
      databaseBytes,
      operations: own,
      rankingMs: spreadOf(present(rankings.get(grown), 'the rankings of a size')).median,
      auditSeconds,
    });
  }
  return results;
}

async function inTurn(shops: readonly Grown[], measure: (shop: Grown) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const shop of round % 2 === 0 ? shops : shops.toReversed()) await measure(shop);
  }
}

function addTo(rounds: Map<string, Round[]>, operation: string, round: Round): void {
  rounds.set(operation, [...(rounds.get(operation) ?? []), round]);
}

function operationOf(name: string, rounds: readonly Round[]): ScaleOperation {
  return {
    name,
    perSecond: spreadOf(rounds.map((one) => one.perSecond)).median,
    microseconds: spreadOf(rounds.map((one) => one.serverMicroseconds + one.databaseMicroseconds)),
    databaseMicroseconds: spreadOf(rounds.map((one) => one.databaseMicroseconds)).median,
  };
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

const NONE: Spread = spreadOf([]);

function microsecondsOf(result: ScaleResult | undefined, name: string): number {
  return result?.operations.find((operation) => operation.name === name)?.microseconds.median ?? Number.NaN;
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
      [`${name}: µs of processor`, ...results.map((result) => spreadText(of(result, name)?.microseconds ?? NONE, 1))],
      [`${name}: beside the smallest`, ...results.map((result) => fixed(microsecondsOf(result, name) / microsecondsOf(results[0], name)))],
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
        y: own.find(({ name }) => name === label)?.microseconds.median ?? 0,
      })),
    })),
  );
}

export function rankingChart(results: readonly ScaleResult[]): string {
  return lineChart('Cost of a new ranking against the size of the shop', 'orders in the database', 'milliseconds', [
    { label: 'ranking', points: results.map(({ size, rankingMs }) => ({ x: size.orders, y: rankingMs })) },
  ]);
}
