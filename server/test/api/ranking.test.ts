import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { openCheckedShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, HOUR_MS, issued, option, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { ANY_TEXT } from '../support/matchers.ts';
import { expectRefusal } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';

const DAY_MS = 24 * HOUR_MS;

let shop: Shop;
let customer: Caller;
beforeEach(async () => {
  shop = await openCheckedShop();
  customer = await richCustomer(shop, 10_000_000);
});
afterEach(() => shop.close());

const refresh = async (): Promise<Body> => expectStatus(await shop.staff.post('/rankings/refresh'), 200).body;
const shown = async (at: Shop = shop): Promise<Body> => expectStatus(await at.anyone.get('/products/rank'), 200).body;
const soldOf = (ranking: Body) => ranking.items.map((item) => [item.name, item.quantity, item.revenue]);

/** A product called `name` of which `quantity` units are bought at `price`; gives the payment's, product's and option's ids. */
async function sold(name: string, quantity: number, price = 100, userCouponId?: string) {
  const made = await product(shop, [{ price, stock: 100 }], { name });
  const optionId = made.options[0]?.id ?? '';
  return { productId: made.id, optionId, paymentId: await paid(customer, await placed(customer, optionId, quantity, userCouponId)) };
}

test('a shop that has sold nothing has an empty ranking', async () => {
  const { asOf, from, to, items } = await shown();
  expect(items).toEqual([]);
  expect(asOf).toBe(to);
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(3 * DAY_MS);
});

test('the five with the most units, then with the most revenue, then the oldest product', async () => {
  await sold('few', 1, 1000);
  const equal = [await sold('equal 1', 3, 50), await sold('equal 2', 3, 50)];
  await sold('dear', 3, 60);
  await sold('most', 9, 1);
  await sold('least', 1, 1);
  await sold('free', 2, 0);
  const answered = await refresh();
  expect(soldOf(answered)).toEqual([
    ['most', 9, 9],
    ['dear', 3, 180],
    ['equal 1', 3, 150],
    ['equal 2', 3, 150],
    ['free', 2, 0],
  ]);
  expect(answered.items.map((item) => item.rank)).toEqual([1, 2, 3, 4, 5]);
  expect(answered.items.slice(2, 4).map((item) => item.productId)).toEqual(equal.map(({ productId }) => productId));
  expect(Date.parse(answered.to) - Date.parse(answered.from)).toBe(3 * DAY_MS);
  expect(await shown()).toEqual(answered);
});

test('it changes by a refresh, and other servers show it within a second', async () => {
  const other = await shop.second();
  const before = await shown();
  await sold('one', 1);
  expect(await shown()).toEqual(before);
  const answered = await refresh();
  await eventually(() => shown(other)).toEqual(answered);
});

test('only what was paid counts, less what was refunded, net of discounts', async () => {
  await placed(customer, await option(shop, { stock: 50, price: 1 }), 50);
  const cancelled = await placed(customer, await option(shop, { stock: 50, price: 1 }), 50);
  await customer.post(`/orders/${cancelled}/cancel`);
  const discounted = await issued(customer, await couponOf(shop, { discount: { type: 'percent', percent: 30 } }));
  await sold('discounted', 3, 333, discounted);
  const part = await sold('part refunded', 9, 10);
  const all = await sold('all refunded', 9, 10);
  const reason = { restock: true, reason: 'x' };
  expectStatus(
    await shop.staff.post(`/payments/${part.paymentId}/refunds`, { ...reason, lines: [{ optionId: part.optionId, quantity: 7 }] }),
    201,
  );
  expectStatus(await shop.staff.post(`/payments/${all.paymentId}/refunds`, reason), 201);
  // 999 list less floor(299.7).
  expect(soldOf(await refresh())).toEqual([
    ['discounted', 3, 700],
    ['part refunded', 2, 20],
  ]);
});

test('the revenues of an order’s products add up to what was paid for it', async () => {
  const goods = await Promise.all([1, 2, 3].map((price) => product(shop, [{ price, stock: 9 }], { name: `at ${price}` })));
  const lines = goods.map((made, index) => ({ optionId: made.options[0]?.id, quantity: 3 - index }));
  const userCouponId = await issued(customer, await couponOf(shop, { discount: { type: 'fixed', amount: 3 } }));
  const placedOrder = expectStatus(await customer.post('/orders', { lines, userCouponId }), 201).body;
  await paid(customer, placedOrder.id);
  const { items } = await refresh();
  expect(items?.map((item) => item.quantity)).toEqual([3, 2, 1]);
  expect(items?.reduce((sum, item) => sum + item.revenue, 0)).toBe(7);
  expect(placedOrder.total).toBe(7);
});

test('options of one product count together, and a product keeps its newest name', async () => {
  const made = await product(
    shop,
    [
      { price: 1, stock: 5 },
      { price: 2, stock: 5 },
    ],
    { name: 'old name' },
  );
  const lines = made.options.map((each) => ({ optionId: each.id, quantity: 2 }));
  await paid(customer, expectStatus(await customer.post('/orders', { lines }), 201).body.id);
  const name = `new name ${tag()}`;
  await shop.staff.patch(`/products/${made.id}`, { name });
  expect(soldOf(await refresh())).toEqual([[name, 4, 6]]);
});

test('hidden products are left out, and make room for the next', async () => {
  const made = [];
  for (let count = 7; count >= 1; count -= 1) made.push(await sold(`sold ${count}`, count));
  const [most, second] = made;
  await shop.staff.patch(`/products/${most?.productId}`, { status: 'hidden' });
  expect(soldOf(await refresh()).map(([name]) => name)).toEqual(['sold 6', 'sold 5', 'sold 4', 'sold 3', 'sold 2']);
  await shop.staff.patch(`/products/${second?.productId}`, { status: 'hidden' });
  await eventually(async () => soldOf(await shown()).map(([name]) => name)).toEqual(['sold 5', 'sold 4', 'sold 3', 'sold 2', 'sold 1']);
  expect((await shown()).items.map((item) => item.rank)).toEqual([1, 2, 3, 4, 5]);
});

test('the window is the 72 hours before the refresh, by the time of payment', async () => {
  await sold('old', 3);
  shop.moveClock(2 * DAY_MS);
  await sold('new', 1);
  shop.moveClock(DAY_MS - HOUR_MS);
  expect(soldOf(await refresh()).map(([name]) => name)).toEqual(['old', 'new']);
  shop.moveClock(HOUR_MS);
  expect(soldOf(await refresh()).map(([name]) => name)).toEqual(['new']);
  shop.moveClock(2 * DAY_MS);
  expect((await refresh()).items).toEqual([]);
});

test('only staff refresh, and the route takes no body', async () => {
  await expectRefusal(shop.anyone, ['POST', '/rankings/refresh'], '401 UNAUTHENTICATED');
  await expectRefusal(customer, ['POST', '/rankings/refresh'], '403 FORBIDDEN');
  await expectRefusal(shop.staff, ['POST', '/rankings/refresh', { limit: 9 }], '400 VALIDATION_FAILED', {
    errors: [{ path: '/limit', message: ANY_TEXT }],
  });
});
