import { describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { openCheckedShop, useSecond, useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, NO_ID, option, paid, placed, richCustomer, stockOf } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, verdict } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const secondShop = useSecond(shop);

interface Bought {
  readonly customer: Caller;
  readonly orderId: string;
  readonly paymentId: string;
  readonly options: readonly string[];
}

/** A paid order of these options, [price, quantity] each, with a coupon of these terms. */
async function bought(goods: readonly (readonly [number, number])[], discount?: object): Promise<Bought> {
  const customer = await richCustomer(shop(), 1_000_000);
  const options = await Promise.all(goods.map(([price, stock]) => option(shop(), { price, stock })));
  const lines = options.map((optionId, index) => ({ optionId, quantity: goods[index]?.[1] }));
  const coupon = discount === undefined ? {} : { userCouponId: await issued(customer, await couponOf(shop(), { discount })) };
  const orderId: string = expectStatus(await customer.post('/orders', { lines, ...coupon }), 201).body.id;
  return { customer, orderId, paymentId: await paid(customer, orderId), options };
}

const line = (optionId: string | undefined, quantity = 1) => ({ optionId, quantity });
const pathOf = ({ paymentId }: Bought): string => `/payments/${paymentId}/refunds`;
const refund = (of: Bought, lines: readonly object[] | undefined, restock = false): Promise<Answered> =>
  shop().staff.post(pathOf(of), { ...(lines === undefined ? {} : { lines }), restock, reason: '단순 변심' });
const read = async (caller: Caller, path: string): Promise<Body> => expectStatus(await caller.get(path), 200).body;

describe('amounts', () => {
  test('after every refund, the total is the floor of the share of the list price', async () => {
    // 3 × 1000 + 1 × 500 = 3500 list, 10 % off: 3150 paid.
    const order = await bought(
      [
        [1000, 3],
        [500, 1],
      ],
      { type: 'fixed', amount: 351 },
    );
    const [a, b] = order.options;
    const amounts: number[] = [];
    // Paid 3149: floor(3149 × 1000 ÷ 3500) = 899, × 2000 = 1799, × 2500 = 2249, × 3500 = 3149.
    for (const lines of [[line(a)], [line(a)], [line(b)], [line(a)]]) {
      amounts.push(expectStatus(await refund(order, lines), 201).body.amount);
    }
    expect(amounts).toEqual([899, 900, 450, 900]);
    expect(await read(order.customer, `/payments/${order.paymentId}`)).toMatchObject({ amount: 3149, refunded: 3149 });
    expect((await read(order.customer, '/balance')).amount).toBe(1_000_000);
  });

  test('without lines all that is left is refunded', async () => {
    const order = await bought(
      [
        [333, 2],
        [1, 1],
      ],
      { type: 'percent', percent: 50 },
    );
    const [a, b] = order.options;
    // Subtotal 667, discount 333, paid 334: floor(334 × 333 ÷ 667) = 166.
    expect(expectStatus(await refund(order, [line(a)]), 201).body.amount).toBe(166);
    const { body } = expectStatus(await refund(order, undefined), 201);
    expect(body).toMatchObject({ amount: 168, lines: [line(a), line(b)], balanceAfter: 1_000_000 });
  });

  test('an option named twice is added up, in the order of first mention', async () => {
    const order = await bought([
      [10, 3],
      [1, 3],
    ]);
    const [a, b] = order.options;
    await expectRefusal(
      shop().staff,
      ['POST', pathOf(order), { lines: [line(a, 2), line(a, 2)], restock: true, reason: 'x' }],
      '409 REFUND_EXCEEDS_PAYMENT',
    );
    const { body } = expectStatus(await refund(order, [line(b), line(a, 2), line(b)]), 201);
    expect(body).toMatchObject({ amount: 22, lines: [line(b, 2), line(a, 2)] });
    await expectInvalid(
      shop().staff,
      ['POST', pathOf(order), { lines: [line(a, 999), line(a, 1)], restock: true, reason: 'x' }],
      '/lines/1/quantity',
    );
  });

  test('MAX_BALANCE does not keep money from coming back; the largest amount of the wire does', async () => {
    const max = Number.MAX_SAFE_INTEGER;
    const own = await openCheckedShop({ maxCharge: max, maxBalance: max });
    const customer = await richCustomer(own, max);
    const optionId = await option(own, { price: max, stock: 1 });
    const paymentId = await paid(customer, await placed(customer, optionId));
    const path = `/payments/${paymentId}/refunds`;
    const poor = await own.second({ maxCharge: 1, maxBalance: 1 });
    expectStatus(await customer.post('/balance/charge', { amount: 1 }), 200);
    await expectRefusal(poor.staff, ['POST', path, { restock: true, reason: 'x' }], '409 BALANCE_LIMIT_EXCEEDED');
    await paid(customer, await placed(customer, await option(own, { price: 1, stock: 1 })));
    const { body } = expectStatus(await poor.staff.post(path, { restock: true, reason: 'x' }), 201);
    expect(body).toMatchObject({ amount: max, balanceAfter: max });
    await own.close();
  });
});

