import { describe, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { useSecond, useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, NO_ID, option, paid, placed, richCustomer, stockOf } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectRefusal, type Request, verdict } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const secondShop = useSecond(shop);
const pay = (orderId: string): Request => ['POST', '/payments', { orderId }];
const read = async (caller: Caller, path: string): Promise<Body> => expectStatus(await caller.get(path), 200).body;
const balanceOf = async (caller: Caller): Promise<number> => (await read(caller, '/balance')).amount;
const refundAll = (paymentId: string): Request => ['POST', `/payments/${paymentId}/refunds`, { restock: true, reason: 'x' }];

describe('paying', () => {
  test('takes the money, the units and the coupon, and is read at once', async () => {
    const customer = await richCustomer(shop(), 5000);
    const optionId = await option(shop(), { price: 1000, stock: 3 });
    const userCouponId = await issued(customer, await couponOf(shop(), {}));
    const orderId = await placed(customer, optionId, 2, userCouponId);
    const { body } = expectStatus(await customer.call(...pay(orderId)), 201);
    expect(body).toEqual({
      id: ANY_ID,
      orderId,
      userId: customer.userId,
      subtotal: 2000,
      discount: 100,
      amount: 1900,
      refunded: 0,
      balanceAfter: 3100,
      paidAt: ANY_TIME,
    });
    expect(await read(customer, `/payments/${body.id}`)).toEqual(body);
    expect(await balanceOf(customer)).toBe(3100);
    expect(await stockOf(shop(), optionId)).toEqual({ onHand: 1, reserved: 0 });
    const after = { status: 'paid', paymentId: body.id, paidAt: body.paidAt, total: 1900 };
    expect(await read(customer, `/orders/${orderId}`)).toMatchObject(after);
    expect((await read(customer, '/me/coupons')).items).toMatchObject([{ status: 'used', orderId }]);
  });

  test('may take the balance to zero', async () => {
    const customer = await richCustomer(shop(), 1000);
    const orderId = await placed(customer, await option(shop(), { price: 1000, stock: 1 }));
    expect(expectStatus(await customer.call(...pay(orderId)), 201).body.balanceAfter).toBe(0);
  });

  test.each([
    ['an order of goods without a price', { price: 0 }, null],
    ['an order that a coupon pays in full', { price: 70 }, { discount: { type: 'percent', percent: 100 } }],
  ])('costs nothing: %s', async (_what, goods, terms) => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { ...goods, stock: 1 });
    const userCouponId = terms === null ? undefined : await issued(customer, await couponOf(shop(), terms));
    const orderId = await placed(customer, optionId, 1, userCouponId);
    const paymentId = await paid(customer, orderId);
    expect(await read(customer, `/payments/${paymentId}`)).toMatchObject({ amount: 0, balanceAfter: 0 });
    expect((await read(customer, '/balance/history')).items).toMatchObject([{ kind: 'payment', delta: 0, reference: orderId }]);
    const { body } = expectStatus(await shop().staff.call(...refundAll(paymentId)), 201);
    expect(body).toMatchObject({ amount: 0, balanceAfter: 0, lines: [{ optionId, quantity: 1 }] });
    expect(await read(customer, `/orders/${orderId}`)).toMatchObject({ status: 'refunded' });
    await expectRefusal(shop().staff, refundAll(paymentId), '409 REFUND_EXCEEDS_PAYMENT');
  });
});

describe('refusals, each before the ones after it', () => {
  test('an order that is not one’s own is absent, for staff too', async () => {
    const [owner, other] = [await richCustomer(shop(), 1000), await richCustomer(shop(), 1000)];
    const orderId = await placed(owner, await option(shop(), { stock: 1 }));
    await expectRefusal(other, pay(orderId), '404 ORDER_NOT_FOUND');
    await expectRefusal(shop().staff, pay(orderId), '404 ORDER_NOT_FOUND');
    await expectRefusal(owner, pay(NO_ID), '404 ORDER_NOT_FOUND');
    await expectRefusal(shop().anyone, pay(orderId), '401 UNAUTHENTICATED');
    expect(await balanceOf(other)).toBe(1000);
  });

  test('a paid order is told so whatever was refunded of it, and whatever the balance is', async () => {
    const customer = await richCustomer(shop(), 2000);
    const optionId = await option(shop(), { stock: 2 });
    const orderId = await placed(customer, optionId, 2);
    const paymentId = await paid(customer, orderId);
    await expectRefusal(customer, pay(orderId), '409 ORDER_ALREADY_PAID');
    const one = { lines: [{ optionId, quantity: 1 }], restock: false, reason: 'x' };
    for (const status of ['partiallyRefunded', 'refunded']) {
      expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, one), 201);
      expect((await read(customer, `/orders/${orderId}`)).status).toBe(status);
      await expectRefusal(customer, pay(orderId), '409 ORDER_ALREADY_PAID');
    }
  });

  test('a cancelled order is told so, whatever the balance is', async () => {
    const customer = await shop().customer();
    const orderId = await placed(customer, await option(shop(), { stock: 2 }));
    await customer.post(`/orders/${orderId}/cancel`);
    await expectRefusal(customer, pay(orderId), '409 ORDER_CANCELLED');
  });

  test('too little money: what is required and what there is', async () => {
    const customer = await richCustomer(shop(), 1999);
    const optionId = await option(shop(), { stock: 2 });
    const orderId = await placed(customer, optionId, 2);
    await expectRefusal(customer, pay(orderId), '409 INSUFFICIENT_BALANCE', { required: 2000, balance: 1999 });
    expect(await stockOf(shop(), optionId)).toEqual({ onHand: 2, reserved: 2 });
    expect((await read(customer, `/orders/${orderId}`)).status).toBe('pending');
    await customer.post('/balance/charge', { amount: 1 });
    expect(verdict(await customer.call(...pay(orderId)))).toBe('201');
    const poor = await shop().customer();
    const dear = await placed(poor, await option(shop(), { stock: 1 }));
    await expectRefusal(poor, pay(dear), '409 INSUFFICIENT_BALANCE', { required: 1000, balance: 0 });
  });
});

