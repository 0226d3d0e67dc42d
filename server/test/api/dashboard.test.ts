/** The dashboard: every number is what the documented query gives, and the stream is shared, bounded and ends cleanly. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import type { Answered } from '../support/caller.ts';
import { listen, readSnapshot, type Snapshot } from '../support/dashboard.ts';
import { openCheckedShop, useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, issued, option, paid, placed, product, richCustomer } from '../support/goods.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';

const shop = useShop({ orderTtlSeconds: 600 });

const DOCUMENT = readFileSync(new URL('../../../docs/dashboard.md', import.meta.url), 'utf8');
const QUERIES = new Map(
  [...DOCUMENT.matchAll(/```sql\n-- (\w+)[^\n]*\n([^`]+)```/g)].map(([, name = '', sql = '']) => [name, sql] as const),
);

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What the documented query gives, as JSON has it. */
async function documented(of: Shop, name: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const { rows } = await of.database.readers.query<object>(QUERIES.get(name) ?? '', [...values]);
  const plain: unknown = JSON.parse(JSON.stringify(rows));
  return isList(plain) ? plain : [];
}

async function snapshotOf(of: Shop): Promise<Snapshot> {
  const answer = await fetch(`${of.baseUrl}/dashboard`, { headers: { authorization: `Bearer ${of.staff.token}` } });
  expect(answer.status).toBe(200);
  return readSnapshot(await answer.text());
}

/** Sells, lets wait, cancels, expires, refunds and refuses. */
async function sell(of: Shop): Promise<void> {
  const customer = await richCustomer(of, 100_000);
  const scarce = await option(of, { price: 700, stock: 7 });
  const couponId = await couponOf(of, { quantity: 2, discount: { type: 'fixed', amount: 50 } });
  const userCouponId = await issued(customer, couponId);
  await issued(await of.customer(), couponId);
  expect((await (await of.customer()).post(`/coupons/${couponId}/issue`)).body.code).toBe('COUPON_SOLD_OUT');
  await couponOf(of, { startsAt: new Date(Date.now() + 3_600_000), expiresAt: new Date(Date.now() + 7_200_000) });
  const paymentId = await paid(customer, await placed(customer, scarce, 2, userCouponId));
  await paid(customer, await placed(customer, scarce));
  await placed(customer, scarce);
  expectStatus(await customer.post(`/orders/${await placed(customer, scarce)}/cancel`), 200);
  const refund = { lines: [{ optionId: scarce, quantity: 1 }], restock: false, reason: 'x' };
  expectStatus(await of.staff.post(`/payments/${paymentId}/refunds`, refund), 201);
  const gone = await option(of, { price: 0, stock: 1 });
  await placed(customer, gone);
  for (let times = 0; times < 3; times += 1) {
    expect((await customer.post('/orders', { lines: [{ optionId: gone, quantity: 1 }] })).body.code).toBe('OUT_OF_STOCK');
  }
  await product(of, [{ stock: 3 }], { status: 'hidden' });
  await eventually(async () => (await of.staff.get('/deliveries?status=pending')).body.items).toEqual([]);
}

