/** What the customer feature is about: everyone who has an account, money, coupons or orders, as the back office sees them. */

/** The built-in account of a user. */
export interface CustomerAccount {
  readonly name: string;
  readonly email: string;
  readonly role: 'customer' | 'staff';
}

export interface Customer {
  readonly userId: string;
  /** null: the user comes from an identity provider. */
  readonly account: CustomerAccount | null;
}

/** What a user has, in numbers. Amounts are minor units. */
export interface CustomerCounts {
  readonly orders: number;
  /** Unpaid, and not past their time. */
  readonly pendingOrders: number;
  readonly payments: number;
  readonly paid: number;
  readonly refunded: number;
  readonly coupons: number;
  /** Of the coupons, those that were used. */
  readonly usedCoupons: number;
  readonly ledgerEntries: number;
}
