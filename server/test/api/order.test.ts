import { beforeAll, describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { useSecond, useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, NO_ID, option, paid, placed, product, richCustomer } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, extrasOf, type Request, verdict } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const MAX_MONEY = Number.MAX_SAFE_INTEGER;
const shop = useShop({ maxPendingOrders: 5 });
const secondShop = useSecond(shop);

type Line = { readonly optionId: string; readonly quantity: number };
const line = (optionId: string, quantity = 1): Line => ({ optionId, quantity });
const order = (lines: readonly Line[], more: object = {}): Request => ['POST', '/orders', { lines, ...more }];
const place = (caller: Caller, ...lines: readonly Line[]): Promise<Answered> => caller.call(...order(lines));
const read = async (caller: Caller, orderId: string): Promise<Body> => expectStatus(await caller.get(`/orders/${orderId}`), 200).body;
const optionOf = async (optionId: string): Promise<Body | undefined> =>
  (await walk(shop().staff, '/products', 100)).flatMap((item) => item.options).find((shown) => shown.id === optionId);

describe('placing', () => {
  test('an order freezes what it is about, and holds stock and coupon', async () => {
    const customer = await richCustomer(shop(), 10_000);
    const goods = await product(shop(), [{ name: 'S', sku: 'sku-s', price: 1500, stock: 5 }], { name: '티셔츠' });
    const optionId = goods.options[0]?.id ?? '';
    const userCouponId = await issued(customer, await couponOf(shop(), { discount: { type: 'percent', percent: 33 } }));
    const { body } = expectStatus(await customer.call(...order([line(optionId, 3)], { userCouponId })), 201);
    const frozen = { optionId, productId: goods.id, sku: 'sku-s', name: '티셔츠 - S', unitPrice: 1500, quantity: 3, amount: 4500 };
    expect(body).toEqual({
      id: ANY_ID,
      userId: customer.userId,
      status: 'pending',
      lines: [frozen],
      subtotal: 4500,
      discount: 1485,
      total: 3015,
      userCouponId,
      paymentId: null,
      createdAt: ANY_TIME,
      expiresAt: ANY_TIME,
      paidAt: null,
    });
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(600_000);
    expect(await optionOf(optionId)).toMatchObject({ onHand: 5, reserved: 3, available: 2 });
    await shop().staff.patch(`/options/${optionId}`, { price: 9, name: 'XL', sku: 'sku-xl' });
    expect(await read(customer, body.id)).toEqual(body);
  });

  test('lines of one option are added up, in the order of first mention', async () => {
    const [a, b] = [await option(shop(), { stock: 4, price: 3 }), await option(shop(), { stock: 4, price: 5 })];
    const customer = await shop().customer();
    await expectRefusal(customer, order([line(a, 2), line(b, 1), line(a, 3)]), '409 OUT_OF_STOCK', { optionId: a, available: 4 });
    const { body } = expectStatus(await place(customer, line(b, 1), line(a, 2), line(b, 1), line(a, 2)), 201);
    expect(body.lines).toMatchObject([
      { optionId: b, quantity: 2, amount: 10 },
      { optionId: a, quantity: 4, amount: 12 },
    ]);
    expect(body.subtotal).toBe(22);
  });

  test('an order has 1–100 lines of 1–999 units, also added up', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 2000, price: 0 });
    await expectInvalid(customer, order([]), '/lines');
    const many = Array.from({ length: 101 }, () => line(optionId));
    await expectInvalid(customer, order(many), '/lines');
    await expectInvalid(customer, order([line(optionId, 500), line(optionId, 500)]), '/lines/1/quantity');
    expect(verdict(await place(customer, line(optionId, 999)))).toBe('201');
    const { body } = expectStatus(await place(customer, ...many.slice(1)), 201);
    expect(body.lines).toMatchObject([{ quantity: 100 }]);
  });

  test('only what can be had is sold when two servers sell at once', async () => {
    const optionId = await option(shop(), { stock: 7, price: 0 });
    const other = await secondShop();
    const callers = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? shop() : other).customer()));
    const answers = await Promise.all(callers.map((caller) => place(caller, line(optionId))));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(7);
    expect(new Set(answers.map(verdict))).toEqual(new Set(['201', '409 OUT_OF_STOCK']));
  });
});

