/** The model of first-come coupons. */
import { done, type Expected, refused } from './expected.ts';
import { Learned } from './learned.ts';
import { type Actor, byId, type Coupon, type Discount, type Moment, standingOf, type UserCoupon, type World } from './world.ts';

export interface NewCoupon {
  readonly name: string;
  readonly discount: Discount;
  readonly minOrderAmount?: number;
  readonly quantity: number;
  readonly startsAt?: Moment;
  readonly expiresAt: Moment;
}

export type CouponPatch = Partial<NewCoupon>;

const issuedOf = (world: World, coupon: Coupon): number => world.userCoupons.filter((each) => each.coupon === coupon).length;

/** The first of these that holds. */
export function couponStatus(world: World, coupon: Coupon): 'expired' | 'scheduled' | 'soldOut' | 'open' {
  if (world.tick >= coupon.expiresAt.tick) return 'expired';
  if (world.tick < coupon.startsAt.tick) return 'scheduled';
  return issuedOf(world, coupon) >= coupon.quantity ? 'soldOut' : 'open';
}

export function shownCoupon(world: World, coupon: Coupon): object {
  const { id, name, discount, minOrderAmount, quantity, startsAt, expiresAt } = coupon;
  const issued = issuedOf(world, coupon);
  const times = { startsAt: startsAt.shown, expiresAt: expiresAt.shown };
  return {
    id,
    name,
    discount,
    minOrderAmount,
    quantity,
    issued,
    remaining: quantity - issued,
    ...times,
    status: couponStatus(world, coupon),
  };
}

export function shownUserCoupon(world: World, granted: UserCoupon): object {
  const { id, coupon, userId, name, discount, minOrderAmount, sequence, issuedAt, expiresAt } = granted;
  const { status, order } = standingOf(world, granted);
  const terms = { name, discount, minOrderAmount, status, sequence };
  return { id, couponId: coupon.id, userId, ...terms, orderId: order?.id ?? null, issuedAt, expiresAt: expiresAt.shown };
}

export function getCoupon(world: World, couponId: string): Expected {
  const coupon = byId(world.coupons, couponId);
  return coupon === undefined ? refused('COUPON_NOT_FOUND') : done(200, shownCoupon(world, coupon));
}

export function createCoupon(world: World, wanted: NewCoupon): Expected {
  const startsAt = wanted.startsAt ?? { tick: world.tick, shown: new Learned('now') };
  if (wanted.expiresAt.tick <= startsAt.tick) return refused('VALIDATION_FAILED');
  const coupon: Coupon = { id: new Learned('id'), minOrderAmount: 0, ...wanted, startsAt };
  world.coupons.push(coupon);
  return done(201, shownCoupon(world, coupon));
}

/** Changes what may still be issued, and nothing of what was. */
export function updateCoupon(world: World, couponId: string, patch: CouponPatch): Expected {
  const coupon = byId(world.coupons, couponId);
  if (coupon === undefined) return refused('COUPON_NOT_FOUND');
  const changed = { ...coupon, ...patch };
  if (changed.quantity < issuedOf(world, coupon)) return refused('COUPON_BELOW_ISSUED');
  if (changed.expiresAt.tick <= changed.startsAt.tick) return refused('VALIDATION_FAILED');
  Object.assign(coupon, patch);
  return done(200, shownCoupon(world, coupon));
}

export function issueCoupon(world: World, { userId }: Actor, couponId: string): Expected {
  const coupon = byId(world.coupons, couponId);
  if (coupon === undefined) return refused('COUPON_NOT_FOUND');
  if (world.tick < coupon.startsAt.tick) return refused('COUPON_NOT_STARTED');
  if (world.tick >= coupon.expiresAt.tick) return refused('COUPON_EXPIRED');
  const issued = issuedOf(world, coupon);
  if (issued >= coupon.quantity) return refused('COUPON_SOLD_OUT');
  if (world.userCoupons.some((each) => each.coupon === coupon && each.userId === userId)) return refused('COUPON_ALREADY_ISSUED');
  const { name, discount, minOrderAmount, expiresAt } = coupon;
  const terms = { name, discount, minOrderAmount, expiresAt };
  const granted = { ...terms, id: new Learned('id'), coupon, userId, sequence: issued + 1, issuedAt: new Learned('now') };
  world.userCoupons.push(granted);
  return done(201, shownUserCoupon(world, granted));
}
