/**
 * Decisions of the payment flow, in the flowchart's order. Pure.
 *
 * A payment consumes what its order held: units leave the house, the coupon is used up, the balance pays.
 */
import { balanceOf, canHold, post } from '../balance/balance.rules.ts';
import type { Ledger } from '../balance/balance.types.ts';
import type { DecisionContext } from '../commit/commit.types.ts';
import type { UserCoupon } from '../coupon/coupon.types.ts';
import { assert, present } from '../kernel/assert.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { mulDivFloor } from '../kernel/money.ts';
import { statusAt } from '../order/order.rules.ts';
import type { Order, OrderLine, WantedLine } from '../order/order.types.ts';
import type { Stock } from '../product/product.types.ts';
import type { paymentErrors } from './payment.errors.ts';
import type { MadeRefund, Payment, PaymentCommand, Refund } from './payment.types.ts';

type Code = keyof typeof paymentErrors | 'ORDER_NOT_FOUND' | 'BALANCE_LIMIT_EXCEEDED';
type PayCommand = Extract<PaymentCommand, { kind: 'pay' }>;
type RefundCommand = Extract<PaymentCommand, { kind: 'refund' }>;

/** Everything a batch of payment commands may read and change. */
export interface PaymentState {
  readonly orders: Map<string, Order>;
  readonly stock: Map<string, Stock>;
  readonly userCoupons: Map<string, UserCoupon>;
  readonly ledger: Ledger;
  /** The payments that commands refund, and those made in the batch. */
  readonly payments: Map<string, Payment>;
  readonly paid: Payment[];
  readonly refunds: MadeRefund[];
  readonly changed: {
    readonly orders: Set<string>;
    readonly stock: Set<string>;
    readonly userCoupons: Set<string>;
    readonly payments: Set<string>;
  };
}

/** 결제 */
export function decidePay(state: PaymentState, { userId, orderId }: PayCommand, context: DecisionContext): Payment | Refusal<Code> {
  const order = state.orders.get(orderId);
  if (order === undefined || order.userId !== userId) return refuse('ORDER_NOT_FOUND'); // 주문 존재?
  const unpayable = whyUnpayable(order, context.now);
  if (unpayable !== null) return refuse(unpayable);
  const balance = balanceOf(state.ledger, userId); // 총 금액 계산, 쿠폰 할인 적용: frozen into the order
  if (balance < order.total) return refuse('INSUFFICIENT_BALANCE', { required: order.total, balance }); // 잔액 부족?
  return pay(state, order, context); // 잔액 차감, 재고 차감, 쿠폰 사용, 결제 정보 저장
}

function whyUnpayable(order: Order, now: Date): Code | null {
  switch (statusAt(order, now)) {
    case 'pending':
      return null;
    case 'paid':
    case 'partiallyRefunded':
    case 'refunded':
      return 'ORDER_ALREADY_PAID';
    case 'cancelled':
      return 'ORDER_CANCELLED';
    case 'expired':
      return 'ORDER_EXPIRED';
  }
}

function pay(state: PaymentState, order: Order, context: DecisionContext): Payment {
  const { userId, id: orderId, subtotal, discount, total } = order;
  const entry = post(state.ledger, { userId, kind: 'payment', delta: -total, reference: orderId }, context);
  const payment: Payment = {
    id: context.newId(),
    userId,
    orderId,
    subtotal,
    discount,
    amount: total,
    refunded: 0,
    refunds: 0,
    balanceAfter: entry.balanceAfter,
    paidAt: context.now,
  };
  for (const { optionId, quantity } of order.lines) {
    const stock = stockOf(state, optionId);
    stock.onHand -= quantity;
    stock.reserved -= quantity;
    assert(stock.reserved >= 0 && stock.onHand >= stock.reserved, 'a payment takes only what its order reserved');
    state.changed.stock.add(optionId);
  }
  if (order.userCouponId !== null) useCoupon(state, order.userCouponId, orderId);
  const paidOrder: Order = { ...order, status: 'paid', paymentId: payment.id, paidAt: context.now };
  state.orders.set(orderId, paidOrder);
  state.changed.orders.add(orderId);
  state.payments.set(payment.id, payment);
  state.paid.push(payment);
  return payment;
}

