/**
 * Decisions of the order flow, in the flowchart's order. Pure.
 *
 * An order holds what it is about: the stock is reserved and the coupon held, until payment consumes them or
 * cancellation or expiry lets them go.
 */
import type { DecisionContext } from '../commit/commit.types.ts';
import { discountOn, whyInvalid } from '../coupon/coupon.rules.ts';
import type { UserCoupon } from '../coupon/coupon.types.ts';
import { assert, present } from '../kernel/assert.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { sumOfLines } from '../kernel/money.ts';
import { available } from '../product/product.rules.ts';
import type { Offer, Stock } from '../product/product.types.ts';
import type { orderErrors } from './order.errors.ts';
import type { Order, OrderCommand, OrderLimits, OrderLine, OrderStatus, WantedLine } from './order.types.ts';

type Code = keyof typeof orderErrors | 'OPTION_NOT_FOUND';
type PlaceCommand = Extract<OrderCommand, { kind: 'place' }>;

/** Everything a batch of order commands may read and change. */
export interface OrderState {
  readonly stock: Map<string, Stock>;
  readonly offers: Map<string, Offer>;
  readonly userCoupons: Map<string, UserCoupon>;
  /** The orders that commands cancel. */
  readonly orders: Map<string, Order>;
  /** The orders that were due when the batch began. */
  readonly due: readonly Order[];
  /** Unpaid orders, not past their time, of each user who places one. */
  readonly pending: Map<string, number>;
  /** Units that a user holds or has bought and not had refunded, by {@link holdingKey}; of limited options only. */
  readonly holdings: Map<string, number>;
  readonly limits: OrderLimits;
  readonly placed: Set<string>;
  readonly changed: { readonly orders: Set<string>; readonly stock: Set<string>; readonly userCoupons: Set<string> };
}

export function holdingKey(userId: string, optionId: string): string {
  return `${optionId} ${userId}`;
}

/** From its `expiresAt` an unpaid order is expired, whether or not anyone has swept it. */
export function statusAt({ status, expiresAt }: Pick<Order, 'status' | 'expiresAt'>, now: Date): OrderStatus {
  return status === 'pending' && now >= expiresAt ? 'expired' : status;
}

/** 주문 */
export function decidePlace(state: OrderState, command: PlaceCommand, context: DecisionContext): Order | Refusal<Code> {
  const { userId, lines, userCouponId } = command;
  const unavailable = whyUnavailable(state, lines); // 재고 부족?
  if (unavailable !== null) return unavailable;
  const overLimit = whyOverLimit(state, userId, lines);
  if (overLimit !== null) return overLimit;
  const frozen = lines.map((line) => freeze(state, line));
  const subtotal = sumOfLines(frozen);
  if (subtotal === null) return refuse('ORDER_TOTAL_TOO_LARGE');
  const coupon = userCouponId === null ? undefined : couponOf(state, userId, userCouponId);
  if (userCouponId !== null) {
    const reason = whyInvalid(coupon, subtotal, context.now); // 쿠폰 무효?
    if (reason !== null) return refuse('COUPON_INVALID', { reason });
  }
  return place(state, userId, frozen, subtotal, coupon, context); // 주문 INSERT, 재고 차감, 쿠폰 사용 처리
}

/** Each check runs over all lines before the next one; the first offending line is reported. */
function whyUnavailable(state: OrderState, lines: readonly WantedLine[]): Refusal<Code> | null {
  const unknown = lines.find(({ optionId }) => !state.offers.has(optionId));
  if (unknown !== undefined) return refuse('OPTION_NOT_FOUND', { optionId: unknown.optionId });
  const hidden = lines.find(({ optionId }) => !isForSale(offerOf(state, optionId)));
  if (hidden !== undefined) return refuse('OPTION_NOT_FOR_SALE', { optionId: hidden.optionId });
  const short = lines.find(({ optionId, quantity }) => available(stockOf(state, optionId)) < quantity);
  if (short !== undefined) {
    return refuse('OUT_OF_STOCK', { optionId: short.optionId, available: available(stockOf(state, short.optionId)) });
  }
  return null;
}

/** The options that are for sale and of which nothing is left. */
export function soldOutOptions({ offers, stock }: Pick<OrderState, 'offers' | 'stock'>): string[] {
  return [...offers.values()].flatMap((offer) => {
    const left = stock.get(offer.id);
    return isForSale(offer) && left !== undefined && available(left) === 0 ? [offer.id] : [];
  });
}

/**
 * The refusal of an order all of whose options are known to be for sale and sold out: then every check that ranks before
 * 재고 부족 has passed, and the first line is the one that is reported. null where that is not known.
 */
export function whyTooLate({ lines }: Pick<PlaceCommand, 'lines'>, isSoldOut: (optionId: string) => boolean): Refusal<Code> | null {
  const [first] = lines;
  if (first === undefined || !lines.every(({ optionId }) => isSoldOut(optionId))) return null;
  return refuse('OUT_OF_STOCK', { optionId: first.optionId, available: 0 });
}

function isForSale({ status, productStatus }: Offer): boolean {
  return status === 'active' && productStatus === 'active';
}