describe('a snapshot', () => {
  test('has numbers that equal the documented queries, all of them', async () => {
    const own = await openCheckedShop({ orderTtlSeconds: 600 });
    await sell(own);
    await sleep(1000);
    const snapshot = await snapshotOf(own);
    const { sales, orders, holds, coupons, stock, deliveries } = snapshot;
    for (const { from, to, ...figures } of [sales.today, sales.lastHour]) {
      expect([figures]).toEqual(await documented(own, 'sales', [from, to]));
    }
    expect(sales.lastHour).toMatchObject({ orders: 5, payments: 2, revenue: 1350 + 700 });
    const byStatus = Object.entries(orders.byStatus).map(([status, count]) => ({ status, orders: count }));
    expect(new Set(byStatus)).toEqual(new Set(await documented(own, 'orders', [orders.from, orders.to])));
    expect(orders.byStatus).toEqual({ pending: 2, cancelled: 1, paid: 1, partiallyRefunded: 1 });
    const { asOf, ...held } = holds;
    expect([held]).toEqual(await documented(own, 'holds', [asOf]));
    expect(held).toMatchObject({ orders: 2, total: 700, expiringWithinMinute: 0, overdue: 0 });
    const plain = coupons.map(({ remaining, issuedPerSecond, secondsLeft, ...kept }) => {
      expect([remaining, secondsLeft === null]).toEqual([kept.quantity - kept.issued, issuedPerSecond === 0]);
      return kept;
    });
    expect(plain).toEqual(await documented(own, 'coupons', [snapshot.asOf]));
    expect(plain).toMatchObject([{ quantity: 2, issued: 2 }]);
    expect(stock.runningOut).toEqual(await documented(own, 'runningOut'));
    expect(stock.runningOut).toMatchObject([{ available: 3, reserved: 1 }]);
    expect([{ soldOut: stock.soldOut }]).toEqual(await documented(own, 'soldOut'));
    expect(stock.soldOut).toBe(1);
    expect(deliveries.map(({ lagSeconds: _lag, ...each }) => each)).toEqual(await documented(own, 'deliveries'));
    expect(deliveries).toEqual([{ destination: 'log', pending: 0, failed: 0, lagSeconds: 0 }]);
    expect(QUERIES.size).toBe(7);
    await own.close();
  });

  test('counts what this process answered, by reason, as /metrics does', async () => {
    const own = await openCheckedShop();
    await sell(own);
    const customer = await own.customer();
    const optionId = await option(own, { stock: 1 });
    const body = { lines: [{ optionId, quantity: 1 }] };
    for (let times = 0; times < 2; times += 1) expectStatus(await customer.post('/orders', body, { key: 'once' }), 201);
    await expectRefusal(own.anyone, ['POST', '/orders', body], '401 UNAUTHENTICATED');
    await sleep(1200);
    const { flows, queues } = await snapshotOf(own);
    expect(flows.orders).toMatchObject({ done: 6, replayed: 1, refused: { OUT_OF_STOCK: 3, UNAUTHENTICATED: 2 } });
    expect(flows.payments).toMatchObject({ done: 2, replayed: 0, refused: {} });
    expect(flows.couponIssues).toMatchObject({ done: 2, refused: { COUPON_SOLD_OUT: 1 } });
    const { rows } = await own.database.readers.query<{ count: number }>('SELECT count(*) FROM orders');
    expect(rows[0]?.count).toBe(flows.orders.done);
    const metrics = (await own.anyone.get('/metrics')).body.text;
    for (const line of ['outcome="done"} 6', 'outcome="replayed"} 1', 'outcome="OUT_OF_STOCK"} 3']) {
      expect(metrics).toContain(`openrun_answers_total{operation="POST /orders",${line}`);
    }
    expect(flows.orders.perSecond.done).toBeGreaterThan(0);
    expect(flows.orders.perSecond.refused['OUT_OF_STOCK']).toBeGreaterThan(0);
    const order = queues.find(({ queue }) => queue === 'order');
    expect(order?.commandsPerSecond).toBeGreaterThan(0);
    expect(order?.meanBatchSize).toBeGreaterThanOrEqual(1);
    expect(order?.batchMsP99).toBeGreaterThan(0);
    await own.close();
  });

  test('tells of orders past their time before they are swept, and is at most a second old', async () => {
    const own = await openCheckedShop({ orderTtlSeconds: 30 });
    const customer = await own.customer();
    await placed(customer, await option(own, { price: 10, stock: 2 }));
    const before = await snapshotOf(own);
    expect(before.holds).toMatchObject({ orders: 1, total: 10, expiringWithinMinute: 1, overdue: 0 });
    own.moveClock(31_000);
    await eventually(async () => (await snapshotOf(own)).orders.byStatus).toEqual({ expired: 1 });
    await eventually(async () => (await snapshotOf(own)).holds).toMatchObject({ orders: 0, overdue: 0, nextExpiryAt: null });
    await own.close();
  });

  test('is for staff', async () => {
    for (const path of ['/dashboard', '/dashboard/stream']) {
      await expectRefusal(shop().anyone, ['GET', path], '401 UNAUTHENTICATED');
      await expectRefusal(await shop().customer(), ['GET', path], '403 FORBIDDEN');
      expect((await shop().staff.call('HEAD', path)).status).toBe(200);
    }
  });
});

