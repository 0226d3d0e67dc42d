/** The order tables' reads for clients. */
import { type Executor, type Statement, statement } from '../database/database.ts';
import { HIGHEST_ID } from '../kernel/ids.ts';
import type { Found, Stretch } from '../kernel/paging.ts';
import { DUE_INDEXED, LINES_OF_ORDERS, ORDER_COLUMNS, type OrderLineRow, type OrderRow, withLines } from './order.repository.ts';
import type { Order, OrderedUnits, OrderStatus } from './order.types.ts';

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

/** What a list of orders is narrowed to. */
export interface OrderQuery {
  /** null: everyone's. */
  readonly userId: string | null;
  /** As it is told at `now`, which is the database's time moved by `clockOffsetMs`. */
  readonly status: OrderStatus | null;
  readonly clockOffsetMs: number;
  /** Ids from the first to the second, both included, and below the third. */
  readonly ids: readonly [lowest: string, highest: string, before: string];
  readonly rows: number;
}

const OWN = 'o.user_id = $4';
const WITHIN = 'o.id >= $1::uuid AND o.id <= $2::uuid AND o.id < $3::uuid';
const listStatement = (name: string, owner: string, rows: string): Statement<Row> =>
  statement(`order.list${name}`, `SELECT ${COLUMNS} FROM orders AS o WHERE ${WITHIN} ${owner} ORDER BY o.id DESC LIMIT ${rows}`);
const listOwnStatement = listStatement('Own', `AND ${OWN}`, '$5');
const listAllStatement = listStatement('All', '', '$4');

/** Orders, newest first, of any status. */
async function listAnyStatus(db: Executor, { userId, ids, rows }: OrderQuery): Promise<OrderReadAt[]> {
  return readLines(
    db,
    await (userId === null ? db.query(listAllStatement, [...ids, rows]) : db.query(listOwnStatement, [...ids, userId, rows])),
  );
}

/**
 * Orders that one page of a status looks at. No index tells the status of an order, which every change would have to keep; so a page looks at
 * so many, shows what it finds among them, and says where to go on.
 */
const SEEN_MAX = 5000;

const statusStatement = (name: string, owner: string): Statement<Row> =>
  statement(
    `order.listStatus${name}`,
    `WITH seen AS MATERIALIZED (SELECT * FROM orders AS o WHERE ${WITHIN} ${owner} ORDER BY o.id DESC LIMIT ${SEEN_MAX})
     SELECT ${COLUMNS} FROM seen AS o
      WHERE $5 = CASE WHEN o.status = 'pending' AND o.expires_at <= clock_timestamp() + $6 * interval '1 millisecond' THEN 'expired' ELSE o.status END
      ORDER BY o.id DESC LIMIT $7`,
  );
const lastSeenStatement = (name: string, owner: string): Statement<{ id: string }> =>
  statement(
    `order.lastSeen${name}`,
    `SELECT o.id FROM orders AS o WHERE ${WITHIN} ${owner} ORDER BY o.id DESC OFFSET ${SEEN_MAX - 1} LIMIT 1`,
  );
const ANYONE = 'AND $4::text IS NULL';
const STATUS = {
  own: { list: statusStatement('Own', `AND ${OWN}`), lastSeen: lastSeenStatement('Own', `AND ${OWN}`) },
  all: { list: statusStatement('All', ANYONE), lastSeen: lastSeenStatement('All', ANYONE) },
};

/** Orders, newest first; `lastSeen` is the last one that was looked at where more may follow it, null where `orders` tells. */
export async function listOrders(
  db: Executor,
  query: OrderQuery,
): Promise<{ readonly orders: readonly OrderReadAt[]; readonly lastSeen: string | null }> {
  const { userId, status, clockOffsetMs, ids, rows } = query;
  if (status === null) return { orders: await listAnyStatus(db, query), lastSeen: null };
  const { list, lastSeen } = userId === null ? STATUS.all : STATUS.own;
  const found = await db.query(list, [...ids, userId, status, clockOffsetMs, rows]);
  const orders = await readLines(db, found);
  if (found.length === rows) return { orders, lastSeen: null };
  const [last] = await db.query(lastSeen, [...ids, userId]);
  return { orders, lastSeen: last?.id ?? null };
}

const orderedUnitsStatement = statement<OrderedUnits>(
  'order.unitsOfOption',
  `SELECT o.id, o.user_id AS "userId", o.status, o.created_at AS "createdAt", o.expires_at AS "expiresAt", o.paid_at AS "paidAt",
          o.ended_at AS "endedAt", l.quantity
     FROM (SELECT * FROM orders WHERE id >= $2::uuid AND id < $3::uuid ORDER BY id DESC LIMIT ${SEEN_MAX}) AS o
     JOIN order_line AS l ON l.user_id = o.user_id AND l.order_id = o.id
    WHERE l.option_id = $1
    ORDER BY o.id DESC LIMIT $4`,
);

/** What orders took of an option, newest first. No index tells the orders of an option either, so this looks at so many of them, too. */
export async function listOrderedUnits(db: Executor, optionId: string, { first, before, rows }: Stretch): Promise<Found<OrderedUnits>> {
  const found = await db.query(orderedUnitsStatement, [optionId, first, before, rows]);
  if (found.length === rows) return { rows: found, lastSeen: null };
  const [last] = await db.query(STATUS.all.lastSeen, [first, HIGHEST_ID, before, null]);
  return { rows: found, lastSeen: last?.id ?? null };
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