function whyOverLimit(state: OrderState, userId: string, lines: readonly WantedLine[]): Refusal<Code> | null {
  for (const { optionId, quantity } of lines) {
    const { maxPerUser } = offerOf(state, optionId);
    if (maxPerUser === null) continue;
    const remaining = Math.max(0, maxPerUser - (state.holdings.get(holdingKey(userId, optionId)) ?? 0));
    if (quantity > remaining) return refuse('PURCHASE_LIMIT_EXCEEDED', { optionId, remaining });
  }
  const pending = present(state.pending.get(userId), "the user's count of unpaid orders");
  return pending >= state.limits.maxPendingOrders ? refuse('TOO_MANY_PENDING_ORDERS') : null;
}

function freeze(state: OrderState, { optionId, quantity }: WantedLine): OrderLine {
  const { productId, sku, productName, name, price } = offerOf(state, optionId);
  return {
    optionId,
    productId,
    sku,
    name: `${productName} - ${name}`,
    unitPrice: price,
    quantity,
    refundedQuantity: 0,
    restockedQuantity: 0,
  };
}

function couponOf(state: OrderState, userId: string, userCouponId: string): UserCoupon | undefined {
  const coupon = state.userCoupons.get(userCouponId);
  return coupon?.userId === userId ? coupon : undefined;
}

function place(
  state: OrderState,
  userId: string,
  lines: readonly OrderLine[],
  subtotal: number,
  coupon: UserCoupon | undefined,
  { now, newId }: DecisionContext,
): Order {
  const discount = coupon === undefined ? 0 : discountOn(coupon.discount, subtotal);
  const order: Order = {
    id: newId(),
    userId,
    status: 'pending',
    lines,
    subtotal,
    discount,
    total: subtotal - discount,
    userCouponId: coupon?.id ?? null,
    paymentId: null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + state.limits.ttlSeconds * 1000),
    paidAt: null,
    endedAt: null,
  };
  for (const { optionId, quantity } of lines) {
    stockOf(state, optionId).reserved += quantity;
    state.changed.stock.add(optionId);
    addHolding(state, userId, optionId, quantity);
  }
  if (coupon !== undefined) setCoupon(state, { ...coupon, status: 'held', orderId: order.id });
  state.pending.set(userId, (state.pending.get(userId) ?? 0) + 1);
  state.placed.add(order.id);
  state.orders.set(order.id, order);
  return order;
}

/** Cancels an unpaid order; `userId` null stands for staff. */
export function decideCancel(
  state: OrderState,
  { userId, orderId }: { readonly userId: string | null; readonly orderId: string },
  { now }: DecisionContext,
): Order | Refusal<Code> {
  const order = state.orders.get(orderId);
  if (order === undefined || (userId !== null && order.userId !== userId)) return refuse('ORDER_NOT_FOUND');
  if (statusAt(order, now) !== 'pending') return refuse('ORDER_NOT_CANCELLABLE');
  for (const { optionId, quantity } of order.lines) addHolding(state, order.userId, optionId, -quantity);
  const pending = state.pending.get(order.userId);
  if (pending !== undefined) state.pending.set(order.userId, pending - 1);
  return release(state, order, 'cancelled', now);
}

/**
 * Expires what was due when the batch began and nobody has decided since; gives how many. The counts of unpaid orders
 * and of units held leave out what is past its time, so they stay.
 */
export function decideExpire(state: OrderState, { now }: DecisionContext): number {
  const expired = state.due.map(({ id }) => present(state.orders.get(id), 'a due order')).filter((order) => order.status === 'pending');
  for (const order of expired) {
    assert(now >= order.expiresAt, 'only orders past their time expire');
    release(state, order, 'expired', now);
  }
  return expired.length;
}

function release(state: OrderState, order: Order, status: 'cancelled' | 'expired', endedAt: Date): Order {
  const released: Order = { ...order, status, endedAt };
  state.orders.set(order.id, released);
  state.changed.orders.add(order.id);
  for (const { optionId, quantity } of order.lines) {
    const stock = stockOf(state, optionId);
    stock.reserved -= quantity;
    assert(stock.reserved >= 0, 'an order releases only what it reserved');
    state.changed.stock.add(optionId);
  }
  if (order.userCouponId !== null) {
    const coupon = present(state.userCoupons.get(order.userCouponId), 'the coupon of an order');
    assert(coupon.status === 'held' && coupon.orderId === order.id, 'an order releases only the coupon it holds');
    setCoupon(state, { ...coupon, status: 'issued', orderId: null });
  }
  return released;
}

function addHolding(state: OrderState, userId: string, optionId: string, units: number): void {
  const key = holdingKey(userId, optionId);
  const held = state.holdings.get(key);
  if (held !== undefined) state.holdings.set(key, held + units);
}

function setCoupon(state: OrderState, coupon: UserCoupon): void {
  state.userCoupons.set(coupon.id, coupon);
  state.changed.userCoupons.add(coupon.id);
}

function offerOf(state: OrderState, optionId: string): Offer {
  return present(state.offers.get(optionId), 'the offer of an option');
}

function stockOf(state: OrderState, optionId: string): Stock {
  return present(state.stock.get(optionId), 'the stock of an option');
}
