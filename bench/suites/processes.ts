/**
 * One, two and four servers on one database: what they do together, beside one of them alone; and how long what one of them changes
 * takes to be known to another.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createTokenMinter } from '../../server/src/http/auth.ts';
import { type Caller, createCaller } from '../../server/test/support/caller.ts';
import { type Arm, openArm } from '../arms/arm.ts';
import type { Cluster } from '../arms/cluster.ts';
import { sendAll } from '../load/batch.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { getRequestOf, TOKEN_TTL_SECONDS } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { fixed, spreadText, table, whole } from '../report/table.ts';
import { openShop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Pace, rateOf } from './ratios.ts';

const COUNTS = [1, 2, 4] as const;
const WARM_UP_SECONDS = 1;
const EXPECTED_PER_SECOND = 20_000;

/** What so many servers do of a workload. */
export interface Together {
  readonly title: string;
  readonly servers: number;
  readonly perSecond: Spread;
  /** To one server alone, in the same round. */
  readonly ratio: Spread;
  /** Processor time of all servers for one operation. */
  readonly serverMicroseconds: Spread;
}

/** How long a change took until another server showed it; milliseconds. */
export interface Propagation {
  readonly what: string;
  readonly tries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

/** Opens as many servers as are needed, all on the database of the first. */
export async function openServers(cluster: Cluster): Promise<readonly [Arm, ...Arm[]]> {
  const first = await openArm(cluster, { name: 'first', groupCommitMax: null, writers: null });
  const others = [];
  for (let number = 1; number < Math.max(...COUNTS); number += 1) {
    others.push(await openArm(cluster, { name: `server ${number}`, groupCommitMax: null, writers: null, target: first.connection }));
  }
  return [first, ...others];
}

/** The workloads on one, two and four of the servers; the audit runs at the end. */
export async function measureTogether(arms: readonly [Arm, ...Arm[]], workloads: readonly Workload[], pace: Pace): Promise<Together[]> {
  const [first, ...others] = arms;
  const shop = await openShop(first);
  const seen = shop.users.map((user) => () => getRequestOf(user, '/balance'));
  for (const arm of others) await sendAll(arm.port, seen, 200);
  const results: Together[] = [];
  for (const workload of workloads) {
    const traffic = await workload.open(shop);
    const measure = (servers: number, seconds: number) => measureOnce(arms.slice(0, servers), { workload, traffic, seconds, pace });
    for (const servers of COUNTS) await measure(servers, WARM_UP_SECONDS);
    const rounds: ReadonlyMap<number, { readonly rate: number; readonly microseconds: number }>[] = [];
    for (let round = 0; round < pace.rounds; round += 1) {
      const there = new Map<number, Measure>();
      const back = new Map<number, Measure>();
      for (const servers of COUNTS) there.set(servers, await measure(servers, pace.seconds));
      for (const servers of COUNTS.toReversed()) back.set(servers, await measure(servers, pace.seconds));
      rounds.push(new Map(COUNTS.map((servers) => [servers, meanOf(there.get(servers), back.get(servers))])));
    }
    for (const servers of COUNTS) {
      results.push({
        title: workload.title,
        servers,
        perSecond: spreadOf(rounds.map((round) => round.get(servers)?.rate ?? Number.NaN)),
        ratio: spreadOf(rounds.map((round) => (round.get(servers)?.rate ?? Number.NaN) / (round.get(1)?.rate ?? Number.NaN))),
        serverMicroseconds: spreadOf(rounds.map((round) => round.get(servers)?.microseconds ?? Number.NaN)),
      });
    }
  }
  await first.audit();
  return results;
}

interface Measure {
  readonly rate: number;
  readonly microseconds: number;
}

function meanOf(one: Measure | undefined, other: Measure | undefined): Measure {
  if (one === undefined || other === undefined) throw new Error('a round measures everything twice');
  return { rate: (one.rate + other.rate) / 2, microseconds: (one.microseconds + other.microseconds) / 2 };
}

/** One timed run, with the connections shared out among the servers. */
async function measureOnce(
  arms: readonly Arm[],
  run: { readonly workload: Workload; readonly traffic: Traffic; readonly seconds: number; readonly pace: Pace },
): Promise<Measure> {
  const { workload, traffic, seconds, pace } = run;
  await traffic.prepare?.(Math.ceil(EXPECTED_PER_SECOND * seconds));
  const cpuOf = async (): Promise<number> =>
    (await Promise.all(arms.map((arm) => arm.usage()))).reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0);
  const before = await cpuOf();
  const outcomes = await Promise.all(arms.map(({ port }) => closedLoop(port, traffic, pace.connections / arms.length, seconds)));
  const rate = outcomes.reduce((sum, outcome) => sum + rateOf(outcome, workload.counted), 0);
  return { rate, microseconds: ((await cpuOf()) - before) / (rate * seconds) };
}

