/** What the balance feature is about: prepaid balances and the ledger that explains them. Amounts are minor units. */

export interface Account {
  readonly userId: string;
  amount: number;
  /** The version of the newest ledger entry; 0 before the first. */
  version: number;
}

export type EntryKind = 'charge' | 'payment' | 'refund';

/** A line of the ledger; never changed once it is written. */
export interface Entry {
  readonly userId: string;
  readonly version: number;
  readonly id: string;
  readonly kind: EntryKind;
  readonly delta: number;
  readonly balanceAfter: number;
  /** Of a charge: the caller's reference; of a payment: the order's id; of a refund: the payment's id. */
  readonly reference: string | null;
  readonly createdAt: Date;
}

/** The accounts that a batch has locked, and what it posts to them. */
export interface Ledger {
  readonly accounts: Map<string, Account>;
  readonly posted: Entry[];
}

/** The write of the balance queue. */
export interface ChargeCommand {
  /** Who charges, where that is staff. */
  readonly staffId: string | null;
  readonly userId: string;
  readonly amount: number;
  readonly reference: string | null;
}

export interface ChargeLimits {
  readonly maxCharge: number;
  readonly maxBalance: number;
}