describe('what a refund changes', () => {
  test('statuses follow the units; restocked ones are for sale again', async () => {
    const order = await bought([
      [100, 2],
      [200, 1],
    ]);
    const [a, b] = order.options;
    const status = async () => (await read(order.customer, `/orders/${order.orderId}`)).status;
    const { body } = expectStatus(await refund(order, [line(a)], true), 201);
    expect(body).toEqual({
      id: ANY_ID,
      paymentId: order.paymentId,
      orderId: order.orderId,
      amount: 100,
      lines: [line(a)],
      restocked: true,
      balanceAfter: 999_700,
      reason: '단순 변심',
      createdAt: ANY_TIME,
    });
    expect(await status()).toBe('partiallyRefunded');
    expect(await stockOf(shop(), a ?? '')).toEqual({ onHand: 1, reserved: 0 });
    await refund(order, [line(b)], false);
    expect(await status()).toBe('partiallyRefunded');
    expect(await stockOf(shop(), b ?? '')).toEqual({ onHand: 0, reserved: 0 });
    await refund(order, undefined, true);
    expect(await status()).toBe('refunded');
    expect(await stockOf(shop(), a ?? '')).toEqual({ onHand: 2, reserved: 0 });
    const after = await read(order.customer, `/orders/${order.orderId}`);
    expect(after).toMatchObject({ paymentId: order.paymentId, total: 400, lines: [{ quantity: 2 }, { quantity: 1 }] });
  });

  test('an option that is off sale is restocked all the same', async () => {
    const order = await bought([[100, 2]]);
    await shop().staff.patch(`/options/${order.options[0]}`, { status: 'hidden' });
    expect(verdict(await refund(order, undefined, true))).toBe('201');
    expect(await stockOf(shop(), order.options[0] ?? '')).toEqual({ onHand: 2, reserved: 0 });
  });
});

describe('refusals, each before the ones after it', () => {
  test('who may not, what is not well said, and what is not there', async () => {
    const order = await bought([[100, 1]]);
    const path = pathOf(order);
    await expectRefusal(shop().anyone, ['POST', path, { nonsense: 1 }], '401 UNAUTHENTICATED');
    await expectRefusal(order.customer, ['POST', path, { nonsense: 1 }], '403 FORBIDDEN');
    const unknown = `/payments/${NO_ID}/refunds`;
    const body = { lines: [line(NO_ID, 999)], restock: true, reason: 'x' };
    await expectInvalid(shop().staff, ['POST', unknown, { ...body, lines: [] }, { key: 'no good' }], '/lines');
    await expectInvalid(shop().staff, ['POST', unknown, body, { key: 'no good' }], '/Idempotency-Key');
    await expectRefusal(shop().staff, ['POST', unknown, body], '404 PAYMENT_NOT_FOUND');
    await expectRefusal(shop().staff, ['GET', unknown], '404 PAYMENT_NOT_FOUND');
  });

  test('more units than are left, an option that was not bought, and nothing left', async () => {
    const order = await bought([[100, 2]]);
    const [a] = order.options;
    const exceeds = (lines?: readonly object[]) =>
      expectRefusal(
        shop().staff,
        ['POST', pathOf(order), { restock: true, reason: 'x', ...(lines === undefined ? {} : { lines }) }],
        '409 REFUND_EXCEEDS_PAYMENT',
      );
    await exceeds([line(a, 3)]);
    await exceeds([line(a), line(NO_ID)]);
    await refund(order, [line(a)]);
    await exceeds([line(a, 2)]);
    expect(await stockOf(shop(), a ?? '')).toEqual({ onHand: 0, reserved: 0 });
    await refund(order, undefined);
    await exceeds([line(a)]);
    await exceeds();
    expect((await read(order.customer, '/balance')).amount).toBe(1_000_000);
  });
});

test('many refunds at once, on two servers, give back what was paid and no more', async () => {
  const order = await bought([[101, 10]], { type: 'percent', percent: 7 });
  const other = await secondShop();
  const body = { lines: [line(order.options[0])], restock: true, reason: 'x' };
  const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? shop() : other).staff.post(pathOf(order), body)));
  expect(answers.filter((answer) => verdict(answer) === '201')).toHaveLength(10);
  expect(answers.filter((answer) => verdict(answer) === '409 REFUND_EXCEEDS_PAYMENT')).toHaveLength(6);
  expect((await read(order.customer, '/balance')).amount).toBe(1_000_000);
  expect(await stockOf(shop(), order.options[0] ?? '')).toEqual({ onHand: 10, reserved: 0 });
});

test('the refunds of a payment are listed for its owner and staff, newest first', async () => {
  const order = await bought([[100, 9]]);
  expect((await read(order.customer, pathOf(order))).items).toEqual([]);
  const made: Body[] = [];
  for (let count = 1; count <= 3; count += 1) made.unshift((await refund(order, [line(order.options[0], count)])).body);
  for (const caller of [order.customer, shop().staff]) expect((await read(caller, pathOf(order))).items).toEqual(made);
  const walked = await walk(order.customer, pathOf(order), 1, () => refund(order, [line(order.options[0])]));
  expect(walked).toEqual(made);
  await expectRefusal(await shop().customer(), ['GET', pathOf(order)], '404 PAYMENT_NOT_FOUND');
});
