/** Plain data for the rules: what a batch has locked, with everything in order unless a test says otherwise. */
import type { DecisionContext } from '../../src/commit/commit.types.ts';
import type { Coupon, UserCoupon } from '../../src/coupon/coupon.types.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { OrderState } from '../../src/order/order.rules.ts';
import type { Order, OrderLine } from '../../src/order/order.types.ts';
import type { Offer, Stock } from '../../src/product/product.types.ts';

export const NOW = new Date('2026-11-22T09:00:00.000Z');
export const at = (ms: number): Date => new Date(NOW.getTime() + ms);
/** The context of a batch that decides `ms` after {@link NOW}. */
export const context = (ms = 0): DecisionContext => ({ now: at(ms), newId: () => newId(at(ms)) });

/** `ok`, or the code of a refusal with what it says. */
export function outcome(decided: object): string {
  if (!(decided instanceof Refusal)) return 'ok';
  const extras = Object.values(decided.extras).map((value) => JSON.stringify(value));
  return [decided.code, ...extras].join(' ');
}

export const couponWith = (more: Partial<Coupon> = {}): Coupon => ({
  id: 'coupon',
  name: 'x',
  discount: { type: 'fixed', amount: 100 },
  minOrderAmount: 0,
  quantity: 10,
  issued: 0,
  startsAt: at(-1000),
  expiresAt: at(1000),
  ...more,
});

export const userCouponWith = (more: Partial<UserCoupon> = {}): UserCoupon => ({
  id: 'userCoupon',
  couponId: 'coupon',
  userId: 'user',
  name: 'x',
  discount: { type: 'fixed', amount: 100 },
  minOrderAmount: 0,
  status: 'issued',
  sequence: 1,
  orderId: null,
  issuedAt: at(-1000),
  expiresAt: at(1000),
  ...more,
});

export const offerWith = (id: string, more: Partial<Offer> = {}): Offer => ({
  id,
  productId: `product of ${id}`,
  sku: id,
  name: 'one',
  price: 1000,
  status: 'active',
  maxPerUser: null,
  productName: 'Product',
  productStatus: 'active',
  ...more,
});

export const lineWith = (more: Partial<OrderLine> = {}): OrderLine => ({
  optionId: 'a',
  productId: 'product of a',
  sku: 'a',
  name: 'Product - one',
  unitPrice: 1000,
  quantity: 1,
  refundedQuantity: 0,
  restockedQuantity: 0,
  ...more,
});

export const orderWith = (more: Partial<Order> = {}): Order => ({
  id: 'order',
  userId: 'user',
  status: 'pending',
  lines: [lineWith()],
  subtotal: 1000,
  discount: 0,
  total: 1000,
  userCouponId: null,
  paymentId: null,
  createdAt: at(-1000),
  expiresAt: at(1000),
  paidAt: null,
  endedAt: null,
  ...more,
});

const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]));
export const stockMap = (rows: readonly Stock[]): Map<string, Stock> => new Map(rows.map((row) => [row.optionId, { ...row }]));

/** What an order batch has locked: these offers, ten units of each but for `stock`, these coupons and orders. */
export function orderState(
  given: {
    readonly offers?: readonly Offer[];
    readonly stock?: readonly Stock[];
    readonly userCoupons?: readonly UserCoupon[];
    readonly orders?: readonly Order[];
    readonly due?: readonly Order[];
    readonly pending?: number;
    readonly holdings?: Readonly<Record<string, number>>;
  } = {},
): OrderState {
  const { offers = [], stock = [], userCoupons = [], orders = [], due = [], pending = 0, holdings = {} } = given;
  const preset = offers.map(({ id }) => ({ optionId: id, onHand: 10, reserved: 0 }));
  return {
    offers: byId(offers),
    stock: stockMap([...preset, ...stock]),
    userCoupons: byId(userCoupons),
    orders: byId([...due, ...orders]),
    due,
    pending: new Map([['user', pending]]),
    holdings: new Map(Object.entries(holdings)),
    limits: { ttlSeconds: 600, maxPendingOrders: 3 },
    placed: new Set(),
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set() },
  };
}
