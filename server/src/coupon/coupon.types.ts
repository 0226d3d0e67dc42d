/** What the coupon feature is about: first-come coupons, and the ones that users hold. */

export type Discount =
  | { readonly type: 'fixed'; readonly amount: number }
  | { readonly type: 'percent'; readonly percent: number; readonly maxAmount?: number };

/** What a coupon grants; frozen into a user's coupon when it is issued. */
interface Terms {
  readonly name: string;
  readonly discount: Discount;
  /** The least subtotal, in minor units, that it can be used on. */
  readonly minOrderAmount: number;
  readonly expiresAt: Date;
}

export interface Coupon extends Terms {
  readonly id: string;
  readonly quantity: number;
  readonly issued: number;
  readonly startsAt: Date;
}

/** As it is stored; that it has expired is told from `expiresAt`. */
type UserCouponStatus = 'issued' | 'held' | 'used';

export interface UserCoupon extends Terms {
  readonly id: string;
  readonly couponId: string;
  readonly userId: string;
  readonly status: UserCouponStatus;
  /** 1, 2, 3 … within the coupon, in the order in which they were granted. */
  readonly sequence: number;
  /** The order that holds or used it. */
  readonly orderId: string | null;
  readonly issuedAt: Date;
}

export type CouponPatch = Partial<Pick<Coupon, 'name' | 'discount' | 'minOrderAmount' | 'quantity' | 'startsAt' | 'expiresAt'>>;

/** What a coupon is at a time: the first of these that holds. */
export const COUPON_STATUSES = ['expired', 'scheduled', 'soldOut', 'open'] as const;
export type CouponStatus = (typeof COUPON_STATUSES)[number];

/** The writes of the coupon queue. */
export type CouponCommand =
  | ({ readonly kind: 'create'; readonly staffId: string; readonly startsAt: Date | null } & Omit<Coupon, 'id' | 'issued' | 'startsAt'>)
  | { readonly kind: 'update'; readonly staffId: string; readonly couponId: string; readonly patch: CouponPatch }
  | { readonly kind: 'issue'; readonly couponId: string; readonly userId: string };
