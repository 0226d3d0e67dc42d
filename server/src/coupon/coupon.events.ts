/** What the outside learns of coupons. */
import type { OutboxEvent } from '../delivery/event.types.ts';
import type { UserCoupon } from './coupon.types.ts';

/** `coupon.issued`: a user got a coupon, as the `sequence`th of its kind. */
export function couponIssuedEvent(granted: UserCoupon, id: string): OutboxEvent {
  const { id: userCouponId, couponId, userId, name, discount, minOrderAmount, sequence, issuedAt, expiresAt } = granted;
  return {
    id,
    type: 'coupon.issued',
    subject: userCouponId,
    userId,
    orderId: null,
    sequence: null,
    payload: { userCouponId, couponId, userId, name, discount, minOrderAmount, couponSequence: sequence, issuedAt, expiresAt },
  };
}