describe('refusals, each over all lines before the next', () => {
  let good: string;
  let dear: string;
  let hidden: string;
  let limited: string;
  let empty: string;
  let full: Caller;
  beforeAll(async () => {
    good = await option(shop(), { stock: 100, price: 1 });
    dear = await option(shop(), { stock: 1000, price: MAX_MONEY });
    hidden = (await product(shop(), [{ status: 'hidden', stock: 0, maxPerUser: 1 }])).options[0]?.id ?? '';
    limited = await option(shop(), { stock: 50, maxPerUser: 2 });
    empty = await option(shop(), { stock: 3, maxPerUser: 1 });
    full = await shop().customer();
    for (let count = 0; count < 5; count += 1) await placed(full, good);
  });
  /** Offends against everything that comes after the lines' own checks. */
  const offend = (...lines: Line[]): Request => order([line(dear, 2), ...lines], { userCouponId: NO_ID });

  test('unknown, hidden, out of stock, over the limit, too many orders, too large, bad coupon: in this order', async () => {
    await expectRefusal(full, offend(line(limited, 3), line(empty, 4), line(hidden, 9), line(NO_ID)), '404 OPTION_NOT_FOUND', {
      optionId: NO_ID,
    });
    await expectRefusal(full, offend(line(limited, 3), line(empty, 4), line(hidden, 9)), '409 OPTION_NOT_FOR_SALE', { optionId: hidden });
    await expectRefusal(full, offend(line(limited, 3), line(empty, 4)), '409 OUT_OF_STOCK', { optionId: empty, available: 3 });
    await expectRefusal(full, offend(line(limited, 3)), '409 PURCHASE_LIMIT_EXCEEDED', { optionId: limited, remaining: 2 });
    await expectRefusal(full, offend(), '409 TOO_MANY_PENDING_ORDERS');
    const customer = await shop().customer();
    await expectRefusal(customer, offend(), '409 ORDER_TOTAL_TOO_LARGE');
    await expectRefusal(customer, order([line(good)], { userCouponId: NO_ID }), '409 COUPON_INVALID', { reason: 'notFound' });
  });

  test('of several lines that offend alike, the first is named', async () => {
    const [customer, unknown] = [await shop().customer(), NO_ID.replace('0000', '0001')];
    await expectRefusal(customer, order([line(good), line(unknown), line(NO_ID)]), '404 OPTION_NOT_FOUND', { optionId: unknown });
    const [a, b] = [await option(shop(), { stock: 1, maxPerUser: 1 }), await option(shop(), { stock: 2, maxPerUser: 1 })];
    await expectRefusal(customer, order([line(good), line(b, 3), line(a, 3)]), '409 OUT_OF_STOCK', { optionId: b, available: 2 });
    await expectRefusal(customer, order([line(a, 3), line(b, 3)]), '409 OUT_OF_STOCK', { optionId: a, available: 1 });
    await expectRefusal(customer, order([line(b, 2), line(limited, 3)]), '409 PURCHASE_LIMIT_EXCEEDED', { optionId: b, remaining: 1 });
  });

  test('an option is not for sale either where its product is hidden', async () => {
    const goods = await product(shop(), [{ stock: 1, price: 0 }]);
    const optionId = goods.options[0]?.id ?? '';
    await shop().staff.patch(`/products/${goods.id}`, { status: 'hidden' });
    for (const caller of [await shop().customer(), shop().staff]) {
      await expectRefusal(caller, order([line(optionId)]), '409 OPTION_NOT_FOR_SALE', { optionId });
    }
    await shop().staff.patch(`/products/${goods.id}`, { status: 'active' });
    expect(verdict(await place(await shop().customer(), line(optionId)))).toBe('201');
  });

  test('an option that is taken off sale can still be paid for', async () => {
    const customer = await richCustomer(shop(), 1000);
    const optionId = await option(shop(), { stock: 1, price: 10 });
    const orderId = await placed(customer, optionId);
    await shop().staff.patch(`/options/${optionId}`, { status: 'hidden' });
    expect(verdict(await customer.post('/payments', { orderId }))).toBe('201');
  });

  test('who calls, the body and the key come before the state', async () => {
    await expectRefusal(shop().anyone, ['POST', '/orders', { nonsense: 1 }], '401 UNAUTHENTICATED');
    const customer = await shop().customer();
    const [method, path] = order([]);
    await expectInvalid(customer, [method, path, { lines: [line(NO_ID)], more: 1 }, { key: 'no good' }], '/more');
    await expectInvalid(customer, [method, path, { lines: [line(NO_ID)] }, { key: 'no good' }], '/Idempotency-Key');
  });

  test('a refused order holds nothing', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 3, price: 0 });
    await place(customer, line(optionId, 2), line(optionId, 2));
    await customer.call(...order([line(optionId)], { userCouponId: NO_ID }));
    expect(await optionOf(optionId)).toMatchObject({ onHand: 3, reserved: 0 });
    expect((await customer.get('/orders')).body.items).toEqual([]);
  });
});

