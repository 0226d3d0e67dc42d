/** The model of balances, charges and what is paid back. */
import { done, type Expected, refused } from './expected.ts';
import { Learned } from './learned.ts';
import {
  type Actor,
  balanceOf,
  byId,
  type Entry,
  MAX_BALANCE,
  MAX_CHARGE,
  type Option,
  type Payment,
  payments,
  post,
  refundedUnits,
  share,
  statusOf,
  sum,
  type World,
} from './world.ts';

const currency = 'KRW';

export interface Charge {
  readonly amount: number;
  readonly reference?: string;
  readonly userId?: string;
}

export function getBalance(world: World, userId: string): Expected {
  return done(200, { userId, amount: balanceOf(world, userId), currency });
}

export function charge(world: World, actor: Actor, { amount, reference, userId = actor.userId }: Charge): Expected {
  if (amount <= 0) return refused('INVALID_CHARGE_AMOUNT');
  const isEarlier = (entry: Entry): boolean => entry.userId === userId && entry.kind === 'charge' && entry.reference === reference;
  const earlier = reference === undefined ? undefined : world.entries.find(isEarlier);
  if (earlier !== undefined) return earlier.delta === amount ? charged(earlier) : refused('REFERENCE_REUSED');
  if (amount > MAX_CHARGE) return refused('CHARGE_LIMIT_EXCEEDED');
  if (balanceOf(world, userId) + amount > MAX_BALANCE) return refused('BALANCE_LIMIT_EXCEEDED');
  return charged(post(world, { userId, kind: 'charge', delta: amount, reference: reference ?? null }));
}

function charged({ id, userId, delta, balanceAfter }: Entry): Expected {
  return done(200, { userId, amount: balanceAfter, charged: delta, currency, entryId: id });
}

export function shownEntry({ id, kind, delta, balanceAfter, reference, createdAt }: Entry): object {
  return { id, kind, delta, balanceAfter, reference, createdAt };
}

const refundedSoFar = (payment: Payment): number => sum(payment.refunds.map(({ amount }) => amount));

export function shownPayment({ id, order, balanceAfter, paidAt, ...payment }: Payment): object {
  const { id: orderId, userId, subtotal, discount } = order;
  const refunded = sum(payment.refunds.map(({ amount }) => amount));
  return { id, orderId, userId, subtotal, discount, amount: subtotal - discount, refunded, balanceAfter, paidAt };
}

export function pay(world: World, { userId }: Actor, orderId: string): Expected {
  const order = byId(world.orders, orderId);
  if (order === undefined || order.userId !== userId) return refused('ORDER_NOT_FOUND');
  if (order.payment !== null) return refused('ORDER_ALREADY_PAID');
  const status = statusOf(world, order);
  if (status === 'cancelled') return refused('ORDER_CANCELLED');
  if (status === 'expired') return refused('ORDER_EXPIRED');
  const required = order.subtotal - order.discount;
  const balance = balanceOf(world, userId);
  if (balance < required) return refused('INSUFFICIENT_BALANCE', { required, balance });
  // A payment of nothing takes nothing, and -0 is no number of the wire.
  const { balanceAfter, createdAt } = post(world, { userId, kind: 'payment', delta: 0 - required, reference: order.id });
  const payment: Payment = { id: new Learned('id'), order, balanceAfter, tick: world.tick, paidAt: createdAt, refunds: [] };
  order.payment = payment;
  return done(201, shownPayment(payment));
}

function ofActor(world: World, { userId, role }: Actor, paymentId: string): Payment | undefined {
  const payment = byId(payments(world), paymentId);
  return role === 'staff' || payment?.order.userId === userId ? payment : undefined;
}

export function getPayment(world: World, actor: Actor, paymentId: string): Expected {
  const payment = ofActor(world, actor, paymentId);
  return payment === undefined ? refused('PAYMENT_NOT_FOUND') : done(200, shownPayment(payment));
}

export interface NewRefund {
  readonly lines?: readonly { readonly optionId: string; readonly quantity: number }[];
  readonly restock: boolean;
  readonly reason: string;
}

export function listRefunds(world: World, actor: Actor, paymentId: string): Expected {
  const payment = ofActor(world, actor, paymentId);
  if (payment === undefined) return refused('PAYMENT_NOT_FOUND');
  return done(200, { items: payment.refunds.map((_refund, index) => shownRefund(payment, index)).toReversed(), nextCursor: null });
}

function shownRefund(payment: Payment, index: number): object {
  const made = payment.refunds[index];
  if (made === undefined) throw new Error('there is no such refund');
  const { id, amount, units, isRestocked, balanceAfter, reason, createdAt } = made;
  const lines = [...units].map(([option, quantity]) => ({ optionId: option.id, quantity }));
  return { id, paymentId: payment.id, orderId: payment.order.id, amount, lines, restocked: isRestocked, balanceAfter, reason, createdAt };
}

export function refund(world: World, paymentId: string, { lines, restock, reason }: NewRefund): Expected {
  const payment = byId(payments(world), paymentId);
  if (payment === undefined) return refused('PAYMENT_NOT_FOUND');
  const { order } = payment;
  const left = new Map(order.lines.map(({ option, quantity }) => [option, quantity - refundedUnits(payment, option)]));
  const units = lines === undefined ? new Map([...left].filter(([, quantity]) => quantity > 0)) : unitsOfLines(order.lines, lines);
  const isTooMuch = units === null || units.size === 0 || [...units].some(([option, quantity]) => quantity > (left.get(option) ?? 0));
  if (isTooMuch) return refused('REFUND_EXCEEDS_PAYMENT');
  const listPrice = sum(
    order.lines.map(({ option, unitPrice }) => unitPrice * (refundedUnits(payment, option) + (units.get(option) ?? 0))),
  );
  const amount = share(order.subtotal - order.discount, listPrice, order.subtotal) - refundedSoFar(payment);
  const { balanceAfter, createdAt } = post(world, { userId: order.userId, kind: 'refund', delta: amount, reference: payment.id });
  payment.refunds.push({ id: new Learned('id'), amount, units, isRestocked: restock, reason, balanceAfter, createdAt });
  return done(201, shownRefund(payment, payment.refunds.length - 1));
}

/** Lines that name one option twice are added up; null where one names what was not bought. */
function unitsOfLines(
  bought: readonly { readonly option: Option }[],
  lines: readonly { readonly optionId: string; readonly quantity: number }[],
): Map<Option, number> | null {
  const units = new Map<Option, number>();
  for (const { optionId, quantity } of lines) {
    const line = bought.find(({ option }) => option.id.value === optionId);
    if (line === undefined) return null;
    units.set(line.option, (units.get(line.option) ?? 0) + quantity);
  }
  return units;
}
