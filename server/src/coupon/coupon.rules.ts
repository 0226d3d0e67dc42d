/** Decisions of the coupon flow, in the flowchart's order. Pure. */
import type { DecisionContext } from '../commit/commit.types.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { mulDivFloor } from '../kernel/money.ts';
import type { couponErrors } from './coupon.errors.ts';
import type { Coupon, CouponCommand, CouponPatch, CouponStatus, Discount, UserCoupon } from './coupon.types.ts';

type Code = keyof typeof couponErrors | 'VALIDATION_FAILED';

/** Everything a batch of coupon commands may read and change. */
export interface CouponState {
  readonly coupons: Map<string, Coupon>;
  /** Who already has which coupon, as {@link holderKey}. */
  readonly holders: Set<string>;
  readonly created: Set<string>;
  readonly changed: Set<string>;
  readonly granted: UserCoupon[];
}

/** Whether a claim at `now` is refused because the coupon is sold out, and for how long nothing but a change can alter that; else null. */
export function soldOutForMs(coupon: Coupon, now: Date): number | null {
  return couponStatus(coupon, now) === 'soldOut' ? coupon.expiresAt.getTime() - now.getTime() : null;
}

export function holderKey(couponId: string, userId: string): string {
  return `${couponId} ${userId}`;
}

/** 선착순 쿠폰 발급 */
export function decideIssue(
  state: CouponState,
  { couponId, userId }: { readonly couponId: string; readonly userId: string },
  context: DecisionContext,
): UserCoupon | Refusal<Code> {
  const { now } = context;
  const coupon = state.coupons.get(couponId);
  if (coupon === undefined) return refuse('COUPON_NOT_FOUND');
  if (now < coupon.startsAt) return refuse('COUPON_NOT_STARTED');
  if (now >= coupon.expiresAt) return refuse('COUPON_EXPIRED'); // 쿠폰 만료?
  if (coupon.issued >= coupon.quantity) return refuse('COUPON_SOLD_OUT'); // 수량 부족?
  if (state.holders.has(holderKey(couponId, userId))) return refuse('COUPON_ALREADY_ISSUED'); // 중복 발급?
  return grant(state, coupon, userId, context); // 쿠폰 발급 INSERT
}

function grant(state: CouponState, coupon: Coupon, userId: string, { now, newId }: DecisionContext): UserCoupon {
  const sequence = coupon.issued + 1;
  const { name, discount, minOrderAmount, expiresAt } = coupon;
  const granted: UserCoupon = {
    id: newId(),
    couponId: coupon.id,
    userId,
    name,
    discount,
    minOrderAmount,
    expiresAt,
    status: 'issued',
    sequence,
    orderId: null,
    issuedAt: now,
  };
  state.coupons.set(coupon.id, { ...coupon, issued: sequence });
  state.changed.add(coupon.id);
  state.holders.add(holderKey(coupon.id, userId));
  state.granted.push(granted);
  return granted;
}

export function decideCreate(
  state: CouponState,
  { name, discount, minOrderAmount, quantity, startsAt, expiresAt }: Omit<Extract<CouponCommand, { kind: 'create' }>, 'kind' | 'staffId'>,
  { now, newId }: DecisionContext,
): Coupon | Refusal<Code> {
  const coupon: Coupon = { id: newId(), name, discount, minOrderAmount, quantity, issued: 0, startsAt: startsAt ?? now, expiresAt };
  if (coupon.expiresAt <= coupon.startsAt) return endsBeforeItStarts();
  state.coupons.set(coupon.id, coupon);
  state.created.add(coupon.id);
  return coupon;
}

export function decideUpdate(
  state: CouponState,
  { couponId, patch }: { readonly couponId: string; readonly patch: CouponPatch },
): Coupon | Refusal<Code> {
  const coupon = state.coupons.get(couponId);
  if (coupon === undefined) return refuse('COUPON_NOT_FOUND');
  const updated = { ...coupon, ...patch };
  if (updated.quantity < updated.issued) return refuse('COUPON_BELOW_ISSUED');
  if (updated.expiresAt <= updated.startsAt) return endsBeforeItStarts();
  state.coupons.set(couponId, updated);
  state.changed.add(couponId);
  return updated;
}

function endsBeforeItStarts(): Refusal<Code> {
  return refuse('VALIDATION_FAILED', { errors: [{ path: '/expiresAt', message: 'must be later than startsAt' }] });
}

/** The first of these that holds at `now`. */
export function couponStatus({ startsAt, expiresAt, issued, quantity }: Coupon, now: Date): CouponStatus {
  if (now >= expiresAt) return 'expired';
  if (now < startsAt) return 'scheduled';
  return issued >= quantity ? 'soldOut' : 'open';
}

/** What a user's coupon shows as at `now`: one that nothing holds ends with its time. */
export function userCouponStatus({ status, expiresAt }: UserCoupon, now: Date): UserCoupon['status'] | 'expired' {
  return status === 'issued' && now >= expiresAt ? 'expired' : status;
}

/** Why a user's coupon cannot be used on an order of `subtotal`, in this order; null where it can. */
export function whyInvalid(
  coupon: UserCoupon | undefined,
  subtotal: number,
  now: Date,
): 'notFound' | 'held' | 'used' | 'expired' | 'belowMinimum' | null {
  if (coupon === undefined) return 'notFound';
  const status = userCouponStatus(coupon, now);
  if (status !== 'issued') return status;
  return subtotal < coupon.minOrderAmount ? 'belowMinimum' : null;
}

/** What the discount takes off `subtotal`: rounded down, never more than its `maxAmount` or the subtotal itself. */
export function discountOn(discount: Discount, subtotal: number): number {
  if (discount.type === 'fixed') return Math.min(discount.amount, subtotal);
  return Math.min(mulDivFloor(subtotal, discount.percent, 100), discount.maxAmount ?? subtotal);
}
