/**
 * Transmission to a receiver that misbehaves, by two servers that are killed in turn: every event arrives, those of an order in order. By hand,
 * `TRANSMISSION_ORDERS=10000` makes it long, and `TRANSMISSION_REPORT=file` keeps its figures.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { type ConnectionTarget, DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import type { Answered, Caller } from '../support/caller.ts';
import { urlOf } from '../support/database.global.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { openWildReceiver, type Taken, type WildReceiver } from '../support/fault-receiver.ts';
import { times } from '../support/fault-servers.ts';
import { expectStatus, tag } from '../support/goods.ts';
import { createDatabase } from '../support/shop.ts';

const ORDERS = Number(process.env['TRANSMISSION_ORDERS'] ?? 300);
const REPORT = process.env['TRANSMISSION_REPORT'];
const CUSTOMERS = 20;
const KILLED_EVERY_MS = 2500;
const MISBEHAVES = 0.4;
/** So many that not one of ten thousand events fails for good. */
const RETRY_MS = times(40, () => 300).join(',');
const TYPES = ['order.placed', 'order.paid', 'payment.refunded'];
const PATIENCE_MS = 900_000;

/** Asks again, at one server after the other, until there is an answer that is no refusal of a moment. */
async function insist(callers: readonly Caller[], path: string, body: object): Promise<Answered> {
  const key = tag();
  for (let turn = Math.floor(Math.random() * callers.length); ; turn += 1) {
    const answer = await callers[turn % callers.length]?.post(path, body, { key }).catch(() => null);
    if (answer !== null && answer !== undefined && answer.status < 500) return answer;
    await delay(50);
  }
}

async function openServers(receiver: WildReceiver): Promise<{ servers: ServerProcess[]; target: ConnectionTarget }> {
  const { target, drop } = await createDatabase();
  const settings = {
    DATABASE_URL: urlOf(target),
    CHARGE_POLICY: 'self',
    SINK: 'webhook',
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
    WEBHOOK_RETRY_MS: RETRY_MS,
    LOG_LEVEL: 'error',
  };
  const servers = await Promise.all([createServerProcess(settings), createServerProcess(settings)]);
  onTestFinished(async () => {
    for (const server of servers) await server.clear();
    await drop();
  });
  for (const server of servers) await server.start();
  return { servers, target };
}

/** Places and pays an order, and refunds every tenth; gives its id. */
async function sell(customer: readonly Caller[], staff: readonly Caller[], optionId: string, isRefunded: boolean): Promise<string> {
  const order = await insist(customer, '/orders', { lines: [{ optionId, quantity: 1 }] });
  expectStatus(order, 201);
  const payment = await insist(customer, '/payments', { orderId: order.body.id });
  expectStatus(payment, 201);
  if (isRefunded) expectStatus(await insist(staff, `/payments/${payment.body.id}/refunds`, { restock: false, reason: 'asked for' }), 201);
  return order.body.id;
}

/** Kills one server after the other and starts it again, until told to stop. */
function killInTurn(servers: readonly ServerProcess[]): { stop(): Promise<number> } {
  const over = new AbortController();
  let kills = 0;
  const killing = (async () => {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      await delay(KILLED_EVERY_MS);
      const server = servers[turn % servers.length];
      if (over.signal.aborted || server === undefined) break;
      await server.kill(false);
      kills += 1;
      await server.start();
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await killing;
      return kills;
    },
  };
}

const keyOf = ({ orderId, sequence }: Taken): string => `${orderId} ${sequence}`;

/** What is wrong with the order in which the events of each order were taken. */
function disorder(taken: readonly Taken[]): string[] {
  const last = new Map<string, number>();
  return taken.flatMap((one) => {
    const before = last.get(one.orderId) ?? 0;
    last.set(one.orderId, Math.max(before, one.sequence));
    return one.sequence < before ? [`${one.type} of ${one.orderId} after ${before}`] : [];
  });
}

test('everything arrives, in order, signed, with one id, whatever the receiver does and whichever server is killed', {
  timeout: PATIENCE_MS,
}, async () => {
  const receiver = await openWildReceiver(MISBEHAVES);
  onTestFinished(() => receiver.close());
  const { servers, target } = await openServers(receiver);
  const staff = await Promise.all(servers.map((server) => server.staff()));
  expect((await staff[0]?.patch('/destinations/webhook', { eventTypes: TYPES }))?.status).toBe(200);
  const made = await insist(staff, '/products', { name: 'Drop', options: [{ sku: tag(), name: 'one', price: 0, stock: 1_000_000 }] });
  const optionId = made.body.options[0]?.id ?? '';
  // The other server learns of the types within a second.
  await delay(1000);

  const startedAt = performance.now();
  const killer = killInTurn(servers);
  let left = ORDERS;
  const expected = new Set<string>();
  const shopping = times(CUSTOMERS, async (index) => {
    const customer = await Promise.all(servers.map((server) => server.customer(`customer ${index}`)));
    while (left > 0) {
      left -= 1;
      const isRefunded = left % 10 === 0;
      const orderId = await sell(customer, staff, optionId, isRefunded);
      for (const sequence of isRefunded ? [1, 2, 3] : [1, 2]) expected.add(`${orderId} ${sequence}`);
    }
  });
  await Promise.all(shopping);
  const soldAt = performance.now();
  const missing = (): number => {
    const arrived = new Set(receiver.taken.map(keyOf));
    return [...expected].filter((key) => !arrived.has(key)).length;
  };
  await expect.poll(missing, { timeout: PATIENCE_MS, interval: 250 }).toBe(0);
  const drainedAt = performance.now();
  const kills = await killer.stop();

  expect(disorder(receiver.taken)).toEqual([]);
  expect(receiver.forged).toBe(0);
  const ids = new Map(receiver.taken.map((one) => [keyOf(one), one.id]));
  expect(receiver.taken.filter((one) => ids.get(keyOf(one)) !== one.id)).toEqual([]);
  expect(new Set(receiver.taken.map(keyOf))).toEqual(expected);
  expect(kills).toBeGreaterThan(0);
  const database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
  expect(await audit(database)).toEqual([]);
  await database.close();
  if (REPORT !== undefined) {
    const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
    const figures = {
      orders: ORDERS,
      events: expected.size,
      taken: receiver.taken.length,
      duplicates: receiver.taken.length - expected.size,
      kills,
      sellingSeconds: seconds(startedAt, soldAt),
      drainSecondsAfterTheLastSale: seconds(soldAt, drainedAt),
      answers: Object.fromEntries(receiver.did),
    };
    writeFileSync(REPORT, `${JSON.stringify(figures, null, 2)}\n`);
  }
});
