/** Customers as the back office finds and sees them. */
import { beforeAll, expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, option, paid, placed, tag } from '../support/goods.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const mark = `c-${tag()}`;
const names = { rich: `${mark}-rich`, buyer: `${mark}-buyer`, lucky: `${mark}_%lucky`, strange: `${mark}/한 ?#%2F" ` };
const accountIds: string[] = [];

const found = async (search: string, limit = 100): Promise<Body[]> =>
  walk(shop().staff, `/customers?search=${encodeURIComponent(search)}`, limit);
const idsOf = (customers: readonly Body[]): string[] => customers.map(({ userId }) => userId);
const get = (userId: string) => shop().staff.get(`/customers/${encodeURIComponent(userId)}`);

beforeAll(async () => {
  for (const userId of [names.rich, names.strange]) {
    expectStatus(await shop().staff.post('/balance/charge', { amount: 5000, userId }), 200);
  }
  await issued(await shop().customer(names.lucky), await couponOf(shop(), {}));
  const buyer = await shop().customer(names.buyer);
  const optionId = await option(shop(), { price: 0, stock: 9 });
  await paid(buyer, await placed(buyer, optionId));
  for (let count = 0; count < 7; count += 1) await placed(buyer, optionId);
  for (const name of ['Minji Kim', 'minjun']) {
    const email = `${name.split(' ')[0]?.toLowerCase()}@${mark}.example.com`;
    const body = { name, email, password: 'long enough, this one' };
    const answer = await shop().anyone.post('/auth/sign-up', body, { headers: { origin: shop().baseUrl } });
    const { user } = expectStatus(answer, 201).body;
    accountIds.push('id' in user ? String(user.id) : '');
  }
});

test('are found by how their id begins, literally, wherever they have left a trace', async () => {
  expect(new Set(idsOf(await found(mark)))).toEqual(new Set(Object.values(names)));
  expect(idsOf(await found(`${mark}_%`))).toEqual([names.lucky]);
  expect(idsOf(await found(names.strange))).toEqual([names.strange]);
  expect(await found(mark.toUpperCase())).toEqual([]);
  expect(await found(`x${mark}`)).toEqual([]);
  expect((await found(names.rich))[0]).toEqual({ userId: names.rich, account: null });
});

test('are found by id, email address and name of the built-in account, in any case', async () => {
  const [minji, minjun] = accountIds;
  expect(new Set(idsOf(await found('MINJ')))).toEqual(new Set(accountIds));
  expect(idsOf(await found('minji k'))).toEqual([minji]);
  expect(idsOf(await found(`minjun@${mark}`))).toEqual([minjun]);
  expect(await found(minji ?? '')).toEqual([
    { userId: minji, account: { name: 'Minji Kim', email: `minji@${mark}.example.com`, role: 'customer' } },
  ]);
  expect(await found('inj')).toEqual([]);
});

test('are walked through in pages of any size, each once, in one order', async () => {
  const all = idsOf(await found(''));
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining([...Object.values(names), ...accountIds]));
  for (const limit of [1, 2, 5]) expect(idsOf(await found('', limit))).toEqual(all);
});

test('are seen at a glance', async () => {
  const nothing = { orders: 0, pendingOrders: 0, payments: 0, paid: 0, refunded: 0, coupons: 0, usedCoupons: 0, ledgerEntries: 0 };
  const { body: rich } = expectStatus(await get(names.strange), 200);
  expect(rich).toEqual({
    userId: names.strange,
    account: null,
    balance: 5000,
    currency: 'KRW',
    counts: { ...nothing, ledgerEntries: 1 },
    orders: [],
  });
  const { body: buyer } = expectStatus(await get(names.buyer), 200);
  expect(buyer['counts']).toEqual({ ...nothing, orders: 8, pendingOrders: 7, payments: 1, ledgerEntries: 1 });
  const { items } = (await shop().staff.get(`/orders?userId=${names.buyer}&limit=5`)).body;
  expect(buyer['orders']).toEqual(items);
  expect((await get(names.lucky)).body).toMatchObject({ counts: { coupons: 1, usedCoupons: 0 } });
  expect((await get(accountIds[0] ?? '')).body).toMatchObject({ account: { name: 'Minji Kim' }, balance: 0, counts: nothing });
});

test('may have the longest ids there are', async () => {
  const userId = '한'.repeat(255);
  expectStatus(await shop().staff.post('/balance/charge', { amount: 1, userId }), 200);
  expect((await get(userId)).body).toMatchObject({ userId, balance: 1 });
  expect(idsOf(await found(userId))).toEqual([userId]);
});

test('are for staff, those that there are', async () => {
  const customer = await shop().customer(names.buyer);
  for (const path of ['/customers', `/customers/${names.buyer}`]) {
    await expectRefusal(shop().anyone, ['GET', path], '401 UNAUTHENTICATED');
    await expectRefusal(customer, ['GET', path], '403 FORBIDDEN');
  }
  await expectRefusal(shop().staff, ['GET', `/customers/${mark}`], '404 CUSTOMER_NOT_FOUND');
  await expectInvalid(shop().staff, ['GET', `/customers?search=${'x'.repeat(256)}`], '/search');
  await expectInvalid(shop().staff, ['GET', '/customers?search=%00'], '/search');
  await expectInvalid(shop().staff, ['GET', `/customers/${'x'.repeat(256)}`], '/userId');
});