/** Changes things at one server, and looks at another until it shows them. */
export async function measurePropagation(arms: readonly [Arm, ...Arm[]], tries: number): Promise<Propagation[]> {
  const [here, there = here] = arms;
  const callerAt = await callersOf(here.secret);
  const staff = await callerAt(here, 'staff', 'staff');
  const results: Propagation[] = [];
  const changes = {
    'a product renamed': renamed,
    'the stock of a page': sold,
    'an option restocked': restocked,
    'a coupon raised': raised,
  };
  for (const [what, change] of Object.entries(changes)) {
    const times: number[] = [];
    for (let number = 0; number < tries; number += 1) {
      const shows = await change({ staff, number, customer: (name) => callerAt(here, name), visitor: (name) => callerAt(there, name) });
      const changedAt = performance.now();
      while (!(await shows())) await delay(1);
      times.push(performance.now() - changedAt);
      // The next change finds memories of any age.
      await delay(Math.random() * 900);
    }
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
    results.push({ what, tries, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) });
  }
  await here.audit();
  return results;
}

interface Scene {
  readonly number: number;
  /** At the server where things change. */
  readonly staff: Caller;
  readonly customer: (name: string) => Promise<Caller>;
  /** At the other one. */
  readonly visitor: (name: string) => Promise<Caller>;
}

/** Makes a change, and gives what tells whether the other server shows it. */
type Change = (scene: Scene) => Promise<() => Promise<boolean>>;

async function productOf({ staff, number }: Scene, what: string, stock: number): Promise<{ productId: string; optionId: string }> {
  const made = await staff.post('/products', { name: what, options: [{ sku: `${what}-${number}`, name: 'one', price: 100, stock }] });
  return { productId: made.body.id, optionId: made.body.options[0]?.id ?? '' };
}

const renamed: Change = async (scene) => {
  const { productId } = await productOf(scene, 'renamed', 1);
  const visitor = await scene.visitor('visitor');
  await visitor.get(`/products/${productId}`);
  await scene.staff.call('PATCH', `/products/${productId}`, { name: 'new' });
  return async () => (await visitor.get(`/products/${productId}`)).body.name === 'new';
};

const sold: Change = async (scene) => {
  const { productId, optionId } = await productOf(scene, 'sold', 5);
  const visitor = await scene.visitor('visitor');
  await visitor.get(`/products/${productId}`);
  await (await scene.customer(`buyer-${scene.number}`)).post('/orders', { lines: [{ optionId, quantity: 1 }] });
  return async () => (await visitor.get(`/products/${productId}`)).body.options[0]?.available === 4;
};

const restocked: Change = async (scene) => {
  const { optionId } = await productOf(scene, 'restocked', 0);
  const visitor = await scene.visitor(`restocked-${scene.number}`);
  const order = () => visitor.post('/orders', { lines: [{ optionId, quantity: 1 }] });
  await order();
  await scene.staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'more' });
  return async () => (await order()).status === 201;
};

const raised: Change = async (scene) => {
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const coupon = { name: 'raised', discount: { type: 'fixed', amount: 1 }, quantity: 1, expiresAt };
  const couponId = (await scene.staff.post('/coupons', coupon)).body.id;
  await (await scene.customer(`first-${scene.number}`)).post(`/coupons/${couponId}/issue`);
  const visitor = await scene.visitor(`second-${scene.number}`);
  await visitor.post(`/coupons/${couponId}/issue`);
  await scene.staff.call('PATCH', `/coupons/${couponId}`, { quantity: 2 });
  return async () => (await visitor.post(`/coupons/${couponId}/issue`)).status === 201;
};

async function callersOf(secret: string): Promise<(arm: Arm, sub: string, role?: 'staff') => Promise<Caller>> {
  const mint = createTokenMinter({ secret, issuer: null, audience: null });
  return async (arm, sub, role) => {
    const token = await mint({ sub, ttlSeconds: TOKEN_TTL_SECONDS, ...(role === undefined ? {} : { role }) });
    return createCaller(`http://127.0.0.1:${arm.port}`, sub, token);
  };
}

export function processesTable(together: readonly Together[], propagations: readonly Propagation[]): string {
  return [
    table([
      ['workload', 'servers', 'per second', 'to one server', 'server µs an operation'],
      ...together.map(({ title, servers, perSecond, ratio, serverMicroseconds }) => [
        title,
        String(servers),
        whole(perSecond.median),
        spreadText(ratio),
        whole(serverMicroseconds.median),
      ]),
    ]),
    '',
    'From the answer to a change at one server until another shows it:',
    '',
    table([
      ['change', 'tries', 'p50 ms', 'p99 ms', 'most ms'],
      ...propagations.map(({ what, tries, p50Ms, p99Ms, mostMs }) => [
        what,
        String(tries),
        fixed(p50Ms, 0),
        fixed(p99Ms, 0),
        fixed(mostMs, 0),
      ]),
    ]),
  ].join('\n');
}
