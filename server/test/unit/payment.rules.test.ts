import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/errors.ts';
import { MAX_MONEY } from '../../src/kernel/money.ts';
import type { Order, OrderLine, WantedLine } from '../../src/order/order.types.ts';
import { decidePay, decideRefund, type PaymentState } from '../../src/payment/payment.rules.ts';
import type { Refund } from '../../src/payment/payment.types.ts';
import { at, context, lineWith, NOW, orderWith, outcome, stockMap, userCouponWith } from '../support/rules.ts';

function batch(order: Order, balance: number): PaymentState {
  const units = order.lines.map(({ optionId, quantity }) => ({ optionId, onHand: quantity + 5, reserved: quantity + 1 }));
  const coupon = order.userCouponId === null ? [] : [userCouponWith({ id: order.userCouponId, status: 'held', orderId: order.id })];
  return {
    orders: new Map([[order.id, order]]),
    stock: stockMap(units),
    userCoupons: new Map(coupon.map((each) => [each.id, each])),
    ledger: { accounts: new Map([['user', { userId: 'user', amount: balance, version: 7 }]]), posted: [] },
    payments: new Map(),
    paid: [],
    refunds: [],
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set(), payments: new Set() },
  };
}

const pay = (state: PaymentState, userId = 'user', ms = 0) => decidePay(state, { kind: 'pay', userId, orderId: 'order' }, context(ms));
const balanceOf = (state: PaymentState): number | undefined => state.ledger.accounts.get('user')?.amount;

describe('paying', () => {
  test('takes units, coupon and money, and posts one entry', () => {
    const state = batch(orderWith({ total: 900, discount: 100, userCouponId: 'userCoupon' }), 1000);
    expect(pay(state)).toMatchObject({ subtotal: 1000, discount: 100, amount: 900, refunded: 0, balanceAfter: 100, paidAt: NOW });
    expect(state.stock.get('a')).toEqual({ optionId: 'a', onHand: 5, reserved: 1 });
    expect(state.userCoupons.get('userCoupon')).toMatchObject({ status: 'used', orderId: 'order' });
    expect(state.orders.get('order')).toMatchObject({ status: 'paid', paymentId: state.paid[0]?.id, paidAt: NOW });
    expect(state.ledger.posted).toMatchObject([{ kind: 'payment', delta: -900, balanceAfter: 100, version: 8, reference: 'order' }]);
  });

  test.each<[string, Partial<Order>, number, string, string]>([
    ['in order', {}, 1000, 'user', 'ok'],
    ['not there', { id: 'other' }, 1000, 'user', 'ORDER_NOT_FOUND'],
    ['of somebody else, and expired', { expiresAt: NOW }, 0, 'other', 'ORDER_NOT_FOUND'],
    ['paid, long ago', { status: 'paid', expiresAt: NOW }, 0, 'user', 'ORDER_ALREADY_PAID'],
    ['refunded in part', { status: 'partiallyRefunded' }, 0, 'user', 'ORDER_ALREADY_PAID'],
    ['refunded', { status: 'refunded' }, 0, 'user', 'ORDER_ALREADY_PAID'],
    ['cancelled, long ago', { status: 'cancelled', expiresAt: NOW }, 0, 'user', 'ORDER_CANCELLED'],
    ['expired, and swept', { status: 'expired' }, 0, 'user', 'ORDER_EXPIRED'],
    ['expired this moment', { expiresAt: NOW }, 0, 'user', 'ORDER_EXPIRED'],
    ['about to expire', { expiresAt: at(1) }, 1000, 'user', 'ok'],
    ['too dear', {}, 999, 'user', 'INSUFFICIENT_BALANCE 1000 999'],
    ['free', { total: 0 }, 0, 'user', 'ok'],
  ])('an order that is %s', (_what, order, balance, userId, expected) => {
    const state = batch(orderWith(order), balance);
    expect(outcome(pay(state, userId))).toBe(expected);
    expect(state.paid).toHaveLength(expected === 'ok' ? 1 : 0);
    expect(state.ledger.posted).toHaveLength(expected === 'ok' ? 1 : 0);
  });

  test('happens once in a batch', () => {
    const state = batch(orderWith(), 5000);
    expect([outcome(pay(state)), outcome(pay(state))]).toEqual(['ok', 'ORDER_ALREADY_PAID']);
    expect(balanceOf(state)).toBe(4000);
  });
});

/** A batch in which the order was just paid, and its payment's id. */
function paidBatch(lines: readonly OrderLine[], discount: number, balance?: number): { state: PaymentState; paymentId: string } {
  const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  const state = batch(orderWith({ lines, subtotal, discount, total: subtotal - discount }), balance ?? subtotal - discount);
  const payment = pay(state);
  if (payment instanceof Refusal) throw new Error(payment.code);
  return { state, paymentId: payment.id };
}

