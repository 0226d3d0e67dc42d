/** What the payment feature is about: payments of orders from the balance, and their refunds. Amounts are minor units. */
import type { Order, WantedLine } from '../order/order.types.ts';

export interface Payment {
  readonly id: string;
  readonly userId: string;
  readonly orderId: string;
  readonly subtotal: number;
  readonly discount: number;
  readonly amount: number;
  readonly refunded: number;
  /** How many refunds there were. */
  readonly refunds: number;
  readonly balanceAfter: number;
  readonly paidAt: Date;
}

export interface Refund {
  readonly id: string;
  readonly userId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly lines: readonly WantedLine[];
  readonly restocked: boolean;
  readonly balanceAfter: number;
  readonly reason: string;
  readonly staffId: string;
  readonly createdAt: Date;
}

/** Units of one option that a refund put back on sale. */
export type RestockedUnits = Pick<Refund, 'id' | 'userId' | 'paymentId' | 'orderId' | 'reason' | 'staffId' | 'createdAt'> &
  Pick<WantedLine, 'quantity'>;

/** A refund with what it left behind. */
export interface MadeRefund extends Refund {
  /** Its place among the refunds of its payment, from 1. */
  readonly number: number;
  readonly order: Order;
  readonly payment: Payment;
}

/** The writes of the payment queue. */
export type PaymentCommand =
  | { readonly kind: 'pay'; readonly userId: string; readonly orderId: string }
  | {
      readonly kind: 'refund';
      readonly staffId: string;
      readonly paymentId: string;
      /** One line an option; null: all that is left. */
      readonly lines: readonly WantedLine[] | null;
      readonly restock: boolean;
      readonly reason: string;
    };
