import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { openCheckedShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, issued, later, option, paid, placed, richCustomer } from '../support/goods.ts';
import { expectRefusal, type Request, verdict } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';
import { openWatcher } from '../support/waiters.ts';

const TTL_MS = 600_000;

let shop: Shop;
beforeEach(async () => {
  shop = await openCheckedShop({ maxPendingOrders: 600 });
});
afterEach(() => shop.close());

/** Runs `work` while the order's row is locked, which the sweep passes over: nobody has touched the order since it was placed. */
async function unswept({ userId }: Caller, orderId: string, work: () => Promise<void>): Promise<void> {
  const client = await shop.database.readers.connect();
  await client.query('BEGIN');
  try {
    await client.query('SELECT FROM orders WHERE user_id = $1 AND id = $2 FOR UPDATE', [userId, orderId]);
    await work();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Resolves once somebody waits for a lock. */
async function someoneWaits(): Promise<void> {
  const watcher = await openWatcher(shop.target);
  await watcher.waiters(1);
  await watcher.close();
}

const read = async (caller: Caller, path: string): Promise<Body> => expectStatus(await caller.get(path), 200).body;

async function optionOf(optionId: string): Promise<Body | undefined> {
  const { items } = await read(shop.staff, '/products?limit=100');
  return items?.flatMap((item) => item.options).find((shown) => shown.id === optionId);
}

describe('an unpaid order past its time', () => {
  test('is expired in every answer, before anyone has swept it', async () => {
    const customer = await richCustomer(shop, 10_000);
    const optionId = await option(shop, { stock: 1 });
    const orderId = await placed(customer, optionId);
    await unswept(customer, orderId, async () => {
      expect((await read(customer, `/orders/${orderId}`)).status).toBe('pending');
      shop.moveClock(TTL_MS);
      for (const caller of [customer, shop.staff]) {
        expect((await read(caller, `/orders/${orderId}`)).status).toBe('expired');
        expect((await read(caller, '/orders')).items).toMatchObject([{ id: orderId, status: 'expired', paymentId: null }]);
      }
    });
    await expectRefusal(customer, ['POST', '/payments', { orderId }], '409 ORDER_EXPIRED');
    for (const caller of [customer, shop.staff]) {
      await expectRefusal(caller, ['POST', `/orders/${orderId}/cancel`], '409 ORDER_NOT_CANCELLABLE');
    }
    expect((await read(customer, '/balance')).amount).toBe(10_000);
  });

  test.each([
    ['paid', 'ORDER_EXPIRED', (orderId: string): Request => ['POST', '/payments', { orderId }]],
    ['cancelled', 'ORDER_NOT_CANCELLABLE', (orderId: string): Request => ['POST', `/orders/${orderId}/cancel`]],
  ])('cannot be %s, before anyone has swept it either', async (_what, code, requestOf) => {
    const customer = await richCustomer(shop, 10_000);
    const orderId = await placed(customer, await option(shop, { stock: 1 }));
    let late: Promise<Answered> | undefined;
    await unswept(customer, orderId, async () => {
      shop.moveClock(TTL_MS);
      late = customer.call(...requestOf(orderId));
      await someoneWaits();
    });
    expect((await late)?.body.code).toBe(code);
    expect((await read(customer, '/balance')).amount).toBe(10_000);
  });

  test('gives its place under the limits back at its moment', async () => {
    const limited = await shop.second({ maxPendingOrders: 1 });
    const customer = await limited.customer();
    const optionId = await option(shop, { stock: 10, price: 0, maxPerUser: 2 });
    const orderId = await placed(customer, optionId, 2);
    const place = () => customer.post('/orders', { lines: [{ optionId, quantity: 2 }] });
    await unswept(customer, orderId, async () => {
      expect(verdict(await place())).toBe('409 PURCHASE_LIMIT_EXCEEDED');
      limited.moveClock(TTL_MS);
      expect(verdict(await place())).toBe('201');
      expect(verdict(await place())).toBe('409 PURCHASE_LIMIT_EXCEEDED');
    });
  });

  test('frees stock and coupon within five seconds, whether or not anyone touches it', async () => {
    const customer = await shop.customer();
    const optionId = await option(shop, { stock: 3, price: 500 });
    const userCouponId = await issued(customer, await couponOf(shop, {}));
    await placed(customer, optionId, 3, userCouponId);
    expect(await optionOf(optionId)).toMatchObject({ available: 0, reserved: 3, soldOut: true });
    shop.moveClock(TTL_MS);
    await eventually(async () => (await optionOf(optionId))?.available).toBe(3);
    expect(await optionOf(optionId)).toMatchObject({ onHand: 3, reserved: 0, soldOut: false });
    expect((await read(customer, '/me/coupons')).items).toMatchObject([{ id: userCouponId, status: 'issued', orderId: null }]);
    const again = await placed(await shop.customer(), optionId, 3);
    expect(again).not.toBe('');
    expect(verdict(await customer.post('/orders', { lines: [{ optionId, quantity: 1 }], userCouponId }))).toBe('409 OUT_OF_STOCK');
  });

  test('is swept with all others, however many there are', async () => {
    const customer = await shop.customer();
    const optionId = await option(shop, { stock: 600, price: 0 });
    await Promise.all(Array.from({ length: 520 }, () => placed(customer, optionId)));
    expect(await optionOf(optionId)).toMatchObject({ reserved: 520 });
    shop.moveClock(TTL_MS);
    await eventually(async () => (await optionOf(optionId))?.reserved).toBe(0);
  });

  test('is no concern of orders that are not', async () => {
    const customer = await richCustomer(shop, 10_000);
    const optionId = await option(shop, { stock: 9, price: 1 });
    const bought = await placed(customer, optionId);
    await paid(customer, bought);
    const early = await placed(customer, optionId);
    shop.moveClock(TTL_MS / 2);
    const late = await placed(customer, optionId);
    shop.moveClock(TTL_MS / 2);
    await eventually(async () => (await optionOf(optionId))?.reserved).toBe(1);
    const statuses = [bought, early, late].map(async (orderId) => (await read(customer, `/orders/${orderId}`)).status);
    expect(await Promise.all(statuses)).toEqual(['paid', 'expired', 'pending']);
    expect(verdict(await customer.post('/payments', { orderId: late }))).toBe('201');
  });
});

describe('a coupon past its time', () => {
  test('still pays the order that holds it', async () => {
    const customer = await richCustomer(shop, 1000);
    const optionId = await option(shop, { stock: 1, price: 1000 });
    const userCouponId = await issued(customer, await couponOf(shop, { expiresAt: later(TTL_MS / 2) }));
    const orderId = await placed(customer, optionId, 1, userCouponId);
    shop.moveClock(TTL_MS / 2);
    expect((await read(customer, '/me/coupons')).items).toMatchObject([{ status: 'held' }]);
    expect(expectStatus(await customer.post('/payments', { orderId }), 201).body).toMatchObject({ discount: 100, amount: 900 });
    expect((await read(customer, '/me/coupons')).items).toMatchObject([{ status: 'used' }]);
  });

  test('is expired when its order lets it go, and cannot be used on another', async () => {
    const customer = await shop.customer();
    const optionId = await option(shop, { stock: 2, price: 1000 });
    const userCouponId = await issued(customer, await couponOf(shop, { expiresAt: later(TTL_MS / 2) }));
    const orderId = await placed(customer, optionId, 1, userCouponId);
    shop.moveClock(TTL_MS / 2);
    await expectRefusal(customer, ['POST', '/orders', { lines: [{ optionId, quantity: 1 }], userCouponId }], '409 COUPON_INVALID', {
      reason: 'held',
    });
    await customer.post(`/orders/${orderId}/cancel`);
    expect((await read(customer, '/me/coupons')).items).toMatchObject([{ status: 'expired', orderId: null }]);
    await expectRefusal(customer, ['POST', '/orders', { lines: [{ optionId, quantity: 1 }], userCouponId }], '409 COUPON_INVALID', {
      reason: 'expired',
    });
  });

  test('is expired before its minimum is looked at', async () => {
    const customer = await shop.customer();
    const optionId = await option(shop, { stock: 2, price: 1 });
    const userCouponId = await issued(customer, await couponOf(shop, { expiresAt: later(TTL_MS), minOrderAmount: 100 }));
    const request = ['POST', '/orders', { lines: [{ optionId, quantity: 1 }], userCouponId }] as const;
    await expectRefusal(customer, request, '409 COUPON_INVALID', { reason: 'belowMinimum' });
    shop.moveClock(TTL_MS);
    await expectRefusal(customer, request, '409 COUPON_INVALID', { reason: 'expired' });
  });
});
