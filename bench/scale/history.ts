/**
 * A shop with a past: users, products and paid orders of the last year, written set-based. Everything an order leaves behind is there, so
 * that the audit holds: lines, stock, payment, ledger.
 */
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../server/src/database/database.ts';

export interface Size {
  readonly orders: number;
  readonly users: number;
  readonly products: number;
}

const DAYS = 365;
const PRICE = 10_000;
const CHARGED = 1_000_000_000_000;
const ORDERS_AT_ONCE = 1_000_000;

/** A version 7 UUID that begins with the milliseconds since 1970 and ends with `number`. */
export function idAt(milliseconds: string, number: string): string {
  return `(lpad(to_hex(${milliseconds}), 12, '0') || '70008' || lpad(to_hex(${number}), 15, '0'))::uuid`;
}

const USER = (number: string): string => `'customer-' || lpad((${number})::text, 7, '0')`;
const EPOCH_MS = "extract(epoch FROM date_trunc('milliseconds', now()))::bigint * 1000";
const PRODUCT_AT = `(${EPOCH_MS} - ${DAYS + 1}::bigint * 86400000)`;

const TABLES = ['orders', 'order_line', 'payment', 'balance_entry', 'outbox_event', 'delivery'];
const CONNECTIONS = 3;

/** Fills an empty database that has all migrations; takes about a minute for a million orders. */
export async function writeHistory(target: ConnectionTarget, { orders, users, products }: Size): Promise<void> {
  const pool = new pg.Pool({ ...clientConfig(target), max: CONNECTIONS, options: '-c work_mem=128MB -c synchronous_commit=off' });
  try {
    // One moment for all statements, so that ids and times made from it agree.
    const { rows } = await pool.query<{ now: string }>(`SELECT (${EPOCH_MS})::text AS now`);
    const now = rows[0]?.now ?? '0';
    const run = (statements: readonly string[]): Promise<unknown> =>
      Promise.all(statements.map((text) => pool.query(text.replaceAll(EPOCH_MS, `${now}::bigint`))));
    for (const statement of catalogue(users, products, orders)) await run([statement]);
    // What is only added to needs no cleaning while it is written.
    await run(TABLES.map((table) => `ALTER TABLE ${table} SET (autovacuum_enabled = false)`));
    for (let first = 0; first < orders; first += ORDERS_AT_ONCE) {
      const last = Math.min(first + ORDERS_AT_ONCE, orders) - 1;
      await run(sales({ first, last, users, products, orders }));
    }
    await run(ledger(orders, users));
    await run(TABLES.map((table) => `ALTER TABLE ${table} RESET (autovacuum_enabled)`));
    await run(['VACUUM (ANALYZE)']);
  } finally {
    await pool.end();
  }
}

const PRODUCT_ID = (number: string): string => idAt(PRODUCT_AT, number);
const OPTION_ID = (number: string): string => idAt(`(${PRODUCT_AT} + 1)`, number);

function catalogue(users: number, products: number, orders: number): string[] {
  const stock = 1_000_000_000;
  const sold = `(SELECT count(*) FROM generate_series(n, ${orders - 1}, ${products}))`;
  return [
    `INSERT INTO product (id, name, description, status, name_folded, list_price, created_at, updated_at)
     SELECT ${PRODUCT_ID('n')}, 'Product ' || n, '', 'active', 'product ' || n, ${PRICE}, to_timestamp(${PRODUCT_AT} / 1000.0), to_timestamp(${PRODUCT_AT} / 1000.0)
       FROM generate_series(0, ${products - 1}) AS n`,
    `INSERT INTO product_option (id, product_id, sku, name, price, status, search_folded, created_at, updated_at)
     SELECT ${OPTION_ID('n')}, ${PRODUCT_ID('n')}, 'H-' || n, 'One', ${PRICE}, 'active', 'h-' || n || E'\\none',
            to_timestamp(${PRODUCT_AT} / 1000.0), to_timestamp(${PRODUCT_AT} / 1000.0)
       FROM generate_series(0, ${products - 1}) AS n`,
    `INSERT INTO stock (option_id, on_hand, reserved)
     SELECT ${OPTION_ID('n')}, ${stock} - ${sold}, 0 FROM generate_series(0, ${products - 1}) AS n`,
    `INSERT INTO stock_adjustment (option_id, id, delta, on_hand_after, reason, staff_id, created_at)
     SELECT ${OPTION_ID('n')}, ${idAt(`(${PRODUCT_AT} + 2)`, 'n')}, ${stock}, ${stock}, 'first stock', 'staff', to_timestamp(${PRODUCT_AT} / 1000.0)
       FROM generate_series(0, ${products - 1}) AS n`,
    `INSERT INTO order_customer (user_id) SELECT ${USER('n')} FROM generate_series(0, ${users - 1}) AS n`,
  ];
}

