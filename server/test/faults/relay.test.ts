/** The relay while its own statements fail, or hang. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { deliveriesTo, openBuyer, openSendingShop, sendTo } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { openBlocker } from '../support/fault-blocker.ts';
import { openReceiver, type Reply } from '../support/receiver.ts';
import type { Shop } from '../support/shop.ts';

/** As many deliveries to a webhook as may be under way at once. */
const CONCURRENCY = 64;

/** Has the database do something whenever the relay claims a delivery, or writes what came of one; what was said before counts no more. */
async function whenever(shop: Shop, what: 'claims' | 'settles', does: string): Promise<void> {
  const run = (sql: string): Promise<unknown> => shop.database.writers.query(sql);
  const moment =
    what === 'claims' ? 'UPDATE ON delivery FOR EACH ROW WHEN (NEW.claims > OLD.claims)' : 'INSERT ON delivery_attempt FOR EACH ROW';
  await run(`CREATE OR REPLACE FUNCTION on_${what}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does}; RETURN NEW; END $$`);
  await run(`CREATE OR REPLACE TRIGGER on_${what} BEFORE ${moment} EXECUTE FUNCTION on_${what}()`);
}

const FAIL = "RAISE EXCEPTION 'this test has it fail'";
const WAIT = 'PERFORM pg_advisory_xact_lock(1)';

/** A shop that has one delivery under way, which ends when it is told to. */
async function underWay() {
  const shop = await openSendingShop();
  const receiver = await openReceiver();
  const first = Promise.withResolvers<Reply>();
  receiver.answers(() => first.promise);
  const destination = await sendTo(shop, receiver, ['order.placed']);
  const { place } = await openBuyer(shop);
  await place();
  await eventually(receiver.events).toHaveLength(1);
  return { shop, receiver, destination, end: () => first.resolve(204), blocker: await openBlocker(shop.target), place };
}

test('a server stops although its results hang while it could not claim', async () => {
  const { shop, end, blocker, place } = await underWay();
  await whenever(shop, 'claims', FAIL);
  await blocker.run('LOCK TABLE delivery_attempt IN SHARE MODE');
  await place();
  end();
  await blocker.waiters(1);
  await delay(100);
  const stopped = shop.app.close().then(() => 'stopped');
  await delay(100);
  await blocker.rollback();
  expect(await Promise.race([stopped, delay(8000, 'hangs', { ref: false })])).toBe('stopped');
});

test('no more are under way than a destination may have, although results fail while claims hang', async () => {
  const { shop, receiver, destination, end, blocker, place } = await underWay();
  await whenever(shop, 'settles', FAIL);
  await whenever(shop, 'claims', FAIL);
  end();
  const rest = Promise.withResolvers<Reply>();
  onTestFinished(() => rest.resolve(204));
  receiver.answers(() => rest.promise);
  const waiting = 3 * CONCURRENCY;
  await Promise.all(Array.from({ length: waiting }, place));
  await eventually(() => deliveriesTo(shop, destination)).toHaveLength(waiting + 1);
  await blocker.run('SELECT pg_advisory_xact_lock(1)');
  await whenever(shop, 'claims', WAIT);
  await blocker.waiters(1);
  // Time enough for the relay to try again after what failed.
  await delay(1500);
  await blocker.rollback();
  const begun = async (): Promise<number> => (await deliveriesTo(shop, destination)).filter(({ attempts }) => attempts > 0).length;
  // The first one holds its place as long as its result is not written.
  await eventually(begun).toBe(CONCURRENCY);
  await delay(300);
  expect(await begun()).toBe(CONCURRENCY);
});
