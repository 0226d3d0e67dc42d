/** All SQL that locks and writes the tables `orders`, `order_line` and `order_customer`. */
import { inShardsOf, statement, type Transaction, type Writes } from '../database/database.ts';
import type { Order, OrderLine } from './order.types.ts';

/** An order's row as JSON-free columns, with its lines gathered in their order. */
export const ORDER_COLUMNS = `o.id, o.user_id AS "userId", o.status, o.subtotal, o.discount, o.total, o.user_coupon_id AS "userCouponId",
  o.payment_id AS "paymentId", o.created_at AS "createdAt", o.expires_at AS "expiresAt", o.paid_at AS "paidAt",
  o.ended_at AS "endedAt"`;

/** A row of {@link ORDER_COLUMNS}. */
export type OrderRow = Omit<Order, 'lines'>;
export type OrderLineRow = OrderLine & { readonly orderId: string };

export const LINES_OF_ORDERS = `SELECT l.order_id AS "orderId", l.option_id AS "optionId", l.product_id AS "productId", l.sku, l.name,
        l.unit_price AS "unitPrice", l.quantity, l.refunded_quantity AS "refundedQuantity", l.restocked_quantity AS "restockedQuantity"
   FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[])) AS wanted (user_id, order_id)
   JOIN order_line AS l USING (user_id, order_id)
  ORDER BY l.order_id, l.line`;

/** Puts lines, which come in their order, to their orders. */
export function withLines<Row extends OrderRow>(orders: readonly Row[], rows: readonly OrderLineRow[]): (Row & Order)[] {
  const byOrder = new Map<string, OrderLine[]>(orders.map((order) => [order.id, []]));
  for (const { orderId, ...line } of rows) byOrder.get(orderId)?.push(line);
  return orders.map((order) => ({ ...order, lines: byOrder.get(order.id) ?? [] }));
}

// Locks ------------------------------------------------------------------------------------------------------

const createCustomersStatement = statement('order.createCustomers', {
  whole: `INSERT INTO order_customer (user_id)
   SELECT user_id FROM unnest($1::text[]) AS new (user_id)
    WHERE NOT EXISTS (SELECT FROM order_customer AS c WHERE c.user_id = new.user_id)
    ORDER BY user_id COLLATE "C"
   ON CONFLICT DO NOTHING`,
  sharded: `INSERT INTO order_customer (user_id)
   SELECT user_id FROM unnest($1::text[]) AS new (user_id)
    WHERE user_id NOT IN (SELECT c.user_id FROM order_customer AS c WHERE c.user_id = ANY ($1::text[]))
    ORDER BY user_id COLLATE "C"
   ON CONFLICT DO NOTHING`,
});

const lockCustomersStatement = statement('order.lockCustomers', {
  whole: 'SELECT 1 FROM order_customer WHERE user_id = ANY ($1::text[]) ORDER BY user_id COLLATE "C" FOR UPDATE',
  sharded: 'UPDATE order_customer SET user_id = user_id WHERE user_id = ANY ($1::text[])',
});

/** Lines up each user's orders: who holds this lock alone adds to them. */
export async function lockCustomers(tx: Transaction, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await Promise.all([tx.query(createCustomersStatement, [userIds]), tx.query(lockCustomersStatement, [userIds])]);
}

const ownersStatement = statement<{ userId: string; orderId: string }>(
  'order.owners',
  'SELECT user_id AS "userId", id AS "orderId" FROM orders WHERE id = ANY ($1::uuid[])',
);

/** The orders with their owners, who are looked up where `userId` is null; without a lock, for an order never changes hands. */
async function withOwners(tx: Transaction, wanted: readonly OrderReference[]): Promise<{ userId: string; orderId: string }[]> {
  const anyones = wanted.flatMap(({ userId, orderId }) => (userId === null ? [orderId] : []));
  const found = anyones.length > 0 ? await tx.query(ownersStatement, [anyones]) : [];
  return [...wanted.flatMap(({ userId, orderId }) => (userId === null ? [] : [{ userId, orderId }])), ...found];
}

const lockOrdersStatement = statement<OrderRow>('order.lock', {
  whole: `SELECT ${ORDER_COLUMNS} FROM orders AS o
    WHERE (o.user_id, o.id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
    ORDER BY o.id FOR UPDATE`,
  sharded: `UPDATE orders AS o SET total = o.total
     FROM (SELECT user_id, id FROM unnest($1::text[], $2::uuid[]) AS given (user_id, id) ORDER BY id) AS wanted
    WHERE o.user_id = wanted.user_id AND o.id = wanted.id AND o.user_id = ANY ($1::text[])
   RETURNING ${ORDER_COLUMNS}`,
});

const linesStatement = statement<OrderLineRow>('order.lines', LINES_OF_ORDERS);

/** What to lock: a user's own order, or, where `userId` is null, anyone's. */
export interface OrderReference {
  readonly userId: string | null;
  readonly orderId: string;
}

