/** What the transactions leave in the outbox, until the relay makes deliveries of it. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { deliveriesTo, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { openCheckedShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { coupon, expectStatus, paid } from '../support/goods.ts';
import { openReceiver } from '../support/receiver.ts';
import type { Shop } from '../support/shop.ts';

/** A session of the test's own, which may hold locks. */
async function openSession(shop: Shop): Promise<pg.Client> {
  const session = new pg.Client(clientConfig(shop.target));
  await session.connect();
  onTestFinished(() => session.end());
  return session;
}

const batchesIn = (session: pg.Client) => async (): Promise<number> =>
  (await session.query<{ id: string }>('SELECT position FROM outbox_batch')).rows.length;

test('is audited like the rest', async () => {
  const shop = await openSendingShop();
  const { buy } = await openBuyer(shop);
  const session = await openSession(shop);
  await session.query('BEGIN');
  await session.query('LOCK TABLE outbox_event IN SHARE MODE');
  await buy();
  await buy();
  expect(await batchesIn(session)()).toBe(2);
  expect(expectStatus(await shop.staff.post('/audit'), 200).body).toMatchObject({ isClean: true });
  await session.query(
    "UPDATE outbox_batch SET content = replace(content, 'order.paid', 'order.lost') WHERE position = (SELECT min(position) FROM outbox_batch)",
  );
  await session.query('COMMIT');
  expect(expectStatus(await shop.staff.post('/audit'), 200).body).toMatchObject({ isClean: false });
  await session.query("UPDATE outbox_event SET type = 'order.paid'");
});

test('what cannot be made of it keeps nobody from reading what was', async () => {
  const errors: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void errors.push(line) });
  const shop = await openCheckedShop({}, logger);
  onTestFinished(() => shop.close());
  const { buy } = await openBuyer(shop);
  const first = await buy();
  await settled(shop, { name: 'log' });
  const before = await deliveriesTo(shop, { name: 'log' });
  const session = await openSession(shop);
  // As on a disk that is full, or in a database that only reads.
  await session.query("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left'; END $$");
  await session.query('CREATE TRIGGER full_disk BEFORE INSERT ON outbox_event FOR EACH ROW EXECUTE FUNCTION refuse()');
  await buy();
  expect(await deliveriesTo(shop, { name: 'log' })).toEqual(before);
  const { entries } = expectStatus(await shop.staff.get(`/orders/${first}/timeline`), 200).body;
  expect(entries.map(({ kind }) => kind)).toContain('attempt');
  expect(errors.join('')).toContain('no space left');
  await session.query('DROP TRIGGER full_disk ON outbox_event');
  await settled(shop, { name: 'log' });
  expect(await deliveriesTo(shop, { name: 'log' })).toHaveLength(2);
});

test('an earlier event of an order is never overtaken while another process has it in hand', async () => {
  const shop = await openSendingShop();
  const receiver = await openReceiver();
  const destination = await sendTo(shop, receiver, ['order.placed', 'order.paid']);
  await shop.second();
  const { customer, place } = await openBuyer(shop);
  const [holder, twin] = [await openSession(shop), await openSession(shop)];

  // Nothing is made of the outbox until the id of the event is known, and an unfinished row with that id holds up who works on it.
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE delivery IN SHARE MODE');
  const orderId = await place();
  const left = await holder.query<{ id: string }>("SELECT content::jsonb -> 0 ->> 'id' AS id FROM outbox_batch");
  await twin.query('BEGIN');
  await twin.query("INSERT INTO outbox_event (id, type, payload, created_at) VALUES ($1, 'order.placed', '{}', now())", [left.rows[0]?.id]);
  await holder.query('ROLLBACK');

  await paid(customer, orderId);
  await delay(1000);
  expect(receiver.heard).toEqual([]);
  await twin.query('ROLLBACK');
  await eventually(receiver.events).toHaveLength(2);
  await settled(shop, destination);
  expect((await receiver.events()).map(({ type }) => type)).toEqual(['order.placed', 'order.paid']);
});

test('waits for a destination that is away, is counted and shown, and arrives whole when it is back', async () => {
  const COUPONS = 2300;
  const shop = await openSendingShop();
  const receiver = await openReceiver();
  receiver.answers(() => 503);
  const destination = await sendTo(shop, receiver, ['coupon.issued']);
  const couponId = await coupon(shop, { quantity: COUPONS });
  for (let issued = 0; issued < COUPONS; issued += 100) {
    const customers = await Promise.all(Array.from({ length: 100 }, () => shop.customer()));
    for (const answer of await Promise.all(customers.map((one) => one.post(`/coupons/${couponId}/issue`)))) expectStatus(answer, 201);
  }
  const pendingAt = async (): Promise<unknown> => {
    const snapshot = expectStatus(await shop.staff.get('/dashboard'), 200).body;
    return snapshot.deliveries.find((one) => one['destination'] === destination.name)?.['pending'];
  };
  await eventually(pendingAt).toBe(COUPONS);
  expect((await deliveriesTo(shop, destination)).length).toBeGreaterThanOrEqual(2000);
  receiver.answers(() => 204);
  await expect.poll(pendingAt, { timeout: 50_000 }).toBe(0);
  const taken = (await settled(shop, destination)).filter(({ status }) => status === 'delivered');
  expect(new Set(taken.map(({ eventId }) => eventId)).size).toBe(COUPONS);
});
