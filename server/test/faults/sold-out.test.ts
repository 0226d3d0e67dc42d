/** Whoever comes too late is told so while the database is away, for as long as that is known: not longer, and not about keys. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answered } from '../support/caller.ts';
import { serveThrough } from '../support/fault-server.ts';
import { times } from '../support/fault-servers.ts';
import { coupon, expectStatus, option, placed, tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** Known for so long after the batch that saw it. */
const REMEMBERED_MS = 900;
/** What a server that waits for the time-outs of its connections needs at the most, and some more. */
const BOUNDED_MS = 20_000;
const ATTEMPTS_MAX = 10;

let shop: Shop;
let server: Awaited<ReturnType<typeof serveThrough>>;
beforeAll(async () => {
  shop = await openShop();
  server = await serveThrough(shop.target);
});
afterAll(async () => {
  await server.close();
  await shop.close();
});

/** Freezes the wire right after a refusal that a batch decided, and asks at once; again where the machine was too slow for that. */
async function frozenOnceKnown(refused: () => Promise<Answered>, ask: () => Promise<Answered>) {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    await expect.poll(async () => (await refused()).status, { timeout: BOUNDED_MS }).toBe(409);
    server.proxy.freeze();
    const answer = await ask();
    if (answer.status === 409) return answer;
    server.proxy.thaw();
  }
  throw new Error('never was a refusal told from memory');
}

test.each([
  [
    'coupon',
    async () => {
      const couponId = await coupon(shop, { quantity: 1 });
      expectStatus(await (await shop.customer()).post(`/coupons/${couponId}/issue`), 201);
      return { path: `/coupons/${couponId}/issue`, body: undefined, code: '409 COUPON_SOLD_OUT' };
    },
  ],
  [
    'option',
    async () => {
      const optionId = await option(shop, { stock: 1 });
      await placed(await shop.customer(), optionId);
      return { path: '/orders', body: { lines: [{ optionId, quantity: 1 }] }, code: '409 OUT_OF_STOCK' };
    },
  ],
] as const)('the database freezes right after a %s is sold out', async (what, sell) => {
  const { path, body, code } = await sell();
  const late = await server.customer(`late for a ${what}`);
  const ask = (key?: string): Promise<Answered> => late.post(path, body, key === undefined ? {} : { key });
  try {
    const answer = await frozenOnceKnown(ask, ask);
    expect(verdict(answer)).toBe(code);
    // Whether the keys have won before cannot be told: each is turned away before anything happens, however many they are.
    const startedAt = performance.now();
    const keyed = await Promise.all(times(1500, () => ask(tag())));
    expect([...new Set(keyed.map(verdict))]).toEqual(['503 OVERLOADED']);
    expect(performance.now() - startedAt).toBeLessThan(BOUNDED_MS);
    await delay(REMEMBERED_MS);
    // What was known has lapsed, and nobody can tell anew.
    expect(verdict(await ask())).toBe('503 OVERLOADED');
  } finally {
    server.proxy.thaw();
  }
  await expect.poll(async () => verdict(await ask()), { timeout: BOUNDED_MS }).toBe(code);
});
