import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Body } from '../support/caller.ts';
import { deliveriesTo, deliveryOf, expectQuiet, onlyDelivery, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { openBlocker } from '../support/fault-blocker.ts';
import { expectStatus, HOUR_MS } from '../support/goods.ts';
import { openReceiver, withHeaders } from '../support/receiver.ts';
import { openShop, type Shop } from '../support/shop.ts';

const DAY_MS = 24 * HOUR_MS;

/** How many rows a table has. */
const rowsOf =
  (shop: Shop, table: 'delivery' | 'delivery_attempt' | 'outbox_event' | 'idempotency_key' | 'account_session') =>
  async (): Promise<number> => {
    const { rows } = await shop.database.readers.query<{ rows: number }>(`SELECT count(*)::integer AS rows FROM ${table}`);
    return rows[0]?.rows ?? -1;
  };

test('what was delivered a month ago is deleted with its attempts and events, and the shop goes on', async () => {
  const shop = await openSendingShop();
  const receiver = await openReceiver();
  const destination = await sendTo(shop, receiver, ['order.placed', 'order.paid']);
  const { buy } = await openBuyer(shop);
  for (let made = 0; made < 5; made += 1) await buy();
  const before = await settled(shop, destination);
  await settled(shop, { name: 'log' });
  await expectQuiet(shop);
  expect(before).toHaveLength(10);
  shop.moveClock(29 * DAY_MS);
  await buy();
  await eventually(() => settled(shop, destination)).toHaveLength(12);
  await expectQuiet(shop);
  shop.moveClock(2 * DAY_MS);
  await eventually(rowsOf(shop, 'outbox_event')).toBe(2);
  expect((await deliveriesTo(shop, destination)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  expect(await rowsOf(shop, 'delivery')()).toBe(3);
  expect(await rowsOf(shop, 'delivery_attempt')()).toBe(3);
  expect((await shop.staff.get(`/deliveries/${before[0]?.id}`)).body.code).toBe('DELIVERY_NOT_FOUND');
  expect((await shop.staff.post('/deliveries/replay', { destination: destination.name })).body).toMatchObject({ replayed: 2 });
  await buy();
  await eventually(() => settled(shop, destination)).toHaveLength(4);
});

test('what is more than a batch is deleted within the same run', async () => {
  const shop = await openSendingShop();
  const receiver = await openReceiver();
  await sendTo(shop, receiver, ['order.placed']);
  const customers = await Promise.all(Array.from({ length: 30 }, () => openBuyer(shop)));
  for (let round = 0; round < 40; round += 1) {
    await Promise.all(
      customers.map(async ({ customer, place }) => {
        expectStatus(await customer.post(`/orders/${await place()}/cancel`), 200);
      }),
    );
  }
  await expect.poll(() => shop.staff.get('/deliveries?status=pending'), { timeout: 20_000 }).toMatchObject({ body: { items: [] } });
  expect(receiver.heard).toHaveLength(1200);
  shop.moveClock(31 * DAY_MS);
  await eventually(rowsOf(shop, 'outbox_event')).toBe(0);
  expect(await rowsOf(shop, 'delivery')()).toBe(0);
  expect(await rowsOf(shop, 'delivery_attempt')()).toBe(0);
});

test('what an enabled destination waits for stays, however old; what a disabled one would have got goes', async () => {
  const shop = await openSendingShop({ retryMs: Array.from({ length: 40 }, () => HOUR_MS) });
  const receiver = await openReceiver();
  receiver.answers(() => withHeaders(400, { 'retry-after': '3600' }));
  const [on, off] = [await sendTo(shop, receiver, ['order.paid']), await sendTo(shop, receiver, ['order.placed'])];
  const { buy } = await openBuyer(shop);
  await buy();
  for (const one of [on, off]) await eventually(() => deliveriesTo(shop, one)).toMatchObject([{ lastError: 'HTTP 400' }]);
  await settled(shop, { name: 'log' });
  const patch = async (name: string, enabled: boolean): Promise<Body> =>
    expectStatus(await shop.staff.patch(`/destinations/${name}`, { enabled }), 200).body;
  await patch(off.name, false);
  // What is kept for the one that is on holds back what is younger.
  shop.moveClock(31 * DAY_MS);
  await eventually(() => deliveriesTo(shop, off)).toEqual([]);
  const kept = () => onlyDelivery(shop, on);
  await eventually(async () => (await kept()).log).toHaveLength(2);
  expect(await kept()).toMatchObject({ status: 'pending', attempts: 2 });
  receiver.answers(() => 204);
  shop.moveClock(2 * HOUR_MS);
  await settled(shop, on);
  shop.moveClock(2 * HOUR_MS);
  await eventually(rowsOf(shop, 'delivery')).toBe(0);
  await eventually(rowsOf(shop, 'outbox_event')).toBe(0);
  await patch(off.name, true);
  await buy();
  await eventually(() => settled(shop, off)).toHaveLength(1);
});

test('what a destination that is turned on just then waits for stays with its event', async () => {
  const shop = await openSendingShop({ retryMs: Array.from({ length: 40 }, () => HOUR_MS) });
  const receiver = await openReceiver();
  receiver.answers(() => withHeaders(400, { 'retry-after': '3600' }));
  const destination = await sendTo(shop, receiver, ['order.placed']);
  const { place } = await openBuyer(shop);
  const orders = [await place(), await place()];
  await eventually(async () => (await deliveriesTo(shop, destination)).map(({ lastError }) => lastError)).toEqual(['HTTP 400', 'HTTP 400']);
  const path = `/destinations/${destination.name}`;
  expectStatus(await shop.staff.patch(path, { enabled: false }), 200);
  const blocker = await openBlocker(shop.target);
  await blocker.run('LOCK TABLE delivery_attempt IN SHARE MODE');
  shop.moveClock(31 * DAY_MS);
  await blocker.waiters(1);
  // Between the look at the horizon and the first batch.
  expectStatus(await shop.staff.patch(path, { enabled: true }), 200);
  await eventually(receiver.events).toHaveLength(4);
  await blocker.rollback();
  await eventually(async () => (await deliveriesTo(shop, destination)).map(({ attempts }) => attempts)).toEqual([2, 2]);
  receiver.answers(() => 204);
  shop.moveClock(2 * HOUR_MS);
  expect((await settled(shop, destination)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  expect(new Set((await receiver.events()).map(({ subject }) => subject))).toEqual(new Set(orders));
  shop.moveClock(2 * HOUR_MS);
  await eventually(rowsOf(shop, 'outbox_event')).toBe(0);
});

test('idempotency keys are kept for the day that is promised, and not for a week', async () => {
  const shop = await openSendingShop();
  const customer = await shop.customer();
  const charge = () => customer.post('/balance/charge', { amount: 5 }, { key: 'once' });
  const kept = async (): Promise<boolean> => {
    const { rows } = await shop.database.readers.query("SELECT 1 FROM idempotency_key WHERE key = 'once'");
    return rows.length > 0;
  };
  expectStatus(await charge(), 200);
  shop.moveClock(25 * HOUR_MS);
  expect((await charge()).headers.get('idempotent-replayed')).toBe('true');
  shop.moveClock(24 * HOUR_MS);
  await eventually(kept).toBe(false);
  const again = expectStatus(await charge(), 200);
  expect(again.headers.get('idempotent-replayed')).toBeNull();
  expect(again.body).toMatchObject({ amount: 10 });
});

test('a process whose own clock jumps, and jumps back, forgets by the clock of the database', async () => {
  onTestFinished(() => void vi.useRealTimers());
  const shop = await openSendingShop();
  const customer = await shop.customer();
  expectStatus(await customer.post('/balance/charge', { amount: 5 }, { key: 'once' }), 200);
  await shop.app.services.accounts?.signUp({ name: 'Minji', email: 'minji@shop.example', password: 'a long password' }, '127.0.0.1');
  const old = async (): Promise<void> => {
    await shop.database.writers.query(
      `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
       VALUES ('somebody', 'charge', 'old', '', 200, '', gen_random_uuid(), now() - interval '3 days')`,
    );
  };
  const forgotten = () =>
    eventually(async () => (await shop.database.readers.query("SELECT FROM idempotency_key WHERE key = 'old'")).rowCount).toBe(0);
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + 20 * DAY_MS });
  await old();
  shop.moveClock(HOUR_MS);
  await forgotten();
  vi.setSystemTime(now);
  await old();
  shop.moveClock(HOUR_MS);
  await forgotten();
  expect(await rowsOf(shop, 'account_session')()).toBe(1);
  const again = await (await shop.customer(customer.userId)).post('/balance/charge', { amount: 5 }, { key: 'once' });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

test('of several processes one forgets in an hour', async () => {
  const log: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void log.push(line) });
  const shop = await openShop({ slowQueryMs: 0 }, logger);
  await Promise.all([shop.second(), shop.second()]);
  const heardOf = (statement: string): number => log.filter((line) => line.includes(`"statement":"${statement}"`)).length;
  await eventually(async () => heardOf('schedule.note')).toBeGreaterThanOrEqual(3);
  await eventually(async () => heardOf('schedule.forget')).toBeGreaterThanOrEqual(1);
  const { rows } = await shop.database.readers.query("SELECT FROM schedule_run WHERE name = 'retention'");
  // Ends each pass that is under way.
  await shop.close();
  expect(heardOf('schedule.forget')).toBe(rows.length);
});

test('keys that lie in any order are forgotten within the same run, however many', async () => {
  const shop = await openSendingShop();
  // The youngest come first: whoever went on from the youngest of a batch would leave the rest.
  await shop.database.writers.query(
    `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
     SELECT 'somebody', 'charge', n::text, '', 200, '', gen_random_uuid(), now() - interval '3 days' - n * interval '1 second' FROM generate_series(1, 2500) AS n`,
  );
  const before = await rowsOf(shop, 'idempotency_key')();
  shop.moveClock(2 * HOUR_MS);
  await eventually(rowsOf(shop, 'idempotency_key')).toBe(before - 2500);
  expect(before).toBeGreaterThanOrEqual(2500);
});

test('the attempts of one delivery are as many as the schedule has, and go with it', async () => {
  const shop = await openSendingShop({ retryMs: Array.from({ length: 49 }, () => 1) });
  const receiver = await openReceiver();
  receiver.answers(() => 400);
  const destination = await sendTo(shop, receiver, ['order.paid']);
  await (await openBuyer(shop)).buy();
  const [failed] = await settled(shop, destination);
  expect(failed).toMatchObject({ status: 'failed', attempts: 50 });
  expect((await deliveryOf(shop, failed?.id ?? '')).log).toHaveLength(50);
  for (let replays = 0; replays < 2; replays += 1) {
    expectStatus(await shop.staff.post(`/deliveries/${failed?.id}/replay`), 202);
    await settled(shop, destination);
  }
  const { log, attempts } = await deliveryOf(shop, failed?.id ?? '');
  expect({ attempts, shown: log.length, heard: receiver.heard.length }).toEqual({ attempts: 50, shown: 100, heard: 150 });
  shop.moveClock(31 * DAY_MS);
  await eventually(rowsOf(shop, 'delivery_attempt')).toBe(0);
  expect(await rowsOf(shop, 'delivery')()).toBe(0);
});
