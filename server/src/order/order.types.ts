/** What the order feature is about: orders that hold stock and a coupon until they are paid, cancelled or expired. */
import type { TimeRange } from '../kernel/ids.ts';

export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'expired' | 'partiallyRefunded' | 'refunded';

/** A line of an order. SKU, name and price are frozen when it is placed; amounts are minor units. */
export interface OrderLine {
  readonly optionId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly refundedQuantity: number;
  /** Of the refunded units, those that went back on sale. */
  readonly restockedQuantity: number;
}

export interface Order {
  readonly id: string;
  readonly userId: string;
  /** As it is stored: an order past its `expiresAt` may still say `pending`; see `statusAt`. */
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly total: number;
  readonly userCouponId: string | null;
  readonly paymentId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly paidAt: Date | null;
  /** When it was cancelled, or swept after its time; null too for orders that ended before this was kept. */
  readonly endedAt: Date | null;
}

/** What an order took of one option's stock, and what became of it. */
export type OrderedUnits = Pick<Order, 'id' | 'userId' | 'status' | 'createdAt' | 'expiresAt' | 'paidAt' | 'endedAt'> &
  Pick<OrderLine, 'quantity'>;

export interface WantedLine {
  readonly optionId: string;
  readonly quantity: number;
}

/** Which orders are meant. */
export interface OrderFilter extends TimeRange {
  readonly status?: OrderStatus;
  /** An id, or how it begins. */
  readonly search?: string;
}

/** The writes of the order queue. */
export type OrderCommand =
  | {
      readonly kind: 'place';
      readonly userId: string;
      /** One line an option, in the order of the request. */
      readonly lines: readonly WantedLine[];
      readonly userCouponId: string | null;
    }
  /** `userId` null: staff, `staffId`, who may cancel anyone's. */
  | { readonly kind: 'cancel'; readonly userId: string | null; readonly staffId: string | null; readonly orderId: string }
  /** Expires orders whose time has come, at most `limit`. */
  | { readonly kind: 'expire'; readonly limit: number };

export interface OrderLimits {
  readonly ttlSeconds: number;
  readonly maxPendingOrders: number;
}
