/** The model of orders. */
import { done, type Expected, refused } from './expected.ts';
import { After, Learned } from './learned.ts';
import {
  type Actor,
  availableOf,
  byId,
  type Discount,
  type Line,
  MAX_MONEY,
  MAX_PENDING_ORDERS,
  type Option,
  ORDER_TICKS,
  type Order,
  options,
  refundedUnits,
  share,
  standingOf,
  statusOf,
  sum,
  TICK_MS,
  type UserCoupon,
  unitsOf,
  type World,
} from './world.ts';

export interface NewOrder {
  readonly lines: readonly { readonly optionId: string; readonly quantity: number }[];
  readonly userCouponId?: string;
}

const LINE_UNITS_MAX = 999;

export function shownOrder(world: World, order: Order): object {
  const { id, userId, subtotal, discount, coupon, payment, createdAt, expiresAt } = order;
  const lines = order.lines.map(({ option, sku, name, unitPrice, quantity }) => {
    const ids = { optionId: option.id, productId: option.product.id };
    return { ...ids, sku, name, unitPrice, quantity, amount: unitPrice * quantity };
  });
  const money = { subtotal, discount, total: subtotal - discount };
  const links = { userCouponId: coupon?.id ?? null, paymentId: payment?.id ?? null };
  return { id, userId, status: statusOf(world, order), lines, ...money, ...links, createdAt, expiresAt, paidAt: payment?.paidAt ?? null };
}

function ofActor(world: World, { userId, role }: Actor, orderId: string): Order | undefined {
  const order = byId(world.orders, orderId);
  return role === 'staff' || order?.userId === userId ? order : undefined;
}

export function getOrder(world: World, actor: Actor, orderId: string): Expected {
  const order = ofActor(world, actor, orderId);
  return order === undefined ? refused('ORDER_NOT_FOUND') : done(200, shownOrder(world, order));
}

export function cancelOrder(world: World, actor: Actor, orderId: string): Expected {
  const order = ofActor(world, actor, orderId);
  if (order === undefined) return refused('ORDER_NOT_FOUND');
  if (statusOf(world, order) !== 'pending') return refused('ORDER_NOT_CANCELLABLE');
  order.isCancelled = true;
  return done(200, shownOrder(world, order));
}

/** The units of each option, in the order of first mention; null where they are more than a line may have. */
export function addedUp({ lines }: Pick<NewOrder, 'lines'>): Map<string, number> | null {
  const units = new Map<string, number>();
  for (const { optionId, quantity } of lines) units.set(optionId, (units.get(optionId) ?? 0) + quantity);
  return [...units.values()].some((quantity) => quantity > LINE_UNITS_MAX) ? null : units;
}

/** Units that a user holds, or has bought and not had refunded. */
function heldBy(world: World, userId: string, option: Option): number {
  const own = world.orders.filter((order) => order.userId === userId);
  return sum(
    own.map((order) => {
      if (order.payment !== null) return unitsOf(order, option) - refundedUnits(order.payment, option);
      return statusOf(world, order) === 'pending' ? unitsOf(order, option) : 0;
    }),
  );
}

function discountOf(discount: Discount, subtotal: number): number {
  if (discount.type === 'fixed') return Math.min(discount.amount, subtotal);
  return Math.min(share(subtotal, discount.percent, 100), discount.maxAmount ?? MAX_MONEY, subtotal);
}

export function placeOrder(world: World, { userId }: Actor, wanted: NewOrder): Expected {
  const units = [...(addedUp(wanted) ?? [])];
  const known = options(world);
  const asked: (readonly [Option, number])[] = [];
  for (const [optionId, quantity] of units) {
    const option = byId(known, optionId);
    if (option === undefined) return refused('OPTION_NOT_FOUND', { optionId });
    asked.push([option, quantity]);
  }
  const hidden = asked.find(([{ status, product }]) => status === 'hidden' || product.status === 'hidden');
  if (hidden !== undefined) return refused('OPTION_NOT_FOR_SALE', { optionId: hidden[0].id });
  const short = asked.find(([option, quantity]) => availableOf(world, option) < quantity);
  if (short !== undefined) return refused('OUT_OF_STOCK', { optionId: short[0].id, available: availableOf(world, short[0]) });
  for (const [option, quantity] of asked) {
    if (option.maxPerUser === null) continue;
    const remaining = Math.max(0, option.maxPerUser - heldBy(world, userId, option));
    if (quantity > remaining) return refused('PURCHASE_LIMIT_EXCEEDED', { optionId: option.id, remaining });
  }
  const open = world.orders.filter((order) => order.userId === userId && statusOf(world, order) === 'pending');
  if (open.length >= MAX_PENDING_ORDERS) return refused('TOO_MANY_PENDING_ORDERS');
  const lines = asked.map(([option, quantity]): Line => {
    const { sku, name, price, product } = option;
    return { option, sku, name: `${product.name} - ${name}`, unitPrice: price, quantity };
  });
  const subtotal = lines.reduce((total, { unitPrice, quantity }) => total + BigInt(unitPrice) * BigInt(quantity), 0n);
  if (subtotal > BigInt(MAX_MONEY)) return refused('ORDER_TOTAL_TOO_LARGE');
  const { userCouponId } = wanted;
  const coupon = userCouponId === undefined ? null : (byId(world.userCoupons, userCouponId) ?? 'notFound');
  const reason = coupon === null ? null : whyInvalid(world, userId, coupon, Number(subtotal));
  if (coupon === 'notFound' || reason !== null) return refused('COUPON_INVALID', { reason });
  return placed(world, userId, lines, Number(subtotal), coupon);
}

function whyInvalid(world: World, userId: string, coupon: UserCoupon | 'notFound', subtotal: number): string | null {
  if (coupon === 'notFound' || coupon.userId !== userId) return 'notFound';
  const { status } = standingOf(world, coupon);
  if (status !== 'issued') return status;
  return subtotal < coupon.minOrderAmount ? 'belowMinimum' : null;
}

function placed(world: World, userId: string, lines: readonly Line[], subtotal: number, coupon: UserCoupon | null): Expected {
  const createdAt = new Learned('now');
  const order: Order = {
    id: new Learned('id'),
    userId,
    lines,
    subtotal,
    discount: coupon === null ? 0 : discountOf(coupon.discount, subtotal),
    coupon,
    tick: world.tick,
    createdAt,
    expiresAt: new After(createdAt, ORDER_TICKS * TICK_MS),
    isCancelled: false,
    payment: null,
  };
  world.orders.push(order);
  return done(201, shownOrder(world, order));
}
