/** On a Citus cluster, whatever a batch has written to a worker is prepared there before it is committed anywhere, and be it on one worker alone. */
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { times } from '../support/fault-servers.ts';
import { couponOf, expectStatus, issued, option, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { openShop, type Shop } from '../support/shop.ts';

const TTL_MS = 600_000;
/** As many as make it next to impossible that all of them lie on one worker. */
const CUSTOMERS = 8;
const COUPONS = 4;

const WRITES = /^issuing (WITH\b.*)?(INSERT|UPDATE|DELETE|COPY|MERGE)\b/s;

/** What the coordinator has told a worker on one of its connections. */
interface Remote {
  /** What was written in the transaction under way; null where nothing was. */
  wrote: string | null;
  prepared: number;
  /** What was written and then committed in one phase. */
  readonly unprepared: string[];
}

function hear(remote: Remote, message: string): void {
  if (message.startsWith('issuing BEGIN')) remote.wrote = null;
  else if (WRITES.test(message)) remote.wrote = message;
  else if (message.startsWith('issuing PREPARE TRANSACTION')) {
    remote.prepared += 1;
    remote.wrote = null;
  } else if (message === 'issuing COMMIT' && remote.wrote !== null) remote.unprepared.push(remote.wrote);
}

/** A second server of the shop, and all that the coordinator has told workers for its batches, by connection. */
async function overheard(shop: Shop): Promise<{ server: Shop; remotes: ReadonlyMap<string, Remote> }> {
  const client = new pg.Client(clientConfig(shop.target));
  await client.connect();
  await client.query(`ALTER DATABASE ${pg.escapeIdentifier(client.database ?? '')} SET citus.log_remote_commands = on`);
  await client.end();
  const server = await shop.second();
  const remotes = new Map<string, Remote>();
  const known = new Map<pg.PoolClient, number>();
  server.database.writers.on('acquire', (writer) => {
    if (known.has(writer)) return;
    known.set(writer, known.size);
    writer.on('notice', ({ message = '', detail = '' }) => {
      const place = `${known.get(writer)} ${detail}`;
      const remote = remotes.get(place) ?? { wrote: null, prepared: 0, unprepared: [] };
      remotes.set(place, remote);
      hear(remote, message);
    });
  });
  return { server, remotes };
}

/** Every kind of write that a batch does. */
async function writeEverything(server: Shop): Promise<void> {
  const { staff } = server;
  const [one, others] = [await richCustomer(server, 10_000), await Promise.all(times(CUSTOMERS - 1, () => richCustomer(server, 10_000)))];
  const made = await product(server, [{ stock: 10 }, { stock: 10 }]);
  const limited = await option(server, { stock: 100 });
  const [optionId = ''] = made.options.map(({ id }) => id);
  expectStatus(await staff.patch(`/products/${made.id}`, { name: 'New' }), 200);
  expectStatus(await staff.post(`/products/${made.id}/options`, { sku: tag(), name: 'more', price: 1, stock: 3 }), 201);
  expectStatus(await staff.patch(`/options/${optionId}`, { price: 900, maxPerUser: 5 }), 200);
  expectStatus(await staff.post(`/options/${optionId}/stock`, { delta: 90, reason: 'delivery' }), 200);
  for (const couponId of await Promise.all(times(COUPONS, () => couponOf(server, {})))) {
    expectStatus(await staff.patch(`/coupons/${couponId}`, { quantity: 101 }), 200);
    // One by one as well, so that some batches write to one worker alone.
    const orderId = await placed(one, optionId, 1, await issued(one, couponId));
    expectStatus(await one.post(`/orders/${orderId}/cancel`), 200);
    await Promise.all(others.map((customer) => issued(customer, couponId)));
  }
  await Promise.all(
    [one, ...others].map(async (customer) => {
      const paymentId = await paid(customer, await placed(customer, optionId));
      expectStatus(await staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'returned' }), 201);
      await placed(customer, limited);
    }),
  );
  server.moveClock(TTL_MS);
  while (await server.app.services.orders.expireDue()) {
    // Until nothing is left that is due.
  }
}

test.skipIf(inject('nodes') === null)('what a batch writes to a worker of Citus is prepared there (TEST_CITUS_URL)', async () => {
  const shop = await openShop();
  onTestFinished(() => shop.close());
  const { server, remotes } = await overheard(shop);
  await writeEverything(server);
  const heard = [...remotes.values()];
  expect(heard.flatMap(({ unprepared }) => unprepared)).toEqual([]);
  const workers = [...remotes].filter(([, { prepared }]) => prepared > 0).map(([place]) => /:(\d+)/.exec(place)?.[1]);
  expect(new Set(workers).size).toBe((inject('nodes') ?? []).length - 1);
});
