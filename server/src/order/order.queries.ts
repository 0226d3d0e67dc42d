/** The order tables' reads for clients. */
import { type Executor, type Statement, statement } from '../database/database.ts';
import { DUE_INDEXED, LINES_OF_ORDERS, ORDER_COLUMNS, type OrderLineRow, type OrderRow, withLines } from './order.repository.ts';
import type { Order } from './order.types.ts';

/** An order with the database's time at which it was read, by which its status is told. */
export type OrderReadAt = Order & { readonly now: Date };
type Row = OrderRow & { readonly now: Date };

const COLUMNS = `${ORDER_COLUMNS}, date_trunc('milliseconds', clock_timestamp()) AS now`;

const findOwnStatement = statement<Row>('order.getOwn', `SELECT ${COLUMNS} FROM orders AS o WHERE o.user_id = $1 AND o.id = $2`);
const findAnyStatement = statement<Row>('order.getAny', `SELECT ${COLUMNS} FROM orders AS o WHERE o.id = $1`);
const linesStatement = statement<OrderLineRow>('order.linesForReading', LINES_OF_ORDERS);

/** One order of a user, or, where `userId` is null, of anyone; null where there is none. */
export async function findOrder(db: Executor, userId: string | null, orderId: string): Promise<OrderReadAt | null> {
  const rows = userId === null ? await db.query(findAnyStatement, [orderId]) : await db.query(findOwnStatement, [userId, orderId]);
  const [order] = await readLines(db, rows);
  return order ?? null;
}

const listOwnStatement = statement<Row>(
  'order.listOwn',
  `SELECT ${COLUMNS} FROM orders AS o WHERE o.user_id = $3 AND o.id < $1::uuid ORDER BY o.id DESC LIMIT $2`,
);
const listAllStatement = statement<Row>(
  'order.listAll',
  `SELECT ${COLUMNS} FROM orders AS o WHERE o.id < $1::uuid ORDER BY o.id DESC LIMIT $2`,
);

/** Orders of a user, or, where `userId` is null, of everyone, newest first. */
export async function listOrders(db: Executor, userId: string | null, before: string, rows: number): Promise<OrderReadAt[]> {
  const found =
    userId === null ? await db.query(listAllStatement, [before, rows]) : await db.query(listOwnStatement, [before, rows, userId]);
  return readLines(db, found);
}

async function readLines(db: Executor, rows: readonly Row[]): Promise<OrderReadAt[]> {
  if (rows.length === 0) return [];
  return withLines(rows, await db.query(linesStatement, [rows.map((row) => row.userId), rows.map((row) => row.id)]));
}

const dueStatement: Statement<{ due: boolean }> = statement(
  'order.anyDue',
  `SELECT EXISTS (
     SELECT FROM (SELECT o.expires_at FROM orders AS o WHERE ${DUE_INDEXED} ORDER BY o.expires_at LIMIT 1) AS next
      WHERE next.expires_at <= clock_timestamp() + $1 * interval '1 millisecond') AS due`,
);

/** Whether any unpaid order is past its time. */
export async function anyDue(db: Executor, clockOffsetMs: number): Promise<boolean> {
  return (await db.query(dueStatement, [clockOffsetMs]))[0]?.due === true;
}

/** An order as a row of the export; `lines` as `2 x SKU; 1 x SKU`. */
export type ExportedOrder = OrderRow & { readonly lines: string; readonly now: Date };

const exportStatement = statement<ExportedOrder>(
  'order.export',
  `SELECT ${COLUMNS},
          (SELECT string_agg(l.quantity || ' x ' || l.sku, '; ' ORDER BY l.line)
             FROM order_line AS l WHERE l.user_id = o.user_id AND l.order_id = o.id) AS lines
     FROM orders AS o WHERE o.id > $1::uuid AND o.id < $2::uuid ORDER BY o.id LIMIT $3`,
);

/** Orders between two ids, both excluded, the oldest first. */
export async function exportOrders(db: Executor, after: string, before: string, rows: number): Promise<ExportedOrder[]> {
  return db.query(exportStatement, [after, before, rows]);
}