test('of paying and cancelling at once, on two servers, exactly one wins', async () => {
  const other = await secondShop();
  const optionId = await option(shop(), { stock: 40 });
  const races = Array.from({ length: 20 }, async () => {
    const customer = await richCustomer(shop(), 1000);
    const there = await other.customer(customer.userId);
    const orderId = await placed(customer, optionId);
    const answers = await Promise.all([customer.call(...pay(orderId)), there.post(`/orders/${orderId}/cancel`)]);
    const { status } = await read(customer, `/orders/${orderId}`);
    return [answers.map(verdict).join(), status];
  });
  for (const [answers, status] of await Promise.all(races)) {
    expect([`201,409 ORDER_NOT_CANCELLABLE paid`, `409 ORDER_CANCELLED,200 cancelled`]).toContain(`${answers} ${status}`);
  }
});

test('many payments of one order at once pay it once', async () => {
  const customer = await richCustomer(shop(), 10_000);
  const there = await (await secondShop()).customer(customer.userId);
  const orderId = await placed(customer, await option(shop(), { stock: 1 }));
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? customer : there).call(...pay(orderId))));
  expect(answers.filter((answer) => verdict(answer) === '201')).toHaveLength(1);
  expect(answers.filter((answer) => verdict(answer) === '409 ORDER_ALREADY_PAID')).toHaveLength(9);
  expect(await balanceOf(customer)).toBe(9000);
});

describe('reading', () => {
  test('customers see their own, staff everyone’s', async () => {
    const [customer, other] = [await richCustomer(shop(), 5000), await richCustomer(shop(), 5000)];
    const optionId = await option(shop(), { stock: 9 });
    const buy = async (caller: Caller) => paid(caller, await placed(caller, optionId));
    const own = [await buy(customer), await buy(customer)].toReversed();
    const foreign = await buy(other);
    const ids = async (caller: Caller, query = '') => (await walk(caller, `/payments${query}`, 100)).map((shown) => shown.id);
    expect(await ids(customer)).toEqual(own);
    expect(await ids(customer, `?userId=${customer.userId}`)).toEqual(own);
    expect(await ids(shop().staff, `?userId=${customer.userId}`)).toEqual(own);
    expect((await ids(shop().staff)).slice(0, 3)).toEqual([foreign, ...own]);
    expect(await read(shop().staff, `/payments/${foreign}`)).toEqual(await read(other, `/payments/${foreign}`));
    await expectRefusal(customer, ['GET', `/payments?userId=${other.userId}`], '403 FORBIDDEN');
    await expectRefusal(customer, ['GET', `/payments/${foreign}`], '404 PAYMENT_NOT_FOUND');
    await expectRefusal(shop().staff, ['GET', `/payments/${NO_ID}`], '404 PAYMENT_NOT_FOUND');
    for (const path of ['/payments', `/payments/${foreign}`, `/payments/${foreign}/refunds`]) {
      await expectRefusal(shop().anyone, ['GET', path], '401 UNAUTHENTICATED');
    }
  });

  test('the list is walked through, newest first, while payments are made', async () => {
    const customer = await richCustomer(shop(), 100_000);
    const optionId = await option(shop(), { stock: 50 });
    const buy = async () => paid(customer, await placed(customer, optionId));
    const own: string[] = [];
    for (let count = 0; count < 5; count += 1) own.unshift(await buy());
    expect((await walk(customer, '/payments', 2, buy)).map((shown) => shown.id)).toEqual(own);
  });
});