describe('the stream', () => {
  const bearer = (of: Shop) => ({ authorization: `Bearer ${of.staff.token}` });

  test('sends one snapshot a second, the same one to all', async () => {
    const [one, other] = [await listen(shop(), bearer(shop())), await listen(shop(), bearer(shop()))];
    expect(one.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(one.response.headers.get('cache-control')).toBe('private, no-store');
    await eventually(async () => one.snapshots().length).toBeGreaterThan(3);
    await eventually(async () => other.snapshots().length).toBeGreaterThan(3);
    expect(one.text().startsWith('retry: 2000\n\n')).toBe(true);
    expect(
      one
        .snapshots()
        .slice(-2)
        .filter((each) => other.snapshots().includes(each)).length,
    ).toBeGreaterThan(0);
    const times = one.snapshots().map((each) => Date.parse(String(readSnapshot(each).asOf)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    one.leave();
    other.leave();
    await Promise.all([one.over, other.over]);
  });

  test('reaches a browser that is signed in by a cookie', async () => {
    const account = { name: 'S', email: 'listener@example.com', password: 'long enough, this one', role: 'staff' } as const;
    await shop().app.services.accounts?.ensureDemoAccount(account);
    const { email, password } = account;
    const signedIn: Answered = expectStatus(
      await shop().anyone.post('/auth/sign-in', { email, password }, { headers: { origin: shop().baseUrl } }),
      200,
    );
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const listener = await listen(shop(), { cookie });
    await eventually(async () => listener.snapshots().length).toBeGreaterThan(0);
    listener.leave();
    await listener.over;
  });

  test('has room for fifty, and who leaves makes room', async () => {
    const listeners = await Promise.all(Array.from({ length: 50 }, () => listen(shop(), bearer(shop()))));
    await expectRefusal(shop().staff, ['GET', '/dashboard/stream'], '429 TOO_MANY_LISTENERS');
    await eventually(async () => listeners.every((each) => each.snapshots().length > 0)).toBe(true);
    listeners[0]?.leave();
    await eventually(async () => {
      const next = await listen(shop(), bearer(shop()));
      next.leave();
      return next.response.status;
    }).toBe(200);
    for (const listener of listeners) listener.leave();
    await Promise.all(listeners.map((listener) => listener.over));
  });

  test('ends when the server stops, which it does not hold up', async () => {
    const own = await openCheckedShop();
    const listener = await listen(own, bearer(own));
    await eventually(async () => listener.snapshots().length).toBeGreaterThan(0);
    const startedAt = performance.now();
    await own.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(await listener.over).toBe('ended');
  });
});

describe('what a stranger says, who may speak to the database', () => {
  const STRANGERS = 30;
  const many = (of: string, count: number, what: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${of}-${index}`, what]));

  test('of things that have no such names, or without end, does not keep the dashboard from anybody', async () => {
    const alone = await openShop();
    onTestFinished(() => alone.close());
    const stranger = new pg.Client(clientConfig(alone.target));
    await stranger.connect();
    onTestFinished(() => stranger.end());
    const say = (from: string, activity: object) =>
      stranger.query('SELECT pg_notify($1, $2)', [
        'openrun_news',
        JSON.stringify({ from, news: {}, said: { subject: 'dashboard', what: { activity } } }),
      ]);
    const queue = { waiting: 1, batches: 0, commands: 0, batchSeconds: [], waitSeconds: [] };
    const outcome = { total: 1, recent: 1 };
    const names = ['constructor', '__proto__', 'toString'].map((name) => [name, queue] as const);
    await say('names', { seconds: 1, flows: {}, queues: Object.fromEntries(names) });
    for (const more of [{ waiting: 1e308 }, { commands: -1 }]) {
      await say('numbers', { seconds: 1, flows: {}, queues: { order: { ...queue, ...more } } });
    }
    await say('no-time', { seconds: 1e-308, flows: { 'POST /orders': { done: outcome } }, queues: {} });
    await say('a name that is longer than those of processes are', { seconds: 1, flows: {}, queues: {} });
    for (let index = 0; index < STRANGERS; index += 1) {
      const flows = { 'POST /orders': many(`CODE-${index}`, 40, outcome) };
      await say(`stranger-${index}`, { seconds: 1, flows, queues: many(`queue-${index}`, 40, queue) });
    }
    await eventually(async () => (await snapshotOf(alone)).processes).toBe(1 + 1 + STRANGERS);
    const { queues, flows } = await snapshotOf(alone);
    expect(queues.map((each) => each.queue)).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'toString']));
    expect(queues).toHaveLength(50);
    expect(Object.keys(flows.orders.refused)).toHaveLength(200);
  });
});
