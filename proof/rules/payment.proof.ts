/** The rules of payments and refunds: money and units are conserved, whatever the steps. */
import fc from 'fast-check';
import { MAX_MONEY } from '../../server/src/kernel/money.ts';
import type { Order } from '../../server/src/order/order.types.ts';
import { decidePay, decideRefund, type PaymentState } from '../../server/src/payment/payment.rules.ts';
import { at, context, lineWith, NOW, orderWith, outcome, stockMap, userCouponWith } from '../../server/test/support/rules.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, sumOf, tryCases } from './cases.ts';

const SPARE = 5;
const price = fc.oneof(fc.nat(2000), fc.nat(2 ** 40));
const step = fc.record({
  isPay: fc.oneof({ weight: 1, arbitrary: fc.constant(true) }, { weight: 3, arbitrary: fc.constant(false) }),
  units: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(20)),
  isAll: fc.nat(5),
  restock: fc.boolean(),
});
const cases = fc.record({
  lines: fc.array(fc.record({ price, quantity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 2 }),
  offPerMille: fc.nat(1000),
  /** Money beyond the total, or short of it. */
  spare: fc.integer({ min: -2, max: 3000 }),
  hasCoupon: fc.boolean(),
  standing: fc.constantFrom<Order['status'][]>('pending', 'pending', 'pending', 'pending', 'pending', 'cancelled', 'expired'),
  isDue: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const OPTIONS = ['a', 'b'] as const;
const optionAt = (index: number): string => OPTIONS[index] ?? 'unknown';

function stateOf({ lines: drawn, offPerMille, spare, hasCoupon, standing, isDue }: Case): PaymentState {
  const lines = drawn.map(({ price: unitPrice, quantity }, index) => lineWith({ optionId: optionAt(index), unitPrice, quantity }));
  const subtotal = sumOf(lines.map(({ unitPrice, quantity }) => unitPrice * quantity));
  const discount = Math.floor((subtotal / 1000) * offPerMille);
  const total = subtotal - discount;
  const userCouponId = hasCoupon ? 'userCoupon' : null;
  const order = orderWith({ lines, subtotal, discount, total, userCouponId, status: standing, expiresAt: at(isDue ? 0 : 1) });
  const coupons = hasCoupon ? [userCouponWith({ status: 'held', orderId: 'order' })] : [];
  return {
    orders: new Map([['order', order]]),
    stock: stockMap(lines.map(({ optionId, quantity }) => ({ optionId, onHand: quantity + SPARE, reserved: quantity }))),
    userCoupons: new Map(coupons.map((each) => [each.id, each])),
    ledger: { accounts: new Map([['user', { userId: 'user', amount: Math.max(0, total + spare), version: 3 }]]), posted: [] },
    payments: new Map(),
    paid: [],
    refunds: [],
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set(), payments: new Set() },
  };
}

function orderOf(state: PaymentState): Order {
  const order = state.orders.get('order');
  if (order === undefined) throw new Error('the order is gone');
  return order;
}

const amountOf = (state: PaymentState): number => state.ledger.accounts.get('user')?.amount ?? 0;

/** The refusals that the contract has for a payment, in its order. */
function refusalOfPay(state: PaymentState): string {
  const { status, total, expiresAt } = orderOf(state);
  if (state.paid.length > 0) return 'ORDER_ALREADY_PAID';
  if (status === 'cancelled') return 'ORDER_CANCELLED';
  if (status === 'expired' || expiresAt <= NOW) return 'ORDER_EXPIRED';
  const balance = amountOf(state);
  return balance < total ? `INSUFFICIENT_BALANCE ${total} ${balance}` : 'ok';
}

function take(state: PaymentState, { isPay, units, isAll, restock }: Case['steps'][number]): [said: string, expected: string] {
  const [payment] = state.paid;
  if (isPay) {
    const expected = refusalOfPay(state);
    return [outcome(decidePay(state, { kind: 'pay', userId: 'user', orderId: 'order' }, context())), expected];
  }
  const [a, b, unknown] = units;
  const wanted = [a, b, unknown === 20 ? 1 : 0].flatMap((quantity, index) =>
    quantity > 0 ? [{ optionId: optionAt(index), quantity }] : [],
  );
  const lines = isAll === 0 ? null : wanted;
  const left = new Map(orderOf(state).lines.map(({ optionId, quantity, refundedQuantity }) => [optionId, quantity - refundedQuantity]));
  const isNothing = lines === null ? sumOf([...left.values()]) === 0 : lines.length === 0;
  const isTooMuch = isNothing || wanted.some(({ optionId, quantity }) => lines !== null && quantity > (left.get(optionId) ?? 0));
  const expected = payment === undefined ? 'PAYMENT_NOT_FOUND' : isTooMuch ? 'REFUND_EXCEEDS_PAYMENT' : 'ok';
  const command = { kind: 'refund', staffId: 'staff', paymentId: payment?.id ?? 'none', lines, restock, reason: 'x' } as const;
  return [outcome(decideRefund(state, command, context())), expected];
}

const RANK: readonly Order['status'][] = ['pending', 'paid', 'partiallyRefunded', 'refunded'];

function holdTogether(state: PaymentState, began: { readonly amount: number; readonly version: number }): void {
  const order = orderOf(state);
  const [paid] = state.paid;
  const isPaid = paid !== undefined;
  const refunded = sumOf(state.refunds.map(({ amount }) => amount));
  hold(
    amountOf(state) === began.amount - (isPaid ? order.total : 0) + refunded,
    'a balance is what there was, less what was paid, and what came back',
  );
  let [balance, { version }] = [began.amount, began];
  for (const entry of state.ledger.posted) {
    version += 1;
    balance += entry.delta;
    hold(entry.version === version && entry.balanceAfter === balance && balance >= 0, 'ledgers have no gaps');
  }
  hold(state.paid.length <= 1 && state.ledger.posted.length === state.paid.length + state.refunds.length, 'one entry for each movement');
  let list = 0n;
  for (const { optionId, unitPrice, quantity, refundedQuantity, restockedQuantity } of order.lines) {
    const stock = state.stock.get(optionId);
    hold(stock?.reserved === (isPaid ? 0 : quantity), 'a payment consumes what its order held');
    hold(stock?.onHand === SPARE + (isPaid ? restockedQuantity : quantity), 'units are in the house, or sold, or sent back');
    hold(restockedQuantity <= refundedQuantity && refundedQuantity <= quantity, 'no more units come back than were bought');
    list += BigInt(unitPrice) * BigInt(refundedQuantity);
  }
  if (!isPaid) return;
  const [subtotal, total, back] = [BigInt(order.subtotal), BigInt(order.total), BigInt(refunded)];
  hold(back <= total, 'no more money comes back than was paid');
  hold(
    back * subtotal <= total * list && (subtotal === 0n || (back + 1n) * subtotal > total * list),
    'what came back is the floor of its share',
  );
  const isAll = order.lines.every(({ quantity, refundedQuantity }) => quantity === refundedQuantity);
  hold(!isAll || refunded === order.total, 'all units back, all money back');
  hold(state.userCoupons.size === 0 || state.userCoupons.get('userCoupon')?.status === 'used', 'a payment uses its coupon up');
  hold((order.status === 'refunded') === isAll, 'a status follows from the units');
  hold(state.payments.get(paid.id)?.refunded === refunded && amountOf(state) <= MAX_MONEY, 'a payment knows what came back of it');
}

prove(
  'payments and their refunds',
  {
    promise: 'Money and units are conserved: refunds in any steps come to exactly what was paid, and a status never goes back',
    how: 'random orders, balances and steps of paying and refunding on the rules alone; every answer predicted, every sum taken after each step',
    unit: 'histories of an order',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, cases, (each) => {
      const state = stateOf(each);
      const began = { amount: amountOf(state), version: 3 };
      for (const drawn of each.steps) {
        const before = RANK.indexOf(orderOf(state).status);
        const [said, expected] = take(state, drawn);
        hold(said === expected, () => `${said} instead of ${expected}`);
        hold(RANK.indexOf(orderOf(state).status) >= before, 'a status never goes back');
        holdTogether(state, began);
      }
    }),
);
