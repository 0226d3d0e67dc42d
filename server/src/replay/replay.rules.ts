/**
 * The rules by which rows of a retail export become a plan: what is sold to whom, in which orders, and which rows are
 * dropped. Pure; nothing is guessed, and every departure from "a row is a sale" is counted under its rule.
 */
import { assert, present } from '../kernel/assert.ts';
import { bookFiles, invoiceKey } from './replay.books.rules.ts';
import { matchCancellations } from './replay.refund.rules.ts';
import type {
  DirtCount,
  DirtKind,
  NoteDirt,
  PlannedCustomer,
  PlannedLine,
  PlannedOption,
  PlannedOrder,
  PlannedProduct,
  PlannedRefund,
  ReplayPlan,
  RetailFiles,
  RetailRow,
  Sale,
} from './replay.types.ts';

/** An order's limits on the wire. */
export const LINES_MAX = 100;
export const LINE_QUANTITY_MAX = 999;

/** What the replay allows itself of the wire's limit on names. */
const NAME_LENGTH_MAX = 200;

/** How each sort of dirt is handled, and what its count counts. The order is that of the report. */
export const DIRT_RULES: Readonly<Record<DirtKind, { readonly counts: string; readonly rule: string }>> = {
  unreadable: { counts: 'rows', rule: 'a field does not parse: dropped' },
  zeroQuantity: { counts: 'rows', rule: 'quantity is zero: dropped' },
  negativeOutsideCancellation: { counts: 'rows', rule: 'negative quantity outside a cancellation, a stock correction: dropped' },
  positiveInCancellation: { counts: 'rows', rule: 'positive quantity on a cancellation: dropped' },
  priceNotPositive: { counts: 'rows', rule: 'price is zero or less: dropped' },
  noCustomer: { counts: 'rows', rule: 'sale without a customer: sold to a guest, one per invoice' },
  repeatedOption: { counts: 'rows', rule: 'code and price occur on the invoice already: units added up' },
  severalTimes: { counts: 'invoices', rule: 'invoice with more than one time: the first counts' },
  overLimits: {
    counts: 'invoices',
    rule: `more than ${LINES_MAX} options, or ${LINE_QUANTITY_MAX} units of one: split into several orders`,
  },
  severalDescriptions: {
    counts: 'codes',
    rule: 'several descriptions of one code: the most frequent names the product, of equals the first',
  },
  noDescription: { counts: 'codes', rule: 'no description: the code names the product' },
  longDescription: { counts: 'codes', rule: `description longer than ${NAME_LENGTH_MAX} characters: cut` },
  cancelledWithoutCustomer: { counts: 'rows', rule: 'cancellation without a customer: no refund' },
  cancelledWithoutSale: { counts: 'rows', rule: 'cancellation whose customer buys no such code in the files: no refund' },
  cancelledBeforeSale: { counts: 'rows', rule: 'cancellation before the first sale of that code to that customer: no refund' },
  cancelledMoreThanSold: { counts: 'rows', rule: 'cancellation of what is refunded already: no refund' },
  cancelledInPart: {
    counts: 'rows',
    rule: 'cancellation of more units than are left: refunded as far as there are any (counted: the rest)',
  },
  refundedAtSalePrice: {
    counts: 'rows',
    rule: 'cancellation at another price than the sale: refunded at the price paid (counted: the difference)',
  },
};

/** Sums up what the rules meet. */
function createDirtCounter(): { readonly note: NoteDirt; readonly counts: ReadonlyMap<DirtKind, DirtCount> } {
  const counts = new Map<DirtKind, DirtCount>();
  const note: NoteDirt = (kind, units = 0, pence = 0) => {
    const before = counts.get(kind) ?? { count: 0, units: 0, pence: 0 };
    counts.set(kind, { count: before.count + 1, units: before.units + units, pence: before.pence + pence });
  };
  return { note, counts };
}

/** Whether an invoice cancels: its number begins with a C. */
function isCancellation(invoice: string): boolean {
  return invoice.startsWith('C');
}

/** The rule that drops a row, or null for one that is sold or cancels something. The first rule that fits is counted. */
function dropReason(row: RetailRow): DirtKind | null {
  if (row.quantity === 0) return 'zeroQuantity';
  const cancels = isCancellation(row.invoice);
  if (row.quantity < 0 && !cancels) return 'negativeOutsideCancellation';
  if (row.quantity > 0 && cancels) return 'positiveInCancellation';
  return row.price <= 0 ? 'priceNotPositive' : null;
}

/** Parts rows, in the order of time, into sales and rows that cancel; the others are dropped and noted. */
function sortRows(rows: readonly RetailRow[], note: NoteDirt): { sales: Sale[]; cancellations: RetailRow[] } {
  const sales: Sale[] = [];
  const cancellations: RetailRow[] = [];
  for (const row of rows.toSorted((a, b) => a.at - b.at)) {
    const reason = dropReason(row);
    const pence = row.quantity * row.price;
    if (reason) {
      note(reason, Math.abs(row.quantity), Math.abs(pence));
    } else if (isCancellation(row.invoice)) {
      cancellations.push(row);
    } else {
      if (row.customer === null) note('noCustomer', row.quantity, pence);
      sales.push({ row, userId: row.customer ?? `guest-${row.invoice}`, sku: `${row.code}@${row.price}` });
    }
  }
  return { sales, cancellations };
}