/** Locks orders with their lines, by id; another user's are absent. */
export async function lockOrders(tx: Transaction, wanted: readonly OrderReference[]): Promise<Map<string, Order>> {
  if (wanted.length === 0) return new Map();
  const owned = await withOwners(tx, wanted);
  const columns = [owned.map((order) => order.userId), owned.map((order) => order.orderId)];
  const [rows, lines] = await Promise.all([tx.query(lockOrdersStatement, columns), tx.query(linesStatement, columns)]);
  return byId(withLines(rows, lines));
}

/** The condition of the index `orders_due`, which has to be met word for word. */
export const DUE_INDEXED = "o.status = 'pending' AND o.expires_at > '-infinity'";

const DUE = `FROM orders AS o
    WHERE ${DUE_INDEXED} AND o.expires_at <= clock_timestamp() + $1 * interval '1 millisecond'
    ORDER BY o.expires_at, o.id LIMIT $2`;

const lockDueStatement = statement<OrderRow>('order.lockDue', `SELECT ${ORDER_COLUMNS} ${DUE} FOR UPDATE SKIP LOCKED`);

const dueStatement = statement<{ userId: string; id: string }>('order.due', `SELECT o.user_id AS "userId", o.id ${DUE}`);

const lockDueOfUserStatement = statement<OrderRow>(
  'order.lockDueOfUser',
  `SELECT ${ORDER_COLUMNS} FROM orders AS o
    WHERE o.user_id = $1 AND o.id = ANY ($2::uuid[]) AND o.status = 'pending' FOR UPDATE SKIP LOCKED`,
);

const lineUpStatement = statement('order.lineUp', "UPDATE orders SET total = total WHERE id = ANY ('{}'::uuid[])");

/**
 * To be called before any order is locked, where due ones will be. Over shards, it waits for the batches that are in several of them, and lets no
 * other one in: those could not wait for a row that this one has, and this one for their shards. Otherwise it does nothing.
 */
export async function lineUpForDue(tx: Transaction): Promise<void> {
  if (tx.layout === 'sharded') await tx.query(lineUpStatement);
}

/** Over shards, locked rows can only be passed over within one shard: the due orders are looked up, then locked user by user. */
async function lockDueByUser(tx: Transaction, clockOffsetMs: number, limit: number): Promise<OrderRow[]> {
  const due = await tx.query(dueStatement, [clockOffsetMs, limit]);
  const byUser = Map.groupBy(due, ({ userId }) => userId);
  const locked = await Promise.all(
    [...byUser].map(([userId, orders]) => tx.query(lockDueOfUserStatement, [userId, orders.map(({ id }) => id)])),
  );
  return locked.flat();
}

/** Locks unpaid orders past their time, the longest overdue first, passing over those that are being decided elsewhere. */
export async function lockDueOrders(tx: Transaction, clockOffsetMs: number, limit: number): Promise<Order[]> {
  if (tx.layout === 'sharded') return readLines(tx, await lockDueByUser(tx, clockOffsetMs, limit));
  return readLines(tx, await tx.query(lockDueStatement, [clockOffsetMs, limit]));
}

async function readLines(tx: Transaction, rows: readonly OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  return withLines(rows, await tx.query(linesStatement, [rows.map((row) => row.userId), rows.map((row) => row.id)]));
}

function byId(orders: readonly Order[]): Map<string, Order> {
  return new Map(orders.map((order) => [order.id, order]));
}

// What limits need; read after the locks -----------------------------------------------------------------------

const pendingStatement = statement<{ userId: string; count: number }>(
  'order.pending',
  `SELECT user_id AS "userId", count(*) FILTER (WHERE expires_at > clock_timestamp() + $2 * interval '1 millisecond') AS count
     FROM orders
    WHERE status = 'pending' AND user_id = ANY ($1::text[])
    GROUP BY user_id`,
);

/** How many unpaid orders, not past their time, each of the users has. */
export async function countPending(tx: Transaction, userIds: readonly string[], clockOffsetMs: number): Promise<Map<string, number>> {
  const counts = new Map(userIds.map((userId) => [userId, 0]));
  const rows = userIds.length > 0 ? await tx.query(pendingStatement, [userIds, clockOffsetMs]) : [];
  for (const { userId, count } of rows) counts.set(userId, count);
  return counts;
}

export interface Holding {
  readonly userId: string;
  readonly optionId: string;
  readonly units: number;
}

const holdingsStatement = statement<Holding>(
  'order.holdings',
  `SELECT l.user_id AS "userId", l.option_id AS "optionId", sum(l.quantity - l.refunded_quantity)::bigint AS units
     FROM unnest($1::text[], $2::uuid[]) AS wanted (user_id, option_id)
     JOIN order_line AS l USING (user_id, option_id)
     JOIN orders AS o ON o.user_id = l.user_id AND o.id = l.order_id
    WHERE NOT l.released
      AND (o.status IN ('paid', 'partiallyRefunded')
        OR o.status = 'pending' AND o.expires_at > clock_timestamp() + $3 * interval '1 millisecond')
    GROUP BY l.user_id, l.option_id`,
);

