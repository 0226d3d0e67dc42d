/** What the journal feature is about: everything that moved the stock of one option, from the rows of those that own it. */
import type { OrderedUnits } from '../order/order.types.ts';
import type { RestockedUnits } from '../payment/payment.types.ts';
import type { RecordedAdjustment } from '../product/product.types.ts';

/** What became of the units that an order took: it holds them until it is paid, or gives them back where it ends unpaid. */
export type Outcome = 'held' | 'sold' | 'givenBack';

/** A movement; `id` is that of the adjustment, the order or the refund. */
export type Movement = { readonly id: string; readonly at: Date } & (
  | {
      readonly kind: 'adjustment';
      readonly delta: number;
      readonly onHandAfter: number;
      readonly reason: string;
      readonly staffId: string;
    }
  | {
      readonly kind: 'order';
      readonly quantity: number;
      readonly outcome: Outcome;
      /** When it was paid, or gave them back; null while it holds them. */
      readonly settledAt: Date | null;
      readonly userId: string;
    }
  | {
      readonly kind: 'restock';
      readonly quantity: number;
      readonly orderId: string;
      readonly paymentId: string;
      readonly userId: string;
      readonly reason: string;
      readonly staffId: string;
    }
);

/** What is known of a stretch of the journal, each the newest first. */
export interface JournalSources {
  readonly adjustments: readonly RecordedAdjustment[];
  readonly ordered: readonly OrderedUnits[];
  readonly restocked: readonly RestockedUnits[];
}
