/**
 * What a replay is made of: rows of retail exports, the plan that the rules make of them, and what the files say the
 * server must hold in the end. Money is an integer of pence, times are milliseconds since the epoch, days are
 * `YYYY-MM-DD` in UTC, quantities are units.
 */

/** One row of an export, read strictly. */
export interface RetailRow {
  /** `file:line`, for people. */
  readonly where: string;
  readonly invoice: string;
  readonly code: string;
  /** Without control characters, runs of white space and margins; may be empty. */
  readonly description: string;
  /** Negative on cancellations and write-offs. */
  readonly quantity: number;
  readonly at: number;
  /** Zero and less occur. */
  readonly price: number;
  /** Null where the export names nobody. */
  readonly customer: string | null;
}

/** A row that does not parse, and why. */
export interface UnreadableRow {
  readonly where: string;
  readonly reason: string;
}

/** The content of all files; `digest` names it, whatever the order in which the files were given. */
export interface RetailFiles {
  readonly rows: readonly RetailRow[];
  readonly unreadable: readonly UnreadableRow[];
  readonly digest: string;
}

/** A row that is sold: to its customer, or to the guest of its invoice. */
export interface Sale {
  readonly row: RetailRow;
  readonly userId: string;
  readonly sku: string;
}

/** Sorts of dirt; `DIRT_RULES` in `replay.rules.ts` states the rule of each. */
export type DirtKind =
  | 'unreadable'
  | 'zeroQuantity'
  | 'negativeOutsideCancellation'
  | 'positiveInCancellation'
  | 'priceNotPositive'
  | 'noCustomer'
  | 'repeatedOption'
  | 'severalTimes'
  | 'overLimits'
  | 'severalDescriptions'
  | 'noDescription'
  | 'longDescription'
  | 'cancelledWithoutCustomer'
  | 'cancelledWithoutSale'
  | 'cancelledBeforeSale'
  | 'cancelledMoreThanSold'
  | 'cancelledInPart'
  | 'refundedAtSalePrice';

/** How often a rule was applied, and to how many units and how much money (both without sign; 0 where neither applies). */
export interface DirtCount {
  readonly count: number;
  readonly units: number;
  readonly pence: number;
}

/** Adds to the count of one rule. */
export type NoteDirt = (kind: DirtKind, units?: number, pence?: number) => void;

/** A stock code at one price. */
export interface PlannedOption {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  /** First stock: exactly what is sold of it. */
  readonly stock: number;
}

/** A stock code. */
export interface PlannedProduct {
  readonly code: string;
  readonly name: string;
  readonly options: readonly PlannedOption[];
}

/** One line of an order. */
export interface PlannedLine {
  readonly sku: string;
  readonly code: string;
  readonly unitPrice: number;
  readonly quantity: number;
}

/** An invoice, or the part of it that one order holds. */
export interface PlannedOrder {
  readonly kind: 'order';
  /** Names the order in this replay: invoice, customer and part. */
  readonly key: string;
  readonly invoiceKey: string;
  readonly userId: string;
  readonly at: number;
  readonly lines: readonly PlannedLine[];
  readonly total: number;
}

/** What one cancellation invoice gives back of one order. */
export interface PlannedRefund {
  readonly kind: 'refund';
  readonly key: string;
  readonly cancellation: string;
  readonly orderKey: string;
  readonly userId: string;
  readonly at: number;
  readonly lines: readonly PlannedLine[];
  readonly amount: number;
}

/** A customer's purchases and refunds in the order of time, and the charge that pays for all of them. */
export interface PlannedCustomer {
  readonly userId: string;
  readonly charge: number;
  readonly steps: readonly (PlannedOrder | PlannedRefund)[];
}

/** Units and money of one invoice, straight from its rows. */
export interface InvoiceBook {
  readonly invoice: string;
  readonly userId: string;
  readonly day: string;
  /** Units by SKU. */
  readonly units: ReadonlyMap<string, number>;
  readonly pence: number;
}