/** Packs options, each with all its units, into orders that keep to the limits: first fit, an order names an option once. */
export function packLines(options: readonly PlannedLine[]): PlannedLine[][] {
  const orders: PlannedLine[][] = [];
  for (const option of options) {
    let left = option.quantity;
    for (let place = 0; left > 0; place += 1) {
      const order = orders[place] ?? [];
      if (order.length === LINES_MAX) continue;
      if (place === orders.length) orders.push(order);
      const quantity = Math.min(left, LINE_QUANTITY_MAX);
      order.push({ ...option, quantity });
      left -= quantity;
    }
  }
  return orders;
}

interface OpenInvoice {
  readonly key: string;
  readonly userId: string;
  readonly at: number;
  readonly lines: Map<string, PlannedLine>;
  severalTimes: boolean;
}

/** Makes the orders of all invoices out of sales in the order of time. */
function planOrders(sales: readonly Sale[], note: NoteDirt): PlannedOrder[] {
  const invoices = new Map<string, OpenInvoice>();
  for (const sale of sales) {
    const { row, sku, userId } = sale;
    const key = invoiceKey(sale);
    const invoice: OpenInvoice = invoices.get(key) ?? { key, userId, at: row.at, lines: new Map(), severalTimes: false };
    invoices.set(key, invoice);
    if (row.at !== invoice.at) invoice.severalTimes = true;
    const line = invoice.lines.get(sku);
    if (line) note('repeatedOption', row.quantity, row.quantity * row.price);
    invoice.lines.set(sku, { sku, code: row.code, unitPrice: row.price, quantity: (line?.quantity ?? 0) + row.quantity });
  }
  return [...invoices.values()].flatMap((invoice) => splitInvoice(invoice, note));
}

function splitInvoice({ key, userId, at, lines, severalTimes }: OpenInvoice, note: NoteDirt): PlannedOrder[] {
  if (severalTimes) note('severalTimes');
  const parts = packLines([...lines.values()]);
  if (parts.length > 1) note('overLimits');
  return parts.map((part, index) => ({
    kind: 'order',
    key: `${key}/${index + 1}`,
    invoiceKey: key,
    userId,
    at,
    lines: part,
    total: part.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0),
  }));
}

/** The most frequent of descriptions that are not empty, of equally frequent ones the first; null where there is none. */
export function mostFrequent(descriptions: readonly string[]): { name: string | null; different: number } {
  const counts = new Map<string, number>();
  for (const description of descriptions) if (description) counts.set(description, (counts.get(description) ?? 0) + 1);
  let name: string | null = null;
  for (const [description, count] of counts) if (name === null || count > present(counts.get(name), name)) name = description;
  return { name, different: counts.size };
}

/** Makes products and options of what is sold, in the order of their first sale. */
function planProducts(sales: readonly Sale[], note: NoteDirt): PlannedProduct[] {
  const byCode = Map.groupBy(sales, ({ row }) => row.code);
  return [...byCode].map(([code, ofCode]) => {
    const { name, different } = mostFrequent(ofCode.map(({ row }) => row.description));
    if (different > 1) note('severalDescriptions');
    if (name === null) note('noDescription');
    const characters = Array.from(name ?? code);
    if (characters.length > NAME_LENGTH_MAX) note('longDescription');
    const options = [...Map.groupBy(ofCode, ({ sku }) => sku)].map(([sku, ofSku]): PlannedOption => {
      const price = present(ofSku[0], sku).row.price;
      const stock = ofSku.reduce((sum, { row }) => sum + row.quantity, 0);
      return { sku, name: `GBP ${(price / 100).toFixed(2)}`, price, stock };
    });
    return { code, name: characters.slice(0, NAME_LENGTH_MAX).join('').trim(), options };
  });
}

/** Gives each customer the own orders and refunds in the order of time, and one charge that pays for all the orders. */
function planCustomers(orders: readonly PlannedOrder[], refunds: readonly PlannedRefund[]): PlannedCustomer[] {
  const steps = Map.groupBy([...orders, ...refunds], ({ userId }) => userId);
  return [...steps].map(([userId, own]) => ({
    userId,
    charge: own.reduce((sum, step) => sum + (step.kind === 'order' ? step.total : 0), 0),
    // Sorting is stable and orders come first, so that a refund of the same minute follows its sale.
    steps: own.toSorted((a, b) => a.at - b.at),
  }));
}

/** Decides everything a replay does. */
export function planReplay(files: RetailFiles): ReplayPlan {
  const { note, counts } = createDirtCounter();
  for (const _ of files.unreadable) note('unreadable');
  const { sales, cancellations } = sortRows(files.rows, note);
  const orders = planOrders(sales, note);
  const refunds = matchCancellations(cancellations, orders, note);
  const products = planProducts(sales, note);
  const customers = planCustomers(orders, refunds);
  assert(customers.length === new Set(sales.map(({ userId }) => userId)).size, 'every customer of a refund has bought something');
  return {
    digest: files.digest,
    rowCount: files.rows.length + files.unreadable.length,
    saleRowCount: sales.length,
    cancellationRowCount: cancellations.length,
    products,
    customers,
    orders,
    refunds,
    dirt: counts,
    books: bookFiles(sales, refunds),
  };
}