/** Order n is of user n mod users and product n mod products, and was paid at a moment of the last year; the newest just now. */
function sales(of: {
  readonly first: number;
  readonly last: number;
  readonly users: number;
  readonly products: number;
  readonly orders: number;
}): string[] {
  const { first, last, users, products, orders } = of;
  const at = `(${EPOCH_MS} - ((${orders}::bigint - n) * ${DAYS}::bigint * 86400000) / ${orders})`;
  const from = `FROM generate_series(${first}, ${last}) AS n`;
  const user = USER(`n % ${users}`);
  const time = `to_timestamp(${at} / 1000.0)`;
  return [
    `INSERT INTO orders (user_id, id, status, subtotal, discount, total, payment_id, created_at, expires_at, paid_at)
     SELECT ${user}, ${idAt(at, 'n')}, 'paid', ${PRICE}, 0, ${PRICE}, ${idAt(`(${at} + 1)`, 'n')}, ${time}, ${time} + interval '10 minutes', ${time} ${from}`,
    `INSERT INTO order_line (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity)
     SELECT ${user}, ${idAt(at, 'n')}, 1, ${OPTION_ID(`n % ${products}`)}, ${PRODUCT_ID(`n % ${products}`)}, 'H-' || n % ${products},
            'Product ' || n % ${products} || ' - One', ${PRICE}, 1 ${from}`,
    `INSERT INTO payment (user_id, id, order_id, subtotal, discount, amount, balance_after, paid_at)
     SELECT ${user}, ${idAt(`(${at} + 1)`, 'n')}, ${idAt(at, 'n')}, ${PRICE}, 0, ${PRICE}, ${CHARGED} - (n / ${users} + 1) * ${PRICE}, ${time} ${from}`,
    `INSERT INTO balance_entry (user_id, version, id, kind, delta, balance_after, reference, created_at)
     SELECT ${user}, n / ${users} + 2, ${idAt(`(${at} + 2)`, 'n')}, 'payment', -${PRICE}, ${CHARGED} - (n / ${users} + 1) * ${PRICE}, ${idAt(at, 'n')}::text, ${time} ${from}`,
    `INSERT INTO outbox_event (id, type, subject, user_id, order_id, sequence, payload, created_at)
     SELECT ${idAt(`(${at} + 3)`, 'n')}, 'order.paid', ${idAt(at, 'n')}, ${user}, ${idAt(at, 'n')}, 2, '{}', ${time} ${from}`,
    `INSERT INTO delivery (id, event_id, type, order_id, sequence, destination, status, attempts, claims, created_at)
     SELECT ${idAt(`(${at} + 4)`, 'n')}, ${idAt(`(${at} + 3)`, 'n')}, 'order.paid', ${idAt(at, 'n')}, 2, 'log', 'delivered', 1, 1, ${time} ${from}`,
  ];
}

/** Every user was charged once, before anything else, and has what the payments left. */
function ledger(orders: number, users: number): string[] {
  const paid = `(${orders} / ${users} + (CASE WHEN n < ${orders} % ${users} THEN 1 ELSE 0 END))`;
  return [
    `INSERT INTO balance_entry (user_id, version, id, kind, delta, balance_after, reference, created_at)
     SELECT ${USER('n')}, 1, ${idAt(PRODUCT_AT, 'n')}, 'charge', ${CHARGED}, ${CHARGED}, NULL, to_timestamp(${PRODUCT_AT} / 1000.0)
       FROM generate_series(0, ${users - 1}) AS n`,
    `INSERT INTO balance (user_id, amount, version)
     SELECT ${USER('n')}, ${CHARGED} - ${paid} * ${PRICE}, ${paid} + 1 FROM generate_series(0, ${users - 1}) AS n`,
  ];
}