describe('coupons of an order', () => {
  const tried = async (customer: Caller, userCouponId: string, optionId: string): Promise<object | string> => {
    const answer = await customer.call(...order([line(optionId)], { userCouponId }));
    return answer.status === 201 ? '201' : extrasOf(answer);
  };

  test('each reason, in its order', async () => {
    const customer = await richCustomer(shop(), 10_000);
    const other = await shop().customer();
    const cheap = await option(shop(), { price: 10, stock: 20 });
    const [own, foreign] = await Promise.all([couponOf(shop(), {}), couponOf(shop(), {})]);
    const minimum = await issued(customer, await couponOf(shop(), { minOrderAmount: 11 }));
    await expectRefusal(customer, order([line(cheap)], { userCouponId: minimum }), '409 COUPON_INVALID', { reason: 'belowMinimum' });
    expect(await tried(customer, await issued(other, foreign), cheap)).toEqual({ reason: 'notFound' });
    const userCouponId = await issued(customer, own);
    const orderId = await placed(customer, cheap, 1, userCouponId);
    await expectRefusal(customer, order([line(cheap)], { userCouponId }), '409 COUPON_INVALID', { reason: 'held' });
    await paid(customer, orderId);
    await expectRefusal(customer, order([line(cheap)], { userCouponId }), '409 COUPON_INVALID', { reason: 'used' });
    expect(await tried(customer, own, cheap)).toEqual({ reason: 'notFound' });
  });

  test('a minimum may be met exactly', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { price: 10, stock: 20 });
    expect(await tried(customer, await issued(customer, await couponOf(shop(), { minOrderAmount: 10 })), optionId)).toBe('201');
  });

  test.each([
    [{ type: 'fixed', amount: 100 }, 999, 100],
    [{ type: 'fixed', amount: 1000 }, 999, 999],
    [{ type: 'percent', percent: 100 }, 999, 999],
    [{ type: 'percent', percent: 15 }, 999, 149],
    [{ type: 'percent', percent: 50, maxAmount: 100 }, 999, 100],
    [{ type: 'percent', percent: 1 }, 99, 0],
    [{ type: 'percent', percent: 99 }, MAX_MONEY, 8_917_127_262_193_581],
    [{ type: 'fixed', amount: 5 }, 0, 0],
  ])('%o off %i is %i', async (discount, price, expected) => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { price, stock: 1 });
    const userCouponId = await issued(customer, await couponOf(shop(), { discount }));
    const { body } = expectStatus(await customer.call(...order([line(optionId)], { userCouponId })), 201);
    expect(body).toMatchObject({ subtotal: price, discount: expected, total: price - expected });
  });
});

