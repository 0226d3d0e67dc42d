/** What stands around a transaction may fail, too: its beginning, and what is read back once it is committed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { serveThrough } from '../support/fault-server.ts';
import { couponOf, expectStatus, tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

async function newDestination(staff: Caller): Promise<string> {
  const body = { name: `to-${tag()}`, kind: 'webhook', url: 'https://example.com', eventTypes: ['order.expired'] };
  return expectStatus(await staff.post('/destinations', body), 201).body.name;
}

type Ask = (staff: Caller, key: string) => Promise<Answered>;
const changed =
  (change: (staff: Caller, name: string, key: string) => Promise<Answered>) =>
  async (staff: Caller): Promise<Ask> => {
    const name = await newDestination(staff);
    return (caller, key) => change(caller, name, key);
  };

const WRITES: Readonly<Record<string, (staff: Caller) => Promise<Ask>>> = {
  'a new ranking': async () => (staff, key) => staff.post('/rankings/refresh', undefined, { key }),
  'a changed destination': changed((staff, name, key) => staff.patch(`/destinations/${name}`, { enabled: false }, { key })),
  'a new secret': changed((staff, name, key) => staff.post(`/destinations/${name}/secret`, { overlapSeconds: 0 }, { key })),
};

test.each(Object.entries(WRITES))('%s is answered as it is committed, also where it cannot be read back', async (_name, prepare) => {
  const server = await serveThrough(shop.target, { requestsOnly: true });
  try {
    const staff = server.at(shop.staff);
    const usual = await prepare(shop.staff);
    const watch = server.proxy.watch();
    expect(verdict(await usual(staff, tag()))).toBe('200');
    const readsAfter = watch.calls.length - watch.calls.lastIndexOf('COMMIT') - 1;
    expect(readsAfter).toBeGreaterThan(0);
    const [at, key] = [watch.calls.length - readsAfter + 1, tag()];
    const ask = await prepare(shop.staff);
    const struck = server.proxy.watch({ at, fault: 'cutBefore' });
    const first = await ask(staff, key);
    expect([struck.struck(), verdict(first)]).toEqual([true, '200']);
    const again = await ask(staff, key);
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  } finally {
    await server.close();
  }
});

test('a transaction that cannot begin is begun again', async () => {
  const server = await serveThrough(shop.target, { requestsOnly: true });
  try {
    const staff = server.at(shop.staff);
    const name = await newDestination(shop.staff);
    const watch = server.proxy.watch();
    expectStatus(await staff.patch(`/destinations/${name}`, { enabled: false }), 200);
    const struck = server.proxy.watch({ at: watch.calls.indexOf('BEGIN') + 1, fault: '40001' });
    expectStatus(await staff.patch(`/destinations/${name}`, { enabled: true }), 200);
    expect(struck.struck()).toBe(true);
  } finally {
    await server.close();
  }
});

test('a claim that is not committed leaves nothing sold out', async () => {
  const server = await serveThrough(shop.target, { requestsOnly: true });
  try {
    const [couponId, first, second] = [await couponOf(shop, { quantity: 1 }), await shop.customer(), await shop.customer()];
    server.proxy.doom('cutBefore');
    expect(verdict(await server.at(first).post(`/coupons/${couponId}/issue`))).toBe('503 OVERLOADED');
    expect(verdict(await server.at(second).post(`/coupons/${couponId}/issue`))).toBe('201');
  } finally {
    await server.close();
  }
});
