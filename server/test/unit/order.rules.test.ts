import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UserCoupon } from '../../src/coupon/coupon.types.ts';
import { MAX_MONEY } from '../../src/kernel/money.ts';
import { decideCancel, decideExpire, decidePlace, holdingKey, type OrderState, statusAt } from '../../src/order/order.rules.ts';
import type { Order, OrderStatus, WantedLine } from '../../src/order/order.types.ts';
import { at, context, lineWith, NOW, offerWith, orderState, orderWith, outcome, userCouponWith } from '../support/rules.ts';

const place = (state: OrderState, lines: readonly WantedLine[], userCouponId: string | null = null, userId = 'user') =>
  decidePlace(state, { kind: 'place', userId, lines, userCouponId }, context());
const line = (optionId: string, quantity = 1): WantedLine => ({ optionId, quantity });

describe('placing', () => {
  test('reserves the units, holds the coupon and freezes the terms', () => {
    const state = orderState({ offers: [offerWith('a', { price: 700 })], userCoupons: [userCouponWith()] });
    const order = place(state, [line('a', 3)], 'userCoupon');
    expect(order).toMatchObject({ status: 'pending', subtotal: 2100, discount: 100, total: 2000, expiresAt: at(600_000) });
    expect(state.stock.get('a')).toEqual({ optionId: 'a', onHand: 10, reserved: 3 });
    expect(state.userCoupons.get('userCoupon')).toMatchObject({ status: 'held', orderId: [...state.placed][0] });
    expect(state.pending.get('user')).toBe(1);
  });

  /** What offends, from what is checked first to what is checked last; every subset is refused for its first. */
  const offences = [
    ['OPTION_NOT_FOUND "unknown"', 'unknown'],
    ['OPTION_NOT_FOR_SALE "hidden"', 'hidden'],
    ['OUT_OF_STOCK "short" 1', 'short'],
    ['PURCHASE_LIMIT_EXCEEDED "limited" 2', 'limited'],
    ['TOO_MANY_PENDING_ORDERS', 'pending'],
    ['ORDER_TOTAL_TOO_LARGE', 'dear'],
    ['COUPON_INVALID "notFound"', 'coupon'],
  ] as const;

  test('of any offences together, the one that is checked first is reported', () => {
    const offers = [
      offerWith('good', { price: 1 }),
      offerWith('hidden', { productStatus: 'hidden', maxPerUser: 1 }),
      offerWith('short', { price: 1, maxPerUser: 1 }),
      offerWith('limited', { price: 1, maxPerUser: 3 }),
      offerWith('dear', { price: MAX_MONEY }),
    ];
    const quantities = { unknown: 1, hidden: 99, short: 2, limited: 3, dear: 2 };
    fc.assert(
      fc.property(fc.shuffledSubarray([...offences]), fc.boolean(), (chosen, goodFirst) => {
        const kinds = new Set(chosen.map(([, kind]) => kind));
        const bad = chosen.flatMap(([, kind]) => (kind === 'pending' || kind === 'coupon' ? [] : [line(kind, quantities[kind])]));
        const lines = goodFirst ? [line('good'), ...bad] : [...bad, line('good')];
        const holdings = { [holdingKey('user', 'limited')]: 1, [holdingKey('user', 'short')]: 0 };
        const stock = [{ optionId: 'short', onHand: 2, reserved: 1 }];
        const state = orderState({ offers, stock, holdings, pending: kinds.has('pending') ? 3 : 2 });
        const expected = offences.find(([, kind]) => kinds.has(kind))?.[0] ?? 'ok';
        expect(outcome(place(state, lines, kinds.has('coupon') ? 'userCoupon' : null))).toBe(expected);
        expect(state.placed.size).toBe(expected === 'ok' ? 1 : 0);
      }),
    );
  });

  test('of several lines that offend alike, the first is named', () => {
    const state = orderState({ offers: [offerWith('a', { maxPerUser: 1 }), offerWith('b', { maxPerUser: 1 })] });
    expect(outcome(place(state, [line('a', 11), line('b', 12)]))).toBe('OUT_OF_STOCK "a" 10');
    expect(outcome(place(state, [line('b', 12), line('a', 11)]))).toBe('OUT_OF_STOCK "b" 10');
    expect(outcome(place(state, [line('b', 2), line('a', 11)]))).toBe('OUT_OF_STOCK "a" 10');
    expect(outcome(place(state, [line('b', 2), line('a', 2)]))).toBe('PURCHASE_LIMIT_EXCEEDED "b" 1');
  });

  test('the orders of one batch see each other', () => {
    const state = orderState({ offers: [offerWith('a', { maxPerUser: 4 })], holdings: { [holdingKey('user', 'a')]: 0 } });
    expect(outcome(place(state, [line('a', 3)]))).toBe('ok');
    expect(outcome(place(state, [line('a', 2)]))).toBe('PURCHASE_LIMIT_EXCEEDED "a" 1');
    expect(outcome(place(state, [line('a', 1)]))).toBe('ok');
    expect(state.stock.get('a')?.reserved).toBe(4);
    expect(outcome(place(state, [line('a', 7)]))).toBe('OUT_OF_STOCK "a" 6');
    const pending = orderState({ offers: [offerWith('a')], pending: 2 });
    expect(outcome(place(pending, [line('a')]))).toBe('ok');
    expect(outcome(place(pending, [line('a')]))).toBe('TOO_MANY_PENDING_ORDERS');
  });

  test('a holding over a limit that was lowered leaves nothing, and not less', () => {
    const state = orderState({ offers: [offerWith('a', { maxPerUser: 2 })], holdings: { [holdingKey('user', 'a')]: 9 } });
    expect(outcome(place(state, [line('a')]))).toBe('PURCHASE_LIMIT_EXCEEDED "a" 0');
  });

  test('never sells more than there is, whatever is asked for in a batch', () => {
    const wanted = fc.array(fc.record({ optionId: fc.constantFrom('a', 'b'), quantity: fc.integer({ min: 1, max: 6 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(wanted, (orders) => {
        const state = orderState({ offers: [offerWith('a'), offerWith('b')] });
        const sold = { a: 0, b: 0 };
        for (const { optionId, quantity } of orders) {
          state.pending.set('user', 0);
          if (outcome(place(state, [line(optionId, quantity)])) === 'ok') sold[optionId] += quantity;
        }
        for (const [optionId, units] of Object.entries(sold)) {
          expect(state.stock.get(optionId)).toEqual({ optionId, onHand: 10, reserved: units });
          expect(units).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  test.each<[string, Partial<UserCoupon>, string]>([
    ['good', {}, 'ok'],
    ['of somebody else', { userId: 'other' }, 'COUPON_INVALID "notFound"'],
    ['held', { status: 'held', expiresAt: NOW }, 'COUPON_INVALID "held"'],
    ['used', { status: 'used', expiresAt: NOW }, 'COUPON_INVALID "used"'],
    ['expired', { expiresAt: NOW, minOrderAmount: 1001 }, 'COUPON_INVALID "expired"'],
    ['for larger orders', { minOrderAmount: 1001 }, 'COUPON_INVALID "belowMinimum"'],
    ['for orders as this one', { minOrderAmount: 1000 }, 'ok'],
  ])('a coupon that is %s', (_what, coupon, expected) => {
    const state = orderState({ offers: [offerWith('a')], userCoupons: [userCouponWith(coupon)] });
    expect(outcome(place(state, [line('a')], 'userCoupon'))).toBe(expected);
  });

  test('one coupon serves one order of a batch', () => {
    const state = orderState({ offers: [offerWith('a')], userCoupons: [userCouponWith()] });
    expect(outcome(place(state, [line('a')], 'userCoupon'))).toBe('ok');
    expect(outcome(place(state, [line('a')], 'userCoupon'))).toBe('COUPON_INVALID "held"');
  });
});

const held = (order: Partial<Order> = {}): OrderState =>
  orderState({
    stock: [{ optionId: 'a', onHand: 10, reserved: 4 }],
    userCoupons: [userCouponWith({ status: 'held', orderId: 'order' })],
    orders: [orderWith({ lines: [lineWith({ quantity: 3 })], userCouponId: 'userCoupon', ...order })],
    pending: 1,
    holdings: { [holdingKey('user', 'a')]: 3 },
  });

describe('cancelling', () => {
  test.each<[Partial<Order>, string | null, string]>([
    [{}, 'user', 'ok'],
    [{}, null, 'ok'],
    [{}, 'other', 'ORDER_NOT_FOUND'],
    [{ expiresAt: NOW }, 'user', 'ORDER_NOT_CANCELLABLE'],
    [{ expiresAt: at(1) }, 'user', 'ok'],
    ...(['paid', 'cancelled', 'expired', 'partiallyRefunded', 'refunded'] as const).map((status): [Partial<Order>, string, string] => [
      { status },
      'user',
      'ORDER_NOT_CANCELLABLE',
    ]),
  ])('%j by %s', (order, userId, expected) => {
    const state = held(order);
    expect(outcome(decideCancel(state, { userId, orderId: 'order' }, context()))).toBe(expected);
    expect(state.stock.get('a')?.reserved).toBe(expected === 'ok' ? 1 : 4);
    expect(state.userCoupons.get('userCoupon')?.status).toBe(expected === 'ok' ? 'issued' : 'held');
  });

  test('gives its place under the limits to the next order of the batch, and happens once', () => {
    const state = held();
    state.offers.set('a', offerWith('a', { maxPerUser: 3 }));
    expect(outcome(place(state, [line('a')]))).toBe('PURCHASE_LIMIT_EXCEEDED "a" 0');
    decideCancel(state, { userId: 'user', orderId: 'order' }, context());
    expect(outcome(place(state, [line('a', 3)], 'userCoupon'))).toBe('ok');
    expect(outcome(decideCancel(state, { userId: 'user', orderId: 'order' }, context()))).toBe('ORDER_NOT_CANCELLABLE');
    expect(state.stock.get('a')?.reserved).toBe(4);
  });
});

describe('expiring', () => {
  const due = orderWith({ lines: [lineWith({ quantity: 3 })], expiresAt: NOW });

  test('releases what is due, but not what was decided since', () => {
    const state = orderState({ stock: [{ optionId: 'a', onHand: 10, reserved: 3 }], due: [due] });
    expect(decideExpire(state, context())).toBe(1);
    expect(state.orders.get('order')?.status).toBe('expired');
    expect(state.stock.get('a')).toEqual({ optionId: 'a', onHand: 10, reserved: 0 });
    expect(decideExpire(state, context())).toBe(0);
  });

  test('is a defect before its time', () => {
    const state = orderState({ stock: [{ optionId: 'a', onHand: 10, reserved: 3 }], due: [due] });
    expect(() => decideExpire(state, context(-1))).toThrow('only orders past their time expire');
  });

  test.each<[OrderStatus, number, OrderStatus]>([
    ['pending', -1, 'pending'],
    ['pending', 0, 'expired'],
    ['pending', 1, 'expired'],
    ['paid', 1, 'paid'],
    ['cancelled', 1, 'cancelled'],
    ['refunded', 1, 'refunded'],
  ])('an order that is stored as %s, %i ms past its time, is %s', (status, ms, expected) => {
    expect(statusAt({ status, expiresAt: NOW }, at(ms))).toBe(expected);
  });
});
