/** Wire types of the coupon flow. */
import { Type } from 'typebox';
import { id, money, nullable, page, pageQuery, strictObject, text, time, userIdQuery } from '../http/schemas.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import { couponStatus, userCouponStatus } from './coupon.rules.ts';
import { COUPON_STATUSES, type Coupon, type UserCoupon } from './coupon.types.ts';

const positiveMoney = Type.Integer({ minimum: 1, maximum: MAX_MONEY });
const name = text(1, 200);
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

const discountSchema = Type.Union([
  strictObject({ type: Type.Literal('fixed'), amount: positiveMoney }),
  strictObject({
    type: Type.Literal('percent'),
    percent: Type.Integer({ minimum: 1, maximum: 100 }),
    maxAmount: Type.Optional(positiveMoney),
  }),
]);

export const couponSchema = strictObject(
  {
    id: id(),
    name,
    discount: discountSchema,
    minOrderAmount: money(),
    quantity,
    issued: Type.Integer({ minimum: 0 }),
    remaining: Type.Integer({ minimum: 0 }),
    startsAt: time(),
    expiresAt: time(),
    status: Type.Union(
      COUPON_STATUSES.map((status) => Type.Literal(status)),
      { description: 'The first of these that holds' },
    ),
  },
  { title: 'Coupon' },
);
export const couponPageSchema = page(couponSchema);

export const userCouponSchema = strictObject(
  {
    id: id(),
    couponId: id(),
    userId: Type.String(),
    name,
    discount: discountSchema,
    minOrderAmount: money(),
    status: Type.Union((['issued', 'held', 'used', 'expired'] as const).map((status) => Type.Literal(status))),
    sequence: Type.Integer({ minimum: 1, description: 'Counts the grants of the coupon, without gaps' }),
    orderId: nullable(id('The order that holds or used it')),
    issuedAt: time(),
    expiresAt: time(),
  },
  { title: 'UserCoupon' },
);
export const userCouponPageSchema = page(userCouponSchema);

export const newCouponSchema = strictObject(
  {
    name,
    discount: discountSchema,
    minOrderAmount: Type.Optional(money()),
    quantity,
    startsAt: Type.Optional(time('Now where absent')),
    expiresAt: time(),
  },
  { title: 'NewCoupon' },
);

export const couponPatchSchema = strictObject(
  {
    name: Type.Optional(name),
    discount: Type.Optional(discountSchema),
    minOrderAmount: Type.Optional(money()),
    quantity: Type.Optional(quantity),
    startsAt: Type.Optional(time()),
    expiresAt: Type.Optional(time('Ends issuing, not what was issued')),
  },
  { title: 'CouponPatch' },
);

export const couponListQuerySchema = Type.Object({
  ...pageQuery,
  status: Type.Optional(
    Type.Union(
      (['all', ...COUPON_STATUSES] as const).map((status) => Type.Literal(status)),
      { description: 'Staff only: coupons of one status, or all of them. Absent: those that have not expired' },
    ),
  ),
});
export const userCouponListQuerySchema = Type.Object({ ...pageQuery, ...userIdQuery });
export const couponParams = strictObject({ couponId: id() });

export function presentCoupon(coupon: Coupon, now: Date) {
  return {
    id: coupon.id,
    name: coupon.name,
    discount: coupon.discount,
    minOrderAmount: coupon.minOrderAmount,
    quantity: coupon.quantity,
    issued: coupon.issued,
    remaining: coupon.quantity - coupon.issued,
    startsAt: coupon.startsAt,
    expiresAt: coupon.expiresAt,
    status: couponStatus(coupon, now),
  };
}

export function presentUserCoupon(coupon: UserCoupon, now: Date) {
  return {
    id: coupon.id,
    couponId: coupon.couponId,
    userId: coupon.userId,
    name: coupon.name,
    discount: coupon.discount,
    minOrderAmount: coupon.minOrderAmount,
    status: userCouponStatus(coupon, now),
    sequence: coupon.sequence,
    orderId: coupon.orderId,
    issuedAt: coupon.issuedAt,
    expiresAt: coupon.expiresAt,
  };
}

/** A user's coupon as a row of the export; the names are its columns. */
export function presentExported(coupon: UserCoupon, now: Date) {
  const { discount } = coupon;
  return {
    id: coupon.id,
    couponId: coupon.couponId,
    userId: coupon.userId,
    name: coupon.name,
    sequence: coupon.sequence,
    status: userCouponStatus(coupon, now),
    orderId: coupon.orderId,
    discountAmount: discount.type === 'fixed' ? discount.amount : null,
    discountPercent: discount.type === 'percent' ? discount.percent : null,
    discountMaxAmount: discount.type === 'percent' ? (discount.maxAmount ?? null) : null,
    minOrderAmount: coupon.minOrderAmount,
    issuedAt: coupon.issuedAt,
    expiresAt: coupon.expiresAt,
  };
}