describe('cancelling', () => {
  test('gives back what was held, once', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 2, price: 0 });
    const orderId = await placed(customer, optionId, 2);
    const { body } = expectStatus(await customer.post(`/orders/${orderId}/cancel`), 200);
    expect(body).toMatchObject({ id: orderId, status: 'cancelled', paymentId: null });
    expect(await read(customer, orderId)).toEqual(body);
    expect(await optionOf(optionId)).toMatchObject({ onHand: 2, reserved: 0 });
    await expectRefusal(customer, ['POST', `/orders/${orderId}/cancel`], '409 ORDER_NOT_CANCELLABLE');
    expect(await optionOf(optionId)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  test('is for one’s own orders, and for staff', async () => {
    const [customer, other] = [await shop().customer(), await shop().customer()];
    const optionId = await option(shop(), { stock: 2, price: 0 });
    const orderId = await placed(customer, optionId);
    await expectRefusal(shop().anyone, ['POST', `/orders/${orderId}/cancel`], '401 UNAUTHENTICATED');
    await expectRefusal(other, ['POST', `/orders/${orderId}/cancel`], '404 ORDER_NOT_FOUND');
    await expectRefusal(customer, ['POST', `/orders/${NO_ID}/cancel`], '404 ORDER_NOT_FOUND');
    await expectRefusal(shop().staff, ['POST', `/orders/${NO_ID}/cancel`], '404 ORDER_NOT_FOUND');
    const { body } = expectStatus(await shop().staff.post(`/orders/${orderId}/cancel`), 200);
    expect(body).toMatchObject({ userId: customer.userId, status: 'cancelled' });
  });

  test('is for unpaid orders', async () => {
    const customer = await richCustomer(shop(), 5000);
    const optionId = await option(shop(), { stock: 4, price: 1000 });
    const orderId = await placed(customer, optionId, 2);
    const paymentId = await paid(customer, orderId);
    const cancel: Request = ['POST', `/orders/${orderId}/cancel`];
    for (const caller of [customer, shop().staff]) await expectRefusal(caller, cancel, '409 ORDER_NOT_CANCELLABLE');
    const refund = { lines: [line(optionId)], restock: true, reason: 'x' };
    await shop().staff.post(`/payments/${paymentId}/refunds`, refund);
    await expectRefusal(customer, cancel, '409 ORDER_NOT_CANCELLABLE');
    await shop().staff.post(`/payments/${paymentId}/refunds`, refund);
    await expectRefusal(customer, cancel, '409 ORDER_NOT_CANCELLABLE');
    expect((await read(customer, orderId)).status).toBe('refunded');
  });
});

