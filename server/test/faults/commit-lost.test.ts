/**
 * A COMMIT whose answer is lost: through a wire that fails at the worst moments, a caller is told success only of what was
 * committed, and failure only of what was not.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { eventually } from '../support/eventually.ts';
import { openBlocker } from '../support/fault-blocker.ts';
import type { Fate } from '../support/fault-proxy.ts';
import { type ServerOn, serveThrough } from '../support/fault-server.ts';
import { times } from '../support/fault-servers.ts';
import { tag, tally } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** Well below what an answer that waits for two time-outs in a row takes, and above the 10 s that an outcome may take to be learnt. */
const ANSWERED_WITHIN_MS = 11_500;

/** Long enough for a request to reach the server's queue. */
const ARRIVAL_MS = 100;

const charge = (user: Caller, key: string): Promise<Answered> => user.post('/balance/charge', { amount: 5 }, { key });
const isReplayed = ({ headers }: Answered): boolean => headers.get('idempotent-replayed') === 'true';

describe.concurrent('a COMMIT whose answer is lost', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  // Ends with the audit of all that the tests did.
  afterAll(() => shop.close());

  async function withServer(work: (server: Awaited<ReturnType<typeof serveThrough>>) => Promise<void>): Promise<void> {
    const server = await serveThrough(shop.target);
    try {
      await work(server);
    } finally {
      await server.close();
    }
  }

  const lost = (server: ServerOn, outcome: string): Promise<number> =>
    server.metric('openrun_commit_lost_total', `queue="balance",outcome="${outcome}"`);

  /** Charges once under the fate and once more with the same key, when the wire is sound again. */
  async function chargedUnder(fate: Fate, server: Awaited<ReturnType<typeof serveThrough>>) {
    const customer = await shop.customer();
    const user = server.at(customer);
    const key = tag();
    expect(verdict(await charge(user, tag()))).toBe('200');
    server.proxy.doom(fate);
    const startedAt = performance.now();
    const first = await charge(user, key);
    const tookMs = performance.now() - startedAt;
    expect(server.proxy.struck()).toBe(1);
    server.proxy.thaw();
    const again = await charge(user, key);
    const balance = (await customer.get('/balance')).body.amount;
    return { first, again, balance, tookMs };
  }

  test.for(['cutAfter', 'fatal', 'loseAnswer'] as const)('%s: what was committed is answered as a success', async (fate) => {
    await withServer(async (server) => {
      const { first, again, balance } = await chargedUnder(fate, server);
      expect([verdict(first), isReplayed(first)]).toEqual(['200', false]);
      expect([verdict(again), isReplayed(again)]).toEqual(['200', true]);
      expect(again.body).toEqual(first.body);
      expect(balance).toBe(10);
      expect(await lost(server, 'committed')).toBe(1);
    });
  });

  test('cutBefore: what was not committed is turned away, and can be repeated', async () => {
    await withServer(async (server) => {
      const { first, again, balance } = await chargedUnder('cutBefore', server);
      expect([verdict(first), first.headers.get('retry-after')]).toEqual(['503 OVERLOADED', '1']);
      expect([verdict(again), isReplayed(again)]).toEqual(['200', false]);
      expect(balance).toBe(10);
      expect(await lost(server, 'aborted')).toBe(1);
    });
  });

  test('warn: a COMMIT that warns, in whatever language, is of unknown outcome', async () => {
    await withServer(async (server) => {
      const { first, again, balance } = await chargedUnder('warn', server);
      expect([verdict(first), first.headers.get('retry-after')]).toEqual(['503 OUTCOME_UNKNOWN', '1']);
      expect([verdict(again), isReplayed(again)]).toEqual(['200', true]);
      expect(balance).toBe(10);
      expect(await lost(server, 'warned')).toBe(1);
    });
  });

  test.for([
    ['freezeAfter', true],
    ['freezeBefore', false],
  ] as const)('%s: where nothing can be learnt, the outcome is unknown, and repeating with the key tells', async ([fate, committed]) => {
    await withServer(async (server) => {
      const { first, again, balance, tookMs } = await chargedUnder(fate, server);
      expect([verdict(first), first.headers.get('retry-after')]).toEqual(['503 OUTCOME_UNKNOWN', '1']);
      expect(tookMs).toBeLessThan(ANSWERED_WITHIN_MS);
      expect([verdict(again), isReplayed(again)]).toEqual(['200', committed]);
      expect(balance).toBe(10);
      expect(await lost(server, 'unknown')).toBe(1);
    });
  });

  test('a wire that freezes in the middle of a transaction: turned away in bounded time, with nothing done', async () => {
    await withServer(async (server) => {
      const customer = await shop.customer();
      const user = server.at(customer);
      expect(verdict(await charge(user, tag()))).toBe('200');
      server.proxy.freeze();
      const startedAt = performance.now();
      const answers = await Promise.all(times(5, () => charge(user, tag())));
      expect(tally(answers)).toEqual({ '503 OVERLOADED': 5 });
      expect(performance.now() - startedAt).toBeLessThan(ANSWERED_WITHIN_MS);
      server.proxy.thaw();
      expect(verdict(await charge(user, tag()))).toBe('200');
      expect((await customer.get('/balance')).body.amount).toBe(10);
    });
  });

  test('a key that was repeated elsewhere meanwhile is no evidence for the others of its batch', async () => {
    await withServer(async (server) => {
      const [first, ann, bob] = await Promise.all(times(3, () => shop.customer()));
      if (first === undefined || ann === undefined || bob === undefined) throw new Error('three customers are needed');
      await charge(first, tag());
      // The first command holds up the lane, so that the next two share a batch.
      const blocker = await openBlocker(shop.target);
      await blocker.run('SELECT FROM balance WHERE user_id = $1 FOR UPDATE', [first.userId]);
      const held = charge(server.at(first), tag());
      await blocker.waiters(1);
      server.proxy.doom('pass', 'isolateBefore');
      const key = tag();
      const anns = charge(server.at(ann), key);
      await delay(ARRIVAL_MS);
      const bobs = charge(server.at(bob), tag());
      await delay(ARRIVAL_MS);
      await blocker.rollback();
      expect(verdict(await held)).toBe('200');
      await eventually(async () => server.proxy.struck()).toBe(1);
      const elsewhere = await charge(ann, key);
      expect([verdict(elsewhere), isReplayed(elsewhere)]).toEqual(['200', false]);
      server.proxy.thaw();
      expect([verdict(await anns), verdict(await bobs)]).toEqual(['503 OVERLOADED', '503 OVERLOADED']);
      expect((await bob.get('/balance')).body.amount).toBe(0);
      expect((await ann.get('/balance')).body.amount).toBe(5);
    });
  });

  test('everyone of a batch shares its fate', async () => {
    await withServer(async (server) => {
      const customers = await Promise.all(times(40, () => shop.customer()));
      const users = customers.map((customer) => server.at(customer));
      const keys = times(40, () => tag());
      const all = (): Promise<Answered[]> => Promise.all(users.map((user, index) => charge(user, keys[index] ?? '')));
      // The first command goes alone; those that arrive meanwhile go together.
      server.proxy.doom('pass', 'cutAfter');
      const answers = await all();
      expect(tally(answers)).toEqual({ 200: 40 });
      expect(server.proxy.struck()).toBe(1);
      const again = await all();
      expect(again.map(isReplayed)).toEqual(times(40, () => true));
      expect(again.map(({ body }) => body)).toEqual(answers.map(({ body }) => body));

      server.proxy.doom('cutBefore');
      const more = await Promise.all(users.map((user) => user.post('/balance/charge', { amount: 1 })));
      const { 200: charged = 0, '503 OVERLOADED': turnedAway = 0 } = tally(more);
      expect([charged + turnedAway, turnedAway > 0, server.proxy.struck()]).toEqual([40, true, 2]);
      const balances = await Promise.all(customers.map(async (customer) => (await customer.get('/balance')).body.amount));
      expect(balances).toEqual(more.map(({ status }) => (status === 200 ? 6 : 5)));
    });
  });
});