/** Units that users hold or have bought and not had refunded; pairs without any are absent. */
export async function findHoldings(
  tx: Transaction,
  wanted: readonly { readonly userId: string; readonly optionId: string }[],
  clockOffsetMs: number,
): Promise<Holding[]> {
  if (wanted.length === 0) return [];
  return tx.query(holdingsStatement, [wanted.map((pair) => pair.userId), wanted.map((pair) => pair.optionId), clockOffsetMs]);
}

// Writes -----------------------------------------------------------------------------------------------------

const insertOrdersStatement = statement(
  'order.insert',
  `INSERT INTO orders (user_id, id, status, subtotal, discount, total, user_coupon_id, created_at, expires_at)
   SELECT user_id, id, 'pending', subtotal, discount, total, user_coupon_id, $7, $8
     FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[])
       AS new (user_id, id, subtotal, discount, total, user_coupon_id)`,
);

const insertLinesStatement = statement(
  'order.insertLines',
  `INSERT INTO order_line (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity)
   SELECT user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity
     FROM unnest($1::text[], $2::uuid[], $3::smallint[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::integer[])
       AS new (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity)`,
);

/** Inserts new orders, which share the time they were placed at and the time they expire at. */
export function insertOrders(writes: Writes, orders: readonly Order[]): void {
  const [first] = orders;
  if (first === undefined) return;
  writes.add(insertOrdersStatement, [
    orders.map((o) => o.userId),
    orders.map((o) => o.id),
    orders.map((o) => o.subtotal),
    orders.map((o) => o.discount),
    orders.map((o) => o.total),
    orders.map((o) => o.userCouponId),
    first.createdAt,
    first.expiresAt,
  ]);
  const lines = orders.flatMap(({ userId, id, lines: own }) =>
    own.map((line, index) => ({ ...line, userId, orderId: id, line: index + 1 })),
  );
  writes.add(insertLinesStatement, [
    lines.map((l) => l.userId),
    lines.map((l) => l.orderId),
    lines.map((l) => l.line),
    lines.map((l) => l.optionId),
    lines.map((l) => l.productId),
    lines.map((l) => l.sku),
    lines.map((l) => l.name),
    lines.map((l) => l.unitPrice),
    lines.map((l) => l.quantity),
  ]);
}

const updateOrdersStatement = statement(
  'order.update',
  inShardsOf(
    'o.user_id = ANY ($1::text[])',
    `UPDATE orders AS o SET status = new.status, payment_id = new.payment_id, paid_at = new.paid_at, ended_at = new.ended_at
     FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
       AS new (user_id, id, status, payment_id, paid_at, ended_at)
    WHERE o.user_id = new.user_id AND o.id = new.id`,
  ),
);

/** Writes status, payment and end of orders as they now are. */
export function saveOrders(writes: Writes, orders: readonly Order[]): void {
  if (orders.length === 0) return;
  writes.add(updateOrdersStatement, [
    orders.map((o) => o.userId),
    orders.map((o) => o.id),
    orders.map((o) => o.status),
    orders.map((o) => o.paymentId),
    orders.map((o) => o.paidAt),
    orders.map((o) => o.endedAt),
  ]);
}

const releaseLinesStatement = statement(
  'order.releaseLines',
  inShardsOf(
    'l.user_id = ANY ($1::text[])',
    `UPDATE order_line AS l SET released = true
     FROM unnest($1::text[], $2::uuid[]) AS gone (user_id, order_id)
    WHERE l.user_id = gone.user_id AND l.order_id = gone.order_id`,
  ),
);

/** Marks the lines of cancelled and expired orders, which count for no limit any more. */
export function releaseLines(writes: Writes, orders: readonly Order[]): void {
  if (orders.length === 0) return;
  writes.add(releaseLinesStatement, [orders.map((o) => o.userId), orders.map((o) => o.id)]);
}

const updateRefundsStatement = statement(
  'order.updateRefunds',
  inShardsOf(
    'l.user_id = ANY ($1::text[])',
    `UPDATE order_line AS l SET refunded_quantity = new.refunded_quantity, restocked_quantity = new.restocked_quantity
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::integer[], $5::integer[])
       AS new (user_id, order_id, option_id, refunded_quantity, restocked_quantity)
    WHERE l.user_id = new.user_id AND l.order_id = new.order_id AND l.option_id = new.option_id`,
  ),
);

/** Writes how many units of each line were refunded and restocked. */
export function saveRefundedUnits(writes: Writes, orders: readonly Order[]): void {
  const lines = orders.flatMap(({ userId, id, lines: own }) => own.map((line) => ({ ...line, userId, orderId: id })));
  if (lines.length === 0) return;
  writes.add(updateRefundsStatement, [
    lines.map((l) => l.userId),
    lines.map((l) => l.orderId),
    lines.map((l) => l.optionId),
    lines.map((l) => l.refundedQuantity),
    lines.map((l) => l.restockedQuantity),
  ]);
}