describe('limits over all of a user’s orders', () => {
  test('unpaid orders: a cancelled or paid one makes room, and others have their own', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 50, price: 0 });
    const orders: string[] = [];
    for (let count = 0; count < 5; count += 1) orders.push(await placed(customer, optionId));
    await expectRefusal(customer, order([line(optionId)]), '409 TOO_MANY_PENDING_ORDERS');
    expect(verdict(await place(await shop().customer(), line(optionId)))).toBe('201');
    await customer.post(`/orders/${orders[0]}/cancel`);
    await placed(customer, optionId);
    await expectRefusal(customer, order([line(optionId)]), '409 TOO_MANY_PENDING_ORDERS');
    await paid(customer, orders[1] ?? '');
    await placed(customer, optionId);
    await expectRefusal(customer, order([line(optionId)]), '409 TOO_MANY_PENDING_ORDERS');
  });

  test('unpaid orders: many at once stop at the limit', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 50, price: 0 });
    const there = await (await secondShop()).customer(customer.userId);
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => place(n % 2 === 0 ? customer : there, line(optionId))));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(5);
  });

  test('units a person: held and bought ones count; cancelled and refunded ones do not', async () => {
    const customer = await richCustomer(shop(), 100_000);
    const optionId = await option(shop(), { stock: 50, price: 10, maxPerUser: 3 });
    const remaining = async (): Promise<object> => extrasOf(await place(customer, line(optionId, 4)));
    expect(await remaining()).toEqual({ optionId, remaining: 3 });
    const held = await placed(customer, optionId, 2);
    expect(await remaining()).toEqual({ optionId, remaining: 1 });
    await customer.post(`/orders/${held}/cancel`);
    expect(await remaining()).toEqual({ optionId, remaining: 3 });
    const bought = await placed(customer, optionId, 3);
    await expectRefusal(customer, order([line(optionId)]), '409 PURCHASE_LIMIT_EXCEEDED', { optionId, remaining: 0 });
    const paymentId = await paid(customer, bought);
    expect(await remaining()).toEqual({ optionId, remaining: 0 });
    const refund = (quantity: number) => ({ lines: [line(optionId, quantity)], restock: false, reason: 'x' });
    await shop().staff.post(`/payments/${paymentId}/refunds`, refund(1));
    expect(await remaining()).toEqual({ optionId, remaining: 1 });
    await shop().staff.post(`/payments/${paymentId}/refunds`, refund(2));
    expect(await remaining()).toEqual({ optionId, remaining: 3 });
    expect(verdict(await place(await shop().customer(), line(optionId, 3)))).toBe('201');
  });

  test('units a person: a limit set or lowered later counts what was bought before', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 50, price: 0 });
    await paid(customer, await placed(customer, optionId, 5));
    await shop().staff.patch(`/options/${optionId}`, { maxPerUser: 3 });
    await expectRefusal(customer, order([line(optionId)]), '409 PURCHASE_LIMIT_EXCEEDED', { optionId, remaining: 0 });
    await shop().staff.patch(`/options/${optionId}`, { maxPerUser: 6 });
    expect(verdict(await place(customer, line(optionId)))).toBe('201');
  });

  test('units a person: many at once, on two servers, stop at the limit', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 50, price: 0, maxPerUser: 2 });
    const there = await (await secondShop()).customer(customer.userId);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => place(n % 2 === 0 ? customer : there, line(optionId))));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(2);
  });
});

describe('reading', () => {
  test('customers see their own, staff everyone’s', async () => {
    const [customer, other] = [await shop().customer(), await shop().customer()];
    const optionId = await option(shop(), { stock: 9, price: 0 });
    const own = [await placed(customer, optionId), await placed(customer, optionId)].toReversed();
    const foreign = await placed(other, optionId);
    const ids = async (caller: Caller, query = '') => (await walk(caller, `/orders${query}`, 100)).map((shown) => shown.id);
    expect(await ids(customer)).toEqual(own);
    expect(await ids(customer, `?userId=${customer.userId}`)).toEqual(own);
    expect(await ids(shop().staff, `?userId=${customer.userId}`)).toEqual(own);
    expect((await ids(shop().staff)).slice(0, 3)).toEqual([foreign, ...own]);
    expect(await read(shop().staff, foreign)).toEqual(await read(other, foreign));
    await expectRefusal(customer, ['GET', `/orders?userId=${other.userId}`], '403 FORBIDDEN');
    await expectRefusal(customer, ['GET', `/orders/${foreign}`], '404 ORDER_NOT_FOUND');
    await expectRefusal(shop().staff, ['GET', `/orders/${NO_ID}`], '404 ORDER_NOT_FOUND');
    for (const path of ['/orders', `/orders/${foreign}`]) await expectRefusal(shop().anyone, ['GET', path], '401 UNAUTHENTICATED');
  });

  test('the list is walked through, newest first, while orders are placed', async () => {
    const customer = await shop().customer();
    const [optionId, other] = [await option(shop(), { stock: 50, price: 0 }), await shop().customer()];
    const own: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      own.unshift(await placed(customer, optionId));
      await paid(customer, own[0] ?? '');
    }
    const walked = await walk(customer, '/orders', 2, async () => [await placed(customer, optionId), await place(other, line(optionId))]);
    expect(walked.map((shown) => shown.id)).toEqual(own);
    expect(walked[0]?.lines).toHaveLength(1);
  });
});
