/** The writes that move goods and money, with the server killed at every call of the database that they make. */
import { expect, onTestFinished } from 'vitest';
import type { ConnectionTarget } from '../../server/src/database/database.ts';
import { createCaller } from '../../server/test/support/caller.ts';
import { createServerProcess } from '../../server/test/support/fault-process.ts';
import { openProxy } from '../../server/test/support/fault-proxy.ts';
import { serveThrough } from '../../server/test/support/fault-server.ts';
import type { Shop } from '../../server/test/support/shop.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { countsNote, countsOf } from './counts.ts';
import { type Behind, expectClean, openUndisturbed, tryCase, UNDISTURBED, type Undisturbed, undisturbed } from './scene.ts';

const ROUTES = [
  'POST /orders',
  'POST /payments',
  'POST /balance/charge',
  'POST /coupons/:couponId/issue',
  'POST /payments/:paymentId/refunds',
];
const MOMENTS = ['killBefore', 'killAfter'] as const;
const ALL = 1_000_000;

/** The target as a setting; PostgreSQL behind a socket trusts its user. */
function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url;
  return `postgres://${target.user}@${target.host}:${target.port}/${target.database}`;
}

/** What the writes do, from a server in this process, which does nothing by itself. */
async function usually(shop: Shop): Promise<ReadonlyMap<string, Undisturbed>> {
  const server = await serveThrough(shop.target, { overrides: UNDISTURBED, requestsOnly: true });
  const behind = { proxy: server.proxy, at: server.at, ready: async () => undefined };
  const known = new Map<string, Undisturbed>();
  for (const route of ROUTES) known.set(route, await undisturbed(shop, behind, route));
  await server.close();
  return known;
}

/** A server process behind a wire, which starts again when it has been killed. */
async function behindProcess(shop: Shop): Promise<Behind> {
  const proxy = await openProxy(shop.target);
  onTestFinished(() => proxy.close());
  const settings = {
    DATABASE_URL: urlOf(proxy.target),
    LOG_LEVEL: 'error',
    MAX_PENDING_ORDERS: '1000000',
    RANK_CRON: UNDISTURBED.rankCron,
    ORDER_TTL_SECONDS: String(UNDISTURBED.orderTtlSeconds),
  };
  const server = await createServerProcess(settings);
  onTestFinished(() => server.clear());
  let running = Promise.resolve(false);
  return {
    proxy,
    at: ({ userId, token }) => createCaller(server.baseUrl, userId, token),
    kill: () => {
      running = server.kill(false).then(() => false);
    },
    ready: async () => {
      if (await running) return;
      await server.start();
      running = Promise.resolve(true);
    },
  };
}

prove(
  'kill -9 at every call',
  {
    promise:
      'Where the server dies in the middle of an order, a payment, a charge, an issue of a coupon or a refund, its client repeats with the key: exactly one effect, the same answer again, and books that balance',
    how: 'kill -9 of the process before each call of the database that the write makes, and after it; then the server starts again',
    unit: 'kills at a call',
    short: 2,
    long: ALL,
  },
  async ({ tries, seed }) => {
    const shop = await openUndisturbed();
    const usual = await usually(shop);
    const behind = await behindProcess(shop);
    const all = [...usual].flatMap(([route, { calls }]) =>
      calls.flatMap((_text, index) => MOMENTS.map((fault) => ({ route, call: index + 1, fault }))),
    );
    const random = randomOf(seed);
    const drawn = MOMENTS.flatMap((fault) => {
      const cases = all.filter((one) => one.fault === fault);
      return cases.slice(random.below(cases.length)).slice(0, 1);
    });
    const counts = countsOf(MOMENTS);
    for (const one of tries === ALL ? all : drawn) {
      await behind.ready();
      const known = usual.get(one.route);
      if (known === undefined) throw new Error(`${one.route} is not known`);
      if (!(await tryCase(shop, behind, one, known))) throw new Error(`${one.fault} never happened at call ${one.call} of ${one.route}`);
      counts.add(one.fault);
    }
    await expectClean(shop, 'the kills');
    expect(counts.never()).toEqual([]);
    return { tries: counts.sum(), note: countsNote(counts) };
  },
);
