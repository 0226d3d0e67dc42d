/**
 * A history: everything that concurrent clients asked of the servers, when they asked and when they were answered, and what the shop holds
 * in the end. All times are of one monotonic clock, that of the process which asks.
 */
import type { Body } from '../../server/test/support/caller.ts';

export interface Line {
  readonly optionId: string;
  readonly quantity: number;
}

/** What a client may ask for. */
export type Asked =
  | { readonly kind: 'charge'; readonly amount: number }
  | { readonly kind: 'issue'; readonly couponId: string }
  | { readonly kind: 'place'; readonly lines: readonly Line[]; readonly userCouponId: string | null }
  | { readonly kind: 'pay' | 'cancel' | 'readOrder'; readonly orderId: string }
  | {
      readonly kind: 'refund';
      readonly paymentId: string;
      /** Whose payment it is. */
      readonly payerId: string;
      readonly lines: readonly Line[] | null;
      readonly restock: boolean;
    }
  | { readonly kind: 'adjust'; readonly optionId: string; readonly delta: number }
  | { readonly kind: 'quota'; readonly couponId: string; readonly quantity: number }
  | { readonly kind: 'readCoupon'; readonly couponId: string }
  | { readonly kind: 'readProduct'; readonly productId: string }
  | { readonly kind: 'readBalance' | 'readLedger' | 'readCoupons' };

/** An answer that came. */
export interface Told {
  /** `201`, or the status and code of a problem: `409 OUT_OF_STOCK`. */
  readonly verdict: string;
  readonly isReplayed: boolean;
  readonly body: Body;
}

/** One request. */
export interface Attempt {
  readonly id: number;
  /** The server that it was sent to. */
  readonly server: number;
  /** {@link STAFF}, or a customer. */
  readonly userId: string;
  readonly asked: Asked;
  readonly key: string | null;
  readonly calledAt: number;
  /** Infinity where no answer came. */
  readonly answeredAt: number;
  readonly told: Told | null;
}

/** What the shop had before the first request. */
export interface Opening {
  readonly productId: string;
  readonly options: readonly { readonly id: string; readonly price: number; readonly stock: number }[];
  readonly coupons: readonly { readonly id: string; readonly quantity: number; readonly amount: number }[];
  readonly userIds: readonly string[];
  readonly maxBalance: number;
}

/** What the shop holds after the last request, when no outcome was unknown any more. */
export interface Closing {
  /** The entries of each user's ledger, in the order of their versions. */
  readonly ledgers: ReadonlyMap<string, readonly Body[]>;
  readonly coupons: readonly Body[];
  readonly userCoupons: readonly Body[];
  readonly orders: readonly Body[];
  readonly payments: readonly Body[];
  readonly options: readonly Body[];
}

export interface History {
  readonly opening: Opening;
  readonly attempts: readonly Attempt[];
  readonly closing: Closing;
}

export const STAFF = 'staff';

/** What can be wrong with a history. */
export type AnomalyKind =
  | 'vanished effect'
  | 'unexplained effect'
  | 'changed effect'
  | 'double effect'
  | 'forgotten key'
  | 'turned away, yet done'
  | 'never told'
  | 'broken ledger'
  | 'broken sequence'
  | 'over the quantity'
  | 'out of order'
  | 'stale read'
  | 'impossible read'
  | 'false refusal'
  | 'oversold'
  | 'wrong books'
  | 'two ends of an order'
  | 'coupon used twice'
  | 'wrong sum'
  | 'unexpected answer';

export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly detail: string;
}

/** What public reads and sold-out refusals may lag behind the writes of other servers. */
export const LAG_MS = 1000;

/** The items of each group, in their order. */
export function grouped<Item>(items: Iterable<Item>, groupOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(groupOf(item));
    if (group === undefined) groups.set(groupOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

export function sumOf<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}

/** An attempt, for the reader of an anomaly. */
export function said({ id, userId, asked, told, server }: Attempt): string {
  return `#${id} ${userId} at ${server}: ${JSON.stringify(asked)} → ${told === null ? 'nothing' : told.verdict}`;
}
