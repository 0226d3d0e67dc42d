/** The dashboard of several processes on one database: whichever is asked, it shows what all of them do, and nothing of those that are gone. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCaller } from '../support/caller.ts';
import { type Listener, listen, readSnapshot, type Snapshot } from '../support/dashboard.ts';
import { urlOf } from '../support/database.global.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { expectStatus } from '../support/goods.ts';
import { createDatabase } from '../support/shop.ts';

const WORKERS = 2;
const PATIENCE = { timeout: 60_000, interval: 100 };

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A server of one process, and one of two workers. */
async function start(): Promise<[ServerProcess, ServerProcess]> {
  const { target, drop } = await createDatabase();
  closing.push(drop);
  const startOne = async (settings: Readonly<Record<string, string>>): Promise<ServerProcess> => {
    const server = await createServerProcess({ DATABASE_URL: urlOf(target), ...settings });
    closing.push(() => server.clear());
    await server.start();
    return server;
  };
  return [await startOne({}), await startOne({ WORKERS: String(WORKERS) })];
}

/** Has a customer order so many times, each on a connection of its own, so that it comes to every worker in turn; then once of what there is none. */
async function order(server: ServerProcess, optionIds: readonly string[], times: number): Promise<void> {
  const [optionId, gone] = optionIds;
  const { userId, token } = await server.customer(`customer of ${server.pid()}`);
  const headers = { connection: 'close' };
  const place = (of: string | undefined) =>
    createCaller(server.baseUrl, userId, token).post('/orders', { lines: [{ optionId: of, quantity: 1 }] }, { headers });
  for (let time = 0; time < times; time += 1) expectStatus(await place(optionId), 201);
  expect((await place(gone)).body.code).toBe('OUT_OF_STOCK');
}

describe('what several processes do', () => {
  test('is shown together by each of them, and what one did no more once it is killed', async () => {
    const [one, two] = await start();
    const staff = await one.staff();
    const options = ['plenty', 'gone'].map((sku) => ({ sku, name: sku, price: 100, stock: sku === 'gone' ? 0 : 1000 }));
    const product = expectStatus(await staff.post('/products', { name: 'Product', options }), 201).body;
    const optionIds = product.options.map(({ id }) => id);
    const headers = { authorization: `Bearer ${staff.token}` };
    const [here, there] = [await listen(one, headers), await listen(two, headers)];
    const shown = (listener: Listener): Snapshot[] => listener.snapshots().map(readSnapshot);
    const expectAt = (listeners: readonly Listener[], figures: object): Promise<void> =>
      vi.waitFor(() => listeners.forEach((listener) => expect(shown(listener).at(-1)).toMatchObject(figures)), PATIENCE);

    await expectAt([here, there], { processes: 1 + WORKERS, flows: { orders: { done: 0, refused: {} } } });
    await order(two, optionIds, 6);
    await expectAt([here, there], { processes: 1 + WORKERS, flows: { orders: { done: 6, refused: { OUT_OF_STOCK: 1 } } } });
    // Nobody has ordered here yet: the rates are those of over there.
    expect(shown(here).some(({ flows }) => flows.orders.perSecond.done > 0)).toBe(true);
    const ofOrders = shown(here).flatMap(({ queues }) => queues.filter(({ queue }) => queue === 'order'));
    expect(ofOrders.some(({ commandsPerSecond, batchMsP99 }) => commandsPerSecond > 0 && batchMsP99 !== null)).toBe(true);
    await order(one, optionIds, 3);
    await expectAt([here, there], { processes: 1 + WORKERS, flows: { orders: { done: 9, refused: { OUT_OF_STOCK: 2 } } } });
    const asked = (await one.staff()).get('/dashboard');
    expect((await asked).body).toMatchObject({ processes: 1 + WORKERS, flows: { orders: { done: 9 } } });

    await two.kill(false);
    await expectAt([here], { processes: 1, flows: { orders: { done: 3, refused: { OUT_OF_STOCK: 1 } } } });
    here.leave();
    await Promise.all([here.over, there.over]);
  });
});