/** Money sold on the invoices of one day, and refunded by the cancellations of that day. */
export interface DayBook {
  readonly sold: number;
  readonly refunded: number;
}

/** Units and revenue of one stock code, less its refunds. */
export interface ProductBook {
  readonly units: number;
  readonly revenue: number;
}

/** What the files say the server must hold in the end; it is computed from rows, not from planned orders. */
export interface FileBooks {
  readonly invoices: ReadonlyMap<string, InvoiceBook>;
  readonly days: ReadonlyMap<string, DayBook>;
  readonly balances: ReadonlyMap<string, number>;
  /** Units on hand by SKU. */
  readonly stock: ReadonlyMap<string, number>;
  /** By stock code. */
  readonly products: ReadonlyMap<string, ProductBook>;
}

/** Everything a replay does, decided before its first request. */
export interface ReplayPlan {
  readonly digest: string;
  readonly rowCount: number;
  /** Rows that are sold, and rows of cancellations that are looked up; the other rows are dropped. */
  readonly saleRowCount: number;
  readonly cancellationRowCount: number;
  readonly products: readonly PlannedProduct[];
  readonly customers: readonly PlannedCustomer[];
  readonly orders: readonly PlannedOrder[];
  readonly refunds: readonly PlannedRefund[];
  readonly dirt: ReadonlyMap<DirtKind, DirtCount>;
  readonly books: FileBooks;
}

/** The server's ids of what the replay made, and what it failed to make. */
export interface ReplayLedger {
  /** Product ids by stock code. */
  readonly products: Map<string, string>;
  /** Option ids by SKU. */
  readonly options: Map<string, string>;
  /** The invoice-to-order map, by the key of the planned order. */
  readonly orders: Map<string, { readonly orderId: string; readonly paymentId: string }>;
  /** Refund ids by the key of the planned refund. */
  readonly refunds: Map<string, string>;
  /** Refusals that ended a customer's part of the replay. */
  readonly failures: Difference[];
}

/** A line as the server tells it; an option that the replay did not make keeps its id for a SKU. */
export interface ServerLine {
  readonly sku: string;
  readonly quantity: number;
}

/** An order as the server tells it. */
export interface ServerOrder {
  readonly userId: string;
  readonly status: string;
  readonly total: number;
  readonly lines: readonly (ServerLine & { readonly unitPrice: number })[];
}

/** A payment as the server tells it. */
export interface ServerPayment {
  readonly amount: number;
  readonly refunded: number;
}

/** A refund as the server tells it; `key` is that of the planned refund, or the id of one that was not planned. */
export interface ServerRefund {
  readonly key: string;
  readonly amount: number;
  readonly lines: readonly ServerLine[];
  readonly restocked: boolean;
}

/** An option as the server tells it to staff. */
export interface ServerOption {
  readonly price: number;
  readonly onHand: number | undefined;
  readonly reserved: number | undefined;
}

/** One place of a ranking. */
export interface RankedProduct {
  readonly rank: number;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly revenue: number;
}

/** What the server says of everything that the replay made; what it lacks is absent. */
export interface ServerBooks {
  /** Both by the key of the planned order. */
  readonly orders: ReadonlyMap<string, ServerOrder>;
  readonly payments: ReadonlyMap<string, ServerPayment>;
  readonly refunds: readonly ServerRefund[];
  /** By user id. */
  readonly balances: ReadonlyMap<string, number>;
  /** Names of products by stock code. */
  readonly names: ReadonlyMap<string, string>;
  /** By SKU. */
  readonly options: ReadonlyMap<string, ServerOption>;
  /** The ranking, or why it says nothing about this replay. */
  readonly ranking: readonly RankedProduct[] | { readonly skipped: string };
}

/** One disagreement of file and server. */
export interface Difference {
  readonly subject: string;
  readonly file: string;
  readonly server: string;
}

/** A replay that cannot go on; its message is for the person who started it. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
