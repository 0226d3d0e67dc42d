/** What a write has changed, as numbers that two writes of the same kind have in common. */
import type { Shop } from '../../server/test/support/shop.ts';

/** By name: how many rows there are, and what they sum up to. */
export type Effects = Readonly<Record<string, number>>;

const GOODS = ['product', 'product_option', 'stock_adjustment', 'coupon', 'user_coupon', 'orders', 'order_line'];
const MONEY = ['balance', 'balance_entry', 'payment', 'refund'];
const COUNTED = [...GOODS, ...MONEY, 'destination', 'ranking', 'staff_action'];
const SUMMED: Readonly<Record<string, string>> = {
  'on hand': 'SELECT sum(on_hand) FROM stock',
  reserved: 'SELECT sum(reserved) FROM stock',
  money: 'SELECT sum(amount) FROM balance',
  'ledger versions': 'SELECT sum(version) FROM balance',
  'coupons issued': 'SELECT sum(issued) FROM coupon',
  'orders paid': "SELECT count(*) FROM orders WHERE status = 'paid'",
  'orders cancelled': "SELECT count(*) FROM orders WHERE status = 'cancelled'",
  'coupons used': 'SELECT count(*) FROM user_coupon WHERE order_id IS NOT NULL',
  refunded: 'SELECT sum(amount) FROM refund',
  // What a server does by itself leaves rows of nobody.
  keys: "SELECT count(*) FROM idempotency_key WHERE user_id <> ''",
  // Whether the relay has made rows of them yet or not.
  events: 'SELECT (SELECT coalesce(sum(events), 0) FROM outbox_batch) + (SELECT count(*) FROM outbox_event)',
};

const QUERIES = { ...Object.fromEntries(COUNTED.map((table) => [table, `SELECT count(*) FROM ${table}`])), ...SUMMED };
const SQL = `SELECT ${Object.entries(QUERIES)
  .map(([name, query]) => `coalesce((${query}), 0)::float8 AS "${name}"`)
  .join(', ')}`;

/** How things stand. */
export async function standing(shop: Shop): Promise<Effects> {
  const { rows } = await shop.database.readers.query<Record<string, number>>(SQL);
  return rows[0] ?? {};
}

/** What has changed from one moment to another. */
export function changes(before: Effects, after: Effects): Effects {
  const differences = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, difference]) => difference !== 0));
}
