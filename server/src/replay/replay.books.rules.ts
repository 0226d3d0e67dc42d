/**
 * What the files say the server must hold in the end: computed from rows and refunds alone, so that a mistake in the
 * way invoices are split into orders shows as a difference. Pure.
 */
import { present } from '../kernel/assert.ts';
import type { DayBook, FileBooks, InvoiceBook, PlannedRefund, ProductBook, Sale } from './replay.types.ts';

/** The day of a time, `YYYY-MM-DD` in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The key of an invoice: number and customer, should an export ever give one number to two of them. */
export function invoiceKey({ row, userId }: Sale): string {
  return `${row.invoice}/${userId}`;
}

/** Sums sales and refunds up. `sales` come in the order of time. */
export function bookFiles(sales: readonly Sale[], refunds: readonly PlannedRefund[]): FileBooks {
  const invoices = bookInvoices(sales);
  const balances = new Map(sales.map(({ userId }) => [userId, 0]));
  for (const { userId, amount } of refunds) balances.set(userId, present(balances.get(userId), userId) + amount);
  // Stock begins as what is sold, so that only what comes back is left.
  const stock = new Map(sales.map(({ sku }) => [sku, 0]));
  for (const { sku, quantity } of refunds.flatMap(({ lines }) => lines)) stock.set(sku, present(stock.get(sku), sku) + quantity);
  return { invoices, days: bookDays(invoices, refunds), balances, stock, products: bookProducts(sales, refunds) };
}

function bookInvoices(sales: readonly Sale[]): Map<string, InvoiceBook> {
  const byKey = Map.groupBy(sales, invoiceKey);
  return new Map(
    [...byKey].map(([key, own]) => {
      const { row, userId } = present(own[0], key);
      const units = new Map<string, number>();
      for (const { sku, row: sold } of own) units.set(sku, (units.get(sku) ?? 0) + sold.quantity);
      const pence = own.reduce((sum, { row: sold }) => sum + sold.quantity * sold.price, 0);
      return [key, { invoice: row.invoice, userId, day: dayOf(row.at), units, pence }];
    }),
  );
}

function bookDays(invoices: ReadonlyMap<string, InvoiceBook>, refunds: readonly PlannedRefund[]): Map<string, DayBook> {
  const days = new Map<string, DayBook>();
  const add = (day: string, sold: number, refunded: number): void => {
    const before = days.get(day) ?? { sold: 0, refunded: 0 };
    days.set(day, { sold: before.sold + sold, refunded: before.refunded + refunded });
  };
  for (const { day, pence } of invoices.values()) add(day, pence, 0);
  for (const { at, amount } of refunds) add(dayOf(at), 0, amount);
  return new Map([...days].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function bookProducts(sales: readonly Sale[], refunds: readonly PlannedRefund[]): Map<string, ProductBook> {
  const products = new Map<string, ProductBook>();
  const add = (code: string, units: number, revenue: number): void => {
    const before = products.get(code) ?? { units: 0, revenue: 0 };
    products.set(code, { units: before.units + units, revenue: before.revenue + revenue });
  };
  for (const { row } of sales) add(row.code, row.quantity, row.quantity * row.price);
  for (const { code, unitPrice, quantity } of refunds.flatMap(({ lines }) => lines)) add(code, -quantity, -quantity * unitPrice);
  return products;
}