function useCoupon(state: PaymentState, userCouponId: string, orderId: string): void {
  const coupon = present(state.userCoupons.get(userCouponId), 'the coupon of an order');
  assert(coupon.status === 'held' && coupon.orderId === orderId, 'a payment uses only the coupon its order holds');
  state.userCoupons.set(userCouponId, { ...coupon, status: 'used' });
  state.changed.userCoupons.add(userCouponId);
}

/**
 * Refunds units of a payment. After every refund the total refunded is floor(paid × list price of all refunded
 * units ÷ subtotal), and a refund is the difference to the one before: whatever the steps, no unit of money is lost.
 */
export function decideRefund(state: PaymentState, command: RefundCommand, context: DecisionContext): Refund | Refusal<Code> {
  const payment = state.payments.get(command.paymentId);
  if (payment === undefined) return refuse('PAYMENT_NOT_FOUND');
  const order = present(state.orders.get(payment.orderId), 'the order of a payment');
  const units = unitsToRefund(order, command.lines);
  if (units === null) return refuse('REFUND_EXCEEDS_PAYMENT');
  const lines = order.lines.map((line) => refundLine(line, units.get(line.optionId) ?? 0, command.restock));
  const amount = refundedSoFar(payment, lines) - payment.refunded;
  assert(amount >= 0, 'what was refunded never shrinks');
  if (!canHold(state.ledger, payment.userId, amount)) return refuse('BALANCE_LIMIT_EXCEEDED');
  return refund(state, { payment, order, lines, units, amount }, command, context);
}

/** The units of each option to refund; null where that is nothing, or more than is left of a line. */
function unitsToRefund(order: Order, wanted: readonly WantedLine[] | null): Map<string, number> | null {
  const left = new Map(order.lines.map((line) => [line.optionId, line.quantity - line.refundedQuantity]));
  const units = wanted === null ? new Map([...left].filter(([, quantity]) => quantity > 0)) : new Map<string, number>();
  for (const { optionId, quantity } of wanted ?? []) {
    if (quantity > (left.get(optionId) ?? 0)) return null;
    units.set(optionId, quantity);
  }
  return units.size === 0 ? null : units;
}

function refundLine(line: OrderLine, units: number, restock: boolean): OrderLine {
  return {
    ...line,
    refundedQuantity: line.refundedQuantity + units,
    restockedQuantity: line.restockedQuantity + (restock ? units : 0),
  };
}

function refundedSoFar({ amount, subtotal }: Payment, lines: readonly OrderLine[]): number {
  if (subtotal === 0) return 0;
  const listPrice = lines.reduce((sum, { unitPrice, refundedQuantity }) => sum + unitPrice * refundedQuantity, 0);
  return mulDivFloor(amount, listPrice, subtotal);
}

function refund(
  state: PaymentState,
  decided: {
    readonly payment: Payment;
    readonly order: Order;
    readonly lines: readonly OrderLine[];
    readonly units: ReadonlyMap<string, number>;
    readonly amount: number;
  },
  { staffId, restock, reason }: RefundCommand,
  context: DecisionContext,
): Refund {
  const { payment, order, lines, units, amount } = decided;
  const { userId, id: paymentId, orderId } = payment;
  const entry = post(state.ledger, { userId, kind: 'refund', delta: amount, reference: paymentId }, context);
  for (const [optionId, quantity] of restock ? units : []) {
    stockOf(state, optionId).onHand += quantity;
    state.changed.stock.add(optionId);
  }
  const isAll = lines.every((line) => line.refundedQuantity === line.quantity);
  const refundedOrder: Order = { ...order, lines, status: isAll ? 'refunded' : 'partiallyRefunded' };
  const refundedPayment: Payment = { ...payment, refunded: payment.refunded + amount, refunds: payment.refunds + 1 };
  state.orders.set(orderId, refundedOrder);
  state.changed.orders.add(orderId);
  state.payments.set(paymentId, refundedPayment);
  state.changed.payments.add(paymentId);
  const made: MadeRefund = {
    id: context.newId(),
    number: refundedPayment.refunds,
    order: refundedOrder,
    payment: refundedPayment,
    userId,
    paymentId,
    orderId,
    amount,
    lines: [...units].map(([optionId, quantity]) => ({ optionId, quantity })),
    restocked: restock,
    balanceAfter: entry.balanceAfter,
    reason,
    staffId,
    createdAt: context.now,
  };
  state.refunds.push(made);
  return made;
}

function stockOf(state: PaymentState, optionId: string): Stock {
  return present(state.stock.get(optionId), 'the stock of an option');
}
