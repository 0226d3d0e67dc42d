/** What the timeline feature is about: everything that happened to one order, from the rows of those that own it. */
import type { UserCoupon } from '../coupon/coupon.types.ts';
import type { OrderEvents } from '../delivery/delivery.types.ts';
import type { Order } from '../order/order.types.ts';
import type { Payment, Refund } from '../payment/payment.types.ts';
import type { ObjectReference } from '../staff/staff.types.ts';

/** What staff did to the order, its payment or a delivery. */
interface Action {
  readonly createdAt: Date;
  readonly id: string;
  readonly staffId: string;
  readonly operation: string;
  readonly object: ObjectReference;
  readonly before: object | null;
  readonly after: object | null;
}

/** What is known of an order. */
export interface TimelineSources {
  readonly order: Order;
  readonly now: Date;
  readonly userCoupon: UserCoupon | null;
  readonly payment: Payment | null;
  /** The newest first. */
  readonly refunds: readonly Refund[];
  readonly events: OrderEvents;
  readonly actions: readonly Action[];
}

interface Units {
  readonly optionId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
}

export type TimelineEntry = { readonly at: Date } & (
  | {
      readonly kind: 'placed';
      readonly subtotal: number;
      readonly discount: number;
      readonly total: number;
      readonly expiresAt: Date;
    }
  | { readonly kind: 'stockHeld'; readonly lines: readonly Units[] }
  | {
      readonly kind: 'couponHeld';
      readonly userCouponId: string;
      readonly couponId: string;
      readonly name: string;
      readonly discount: number;
    }
  | {
      readonly kind: 'paid';
      readonly paymentId: string;
      readonly amount: number;
      readonly discount: number;
      readonly balanceAfter: number;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'stockReleased'; readonly lines: readonly Units[] }
  | { readonly kind: 'couponReleased'; readonly userCouponId: string }
  | {
      readonly kind: 'refunded';
      readonly refundId: string;
      readonly paymentId: string;
      readonly amount: number;
      readonly lines: readonly { readonly optionId: string; readonly quantity: number }[];
      readonly restocked: boolean;
      readonly staffId: string;
      readonly reason: string;
    }
  | { readonly kind: 'event'; readonly eventId: string; readonly type: string; readonly sequence: number | null }
  | {
      readonly kind: 'delivery';
      readonly deliveryId: string;
      readonly eventId: string;
      readonly destination: string;
      readonly status: string;
      readonly attempts: number;
      readonly lastError: string | null;
      readonly nextAttemptAt: Date | null;
    }
  | {
      readonly kind: 'attempt';
      readonly deliveryId: string;
      readonly number: number;
      readonly durationMs: number;
      readonly outcome: string;
      readonly statusCode: number | null;
      readonly answer: string | null;
    }
  | {
      readonly kind: 'staffAction';
      readonly actionId: string;
      readonly staffId: string;
      readonly operation: string;
      readonly object: ObjectReference;
      readonly before: object | null;
      readonly after: object | null;
    }
);