const refund = (state: PaymentState, paymentId: string, lines: readonly WantedLine[] | null, restock = false): Refund | Refusal =>
  decideRefund(state, { kind: 'refund', staffId: 'staff', paymentId, lines, restock, reason: 'x' }, context());
const statusOf = (state: PaymentState): string | undefined => state.orders.get('order')?.status;

describe('refunding', () => {
  const two = [lineWith({ unitPrice: 1000, quantity: 3 }), lineWith({ optionId: 'b', unitPrice: 500, quantity: 1 })];
  const line = (optionId: string, quantity: number): WantedLine => ({ optionId, quantity });

  test.each<[string, WantedLine[] | null, string]>([
    ['all that is left', null, 'ok'],
    ['a part', [line('a', 3)], 'ok'],
    ['one too many', [line('a', 4)], 'REFUND_EXCEEDS_PAYMENT'],
    ['one that was not bought', [line('a', 1), line('c', 1)], 'REFUND_EXCEEDS_PAYMENT'],
    ['nothing', [], 'REFUND_EXCEEDS_PAYMENT'],
  ])('%s', (_what, lines, expected) => {
    const { state, paymentId } = paidBatch(two, 0);
    expect(outcome(refund(state, paymentId, lines))).toBe(expected);
    expect(outcome(refund(state, 'other', lines))).toBe('PAYMENT_NOT_FOUND');
  });

  test('statuses follow the units, and only what is restocked comes back', () => {
    const { state, paymentId } = paidBatch(two, 351);
    const steps: [WantedLine[] | null, boolean, number, string, number][] = [
      [[line('a', 1)], true, 899, 'partiallyRefunded', 6],
      [[line('a', 1)], false, 900, 'partiallyRefunded', 6],
      [null, true, 1350, 'refunded', 7],
    ];
    for (const [lines, restock, amount, status, onHand] of steps) {
      expect(refund(state, paymentId, lines, restock)).toMatchObject({ amount, restocked: restock });
      expect([statusOf(state), state.stock.get('a')?.onHand]).toEqual([status, onHand]);
    }
    expect(outcome(refund(state, paymentId, null))).toBe('REFUND_EXCEEDS_PAYMENT');
    expect(state.orders.get('order')?.lines).toMatchObject([
      { refundedQuantity: 3, restockedQuantity: 2 },
      { refundedQuantity: 1, restockedQuantity: 1 },
    ]);
  });

  test('a balance that cannot hold the money refuses it', () => {
    const { state, paymentId } = paidBatch(two, 0, MAX_MONEY);
    state.ledger.accounts.set('user', { userId: 'user', amount: MAX_MONEY - 3499, version: 8 });
    expect(outcome(refund(state, paymentId, null))).toBe('BALANCE_LIMIT_EXCEEDED');
    expect(outcome(refund(state, paymentId, [line('a', 3)]))).toBe('ok');
    expect(outcome(refund(state, paymentId, null))).toBe('BALANCE_LIMIT_EXCEEDED');
    expect(statusOf(state)).toBe('partiallyRefunded');
  });

  test('in any split, after every step the floor of the share, and in the end exactly what was paid', () => {
    const bought = fc.array(fc.tuple(fc.oneof(fc.nat(2000), fc.nat(2 ** 40)), fc.integer({ min: 1, max: 6 })), {
      minLength: 1,
      maxLength: 5,
    });
    const choice = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(bought, fc.double({ min: 0, max: 1, noNaN: true }), choice, (goods, share, steps) => {
        const lines = goods.map(([unitPrice, quantity], index) => lineWith({ optionId: `o${index}`, unitPrice, quantity }));
        const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
        const { state, paymentId } = paidBatch(lines, Math.floor(subtotal * share));
        const amount = state.payments.get(paymentId)?.amount ?? 0;
        for (const [pick, quantity, restock] of steps) refund(state, paymentId, [line(`o${pick % lines.length}`, quantity)], restock);
        refund(state, paymentId, null);
        const listed = new Map(lines.map(({ optionId, unitPrice }) => [optionId, BigInt(unitPrice)]));
        let list = 0n;
        let total = 0n;
        for (const step of state.refunds) {
          for (const { optionId, quantity } of step.lines) list += (listed.get(optionId) ?? 0n) * BigInt(quantity);
          total += BigInt(step.amount);
          expect(step.amount).toBeGreaterThanOrEqual(0);
          expect(total).toBe(subtotal === 0 ? 0n : (BigInt(amount) * list) / BigInt(subtotal));
        }
        expect(total).toBe(BigInt(amount));
        expect([balanceOf(state), statusOf(state)]).toEqual([amount, 'refunded']);
        expect(state.payments.get(paymentId)?.refunded).toBe(amount);
      }),
    );
  });
});
