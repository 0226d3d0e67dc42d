/** The server that is attacked: a process of its own on a database of its own, with good clients that buy all the while. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Arm, openArm } from '../../bench/arms/arm.ts';
import { createTokenMinter } from '../../server/src/http/auth.ts';
import { type Caller, createCaller } from '../../server/test/support/caller.ts';
import { option } from '../../server/test/support/goods.ts';
import { createDatabase } from '../../server/test/support/shop.ts';

const TOKEN_TTL_SECONDS = 86_400;
const STOCK = 100_000_000;
const GOOD_CLIENTS = 3;
const GOOD_SHARE = 0.99;
const PAUSE_MS = 20;

export interface Target {
  readonly arm: Arm;
  readonly baseUrl: string;
  readonly anyone: Caller;
  readonly staff: Caller;
  customer(userId: string): Promise<Caller>;
  /** Expects the process to be the one that was started, and the audit to be clean; then ends it. */
  close(): Promise<void>;
}

/** Starts the server; `settings` by their names. */
export async function openTarget(settings: Readonly<Record<string, string>> = {}): Promise<Target> {
  const { target, drop } = await createDatabase();
  const noCluster = { dataDir: '/nonexistent', createDatabase: () => Promise.resolve(target), close: () => Promise.resolve() };
  const arm = await openArm(noCluster, { name: 'attacked', groupCommitMax: null, writers: null, settings, target });
  const baseUrl = `http://127.0.0.1:${arm.port}`;
  const mint = createTokenMinter({ secret: arm.secret, issuer: null, audience: null });
  const anyone = createCaller(baseUrl, '', null);
  const startedAt = await startOf(anyone);
  return {
    arm,
    baseUrl,
    anyone,
    staff: createCaller(baseUrl, 'staff', await mint({ sub: 'staff', role: 'staff', ttlSeconds: TOKEN_TTL_SECONDS })),
    customer: async (userId) => createCaller(baseUrl, userId, await mint({ sub: userId, ttlSeconds: TOKEN_TTL_SECONDS })),
    close: async () => {
      process.kill(arm.pid, 0);
      expect(await startOf(anyone), 'the process is the one that was started').toBe(startedAt);
      await arm.audit();
      await arm.close();
      await drop();
    },
  };
}

/** When the process began, as it says itself. */
async function startOf(anyone: Caller): Promise<string | undefined> {
  const { text } = (await anyone.get('/metrics')).body;
  return /^process_start_time_seconds (\S+)$/m.exec(text)?.[1];
}

export interface GoodClients {
  /** Ends them, expects at least 99 of 100 of their requests to have been answered rightly, and says how many. */
  stop(): Promise<string>;
}

/** Starts a few who buy and read over and over, and look at every answer. */
export async function startGoodClients(target: Target): Promise<GoodClients> {
  const price = 1000;
  const shop = { staff: target.staff };
  const optionId = await option(shop, { price, stock: STOCK });
  const ending = new AbortController();
  const wrong: string[] = [];
  let asked = 0;
  const judge = async (what: string, isRight: () => Promise<boolean>): Promise<void> => {
    asked += 1;
    const verdict = await isRight().catch((error: unknown) => String(error));
    if (verdict !== true) wrong.push(`${what}: ${verdict}`);
  };
  const buy = async (name: string): Promise<void> => {
    const customer = await target.customer(name);
    await customer.post('/balance/charge', { amount: 1_000_000_000_000 });
    while (!ending.signal.aborted) {
      let orderId = '';
      await judge('order', async () => {
        const { status, body } = await customer.post('/orders', { lines: [{ optionId, quantity: 2 }] });
        orderId = body.id;
        return status === 201 && body.total === 2 * price && body.userId === name;
      });
      await judge('payment', async () => {
        const { status, body } = await customer.post('/payments', { orderId });
        return status === 201 && body.amount === 2 * price && body.orderId === orderId;
      });
      await judge('own order', async () => (await customer.get(`/orders/${orderId}`)).body.status === 'paid');
      await judge('products', async () => (await target.anyone.get('/products?limit=5')).body.items.length > 0);
      await delay(PAUSE_MS);
    }
  };
  const buying = Array.from({ length: GOOD_CLIENTS }, (_, index) => buy(`good-${index}`));
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(buying);
      const share = (asked - wrong.length) / asked;
      expect(asked, 'good clients were there').toBeGreaterThan(20);
      expect(share, `good clients were turned away: ${wrong.slice(0, 5).join('; ')}`).toBeGreaterThanOrEqual(GOOD_SHARE);
      return `good clients: ${asked - wrong.length} of ${asked} requests answered rightly`;
    },
  };
}
