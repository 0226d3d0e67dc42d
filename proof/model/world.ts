/**
 * What the reference model remembers of a shop: what happened, and nothing that follows from it. Stock, balances and statuses are worked out
 * from the events each time they are asked for, so that no figure of the model can go stale the way a figure of the server could.
 *
 * It is written from the flowcharts, the wire contract and docs/invariants.md, and shares no code with the server.
 */
import { type After, Learned } from './learned.ts';

export const MAX_MONEY = 9_007_199_254_740_991;
/** Time passes in ticks, so long that no sequence of commands lasts one. */
export const TICK_MS = 600_000;
export const ORDER_TICKS = 6;
export const MAX_PENDING_ORDERS = 3;
export const MAX_CHARGE = 20_000;
export const MAX_BALANCE = 50_000;

export type Visibility = 'active' | 'hidden';
export type Discount = { type: 'fixed'; amount: number } | { type: 'percent'; percent: number; maxAmount?: number };

/** Who calls: someone of the shop's, or nobody known. */
export interface Actor {
  readonly userId: string;
  readonly role: 'staff' | 'customer' | 'stranger';
}

export interface Option {
  readonly id: Learned;
  readonly product: Product;
  sku: string;
  name: string;
  price: number;
  status: Visibility;
  maxPerUser: number | null;
  readonly adjustments: number[];
}

export interface Product {
  readonly id: Learned;
  readonly createdAt: Learned;
  name: string;
  description: string;
  status: Visibility;
  readonly options: Option[];
}

/** A time of the wire, and the tick in which it lies. */
export interface Moment {
  readonly tick: number;
  readonly shown: string | Learned;
}

export interface Coupon {
  readonly id: Learned;
  name: string;
  discount: Discount;
  minOrderAmount: number;
  quantity: number;
  startsAt: Moment;
  expiresAt: Moment;
}

export interface UserCoupon {
  readonly id: Learned;
  readonly coupon: Coupon;
  readonly userId: string;
  readonly name: string;
  readonly discount: Discount;
  readonly minOrderAmount: number;
  readonly sequence: number;
  readonly issuedAt: Learned;
  readonly expiresAt: Moment;
}

export interface Line {
  readonly option: Option;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly quantity: number;
}

export interface Order {
  readonly id: Learned;
  readonly userId: string;
  readonly lines: readonly Line[];
  readonly subtotal: number;
  readonly discount: number;
  readonly coupon: UserCoupon | null;
  readonly tick: number;
  readonly createdAt: Learned;
  readonly expiresAt: After;
  isCancelled: boolean;
  payment: Payment | null;
}

export interface Payment {
  readonly id: Learned;
  readonly order: Order;
  readonly balanceAfter: number;
  readonly tick: number;
  readonly paidAt: Learned;
  readonly refunds: Refund[];
}

interface Refund {
  readonly id: Learned;
  readonly amount: number;
  readonly units: ReadonlyMap<Option, number>;
  readonly isRestocked: boolean;
  readonly reason: string;
  readonly balanceAfter: number;
  readonly createdAt: Learned;
}

/** A line of a user's ledger. */
export interface Entry {
  readonly id: Learned;
  readonly userId: string;
  readonly kind: 'charge' | 'payment' | 'refund';
  readonly delta: number;
  readonly balanceAfter: number;
  readonly reference: string | Learned | null;
  readonly createdAt: Learned;
}

export interface World {
  tick: number;
  readonly products: Product[];
  readonly coupons: Coupon[];
  readonly userCoupons: UserCoupon[];
  readonly orders: Order[];
  readonly entries: Entry[];
}

export function newWorld(): World {
  return { tick: 0, products: [], coupons: [], userCoupons: [], orders: [], entries: [] };
}

export const options = (world: World): Option[] => world.products.flatMap((product) => product.options);
export const payments = (world: World): Payment[] => world.orders.flatMap((order) => (order.payment === null ? [] : [order.payment]));

export function byId<T extends { readonly id: Learned }>(all: readonly T[], id: string): T | undefined {
  return all.find((each) => each.id.value === id);
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** ⌊a × b ÷ c⌋ in whole numbers of any size. */
export const share = (a: number, b: number, c: number): number => (c === 0 ? 0 : Number((BigInt(a) * BigInt(b)) / BigInt(c)));

export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partiallyRefunded';

/** Units of an option that a payment's refunds gave back so far. */
export function refundedUnits(payment: Payment, option: Option): number {
  return sum(payment.refunds.map((refund) => refund.units.get(option) ?? 0));
}

export function statusOf(world: World, order: Order): OrderStatus {
  const { payment } = order;
  if (payment !== null) {
    if (payment.refunds.length === 0) return 'paid';
    const isAll = order.lines.every(({ option, quantity }) => refundedUnits(payment, option) === quantity);
    return isAll ? 'refunded' : 'partiallyRefunded';
  }
  if (order.isCancelled) return 'cancelled';
  return world.tick >= order.tick + ORDER_TICKS ? 'expired' : 'pending';
}

export const unitsOf = (order: Order, option: Option): number =>
  sum(order.lines.map((line) => (line.option === option ? line.quantity : 0)));

/** What open orders hold of an option. */
export function reservedOf(world: World, option: Option): number {
  return sum(world.orders.map((order) => (statusOf(world, order) === 'pending' ? unitsOf(order, option) : 0)));
}

export function onHandOf(world: World, option: Option): number {
  const paid = payments(world);
  const restocked = paid.flatMap(({ refunds }) => refunds.map(({ isRestocked, units }) => (isRestocked ? (units.get(option) ?? 0) : 0)));
  return sum(option.adjustments) - sum(paid.map(({ order }) => unitsOf(order, option))) + sum(restocked);
}

export const availableOf = (world: World, option: Option): number => onHandOf(world, option) - reservedOf(world, option);

export function balanceOf(world: World, userId: string): number {
  return sum(world.entries.map((entry) => (entry.userId === userId ? entry.delta : 0)));
}

/** Enters a movement into the user's ledger. */
export function post(world: World, movement: Pick<Entry, 'userId' | 'kind' | 'delta' | 'reference'>): Entry {
  const balanceAfter = balanceOf(world, movement.userId) + movement.delta;
  const entry = { ...movement, id: new Learned('id'), balanceAfter, createdAt: new Learned('now') };
  world.entries.push(entry);
  return entry;
}

/** How a user's coupon stands, and the order that holds or used it. */
export function standingOf(world: World, coupon: UserCoupon): { status: 'issued' | 'held' | 'used' | 'expired'; order: Order | null } {
  for (const order of world.orders) {
    if (order.coupon !== coupon) continue;
    if (order.payment !== null) return { status: 'used', order };
    if (statusOf(world, order) === 'pending') return { status: 'held', order };
  }
  return { status: world.tick >= coupon.expiresAt.tick ? 'expired' : 'issued', order: null };
}
