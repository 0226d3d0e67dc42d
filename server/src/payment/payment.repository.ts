/** All SQL of the tables `payment` and `refund`. */
import { type Executor, inShardsOf, statement, type Transaction, type Writes } from '../database/database.ts';
import type { Found, Stretch } from '../kernel/paging.ts';
import type { Payment, Refund, RestockedUnits } from './payment.types.ts';

const PAYMENT_COLUMNS = `p.id, p.user_id AS "userId", p.order_id AS "orderId", p.subtotal, p.discount, p.amount, p.refunded, p.refunds,
  p.balance_after AS "balanceAfter", p.paid_at AS "paidAt"`;

const ordersOfStatement = statement<{ orderId: string; userId: string }>(
  'payment.ordersOf',
  'SELECT p.order_id AS "orderId", p.user_id AS "userId" FROM payment AS p WHERE p.id = ANY ($1::uuid[])',
);

/** Which orders the payments are of; read without a lock, for that never changes. */
export async function ordersOfPayments(tx: Transaction, paymentIds: readonly string[]): Promise<{ orderId: string; userId: string }[]> {
  return paymentIds.length > 0 ? tx.query(ordersOfStatement, [paymentIds]) : [];
}

const readStatement = statement<Payment>('payment.read', `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.id = ANY ($1::uuid[])`);

/** Payments by id. A payment is guarded by the lock of its order, so this is read after that one. */
export async function readPayments(tx: Transaction, paymentIds: readonly string[]): Promise<Map<string, Payment>> {
  const rows = paymentIds.length > 0 ? await tx.query(readStatement, [paymentIds]) : [];
  return new Map(rows.map((row) => [row.id, row]));
}

const insertStatement = statement(
  'payment.insert',
  `INSERT INTO payment (user_id, id, order_id, subtotal, discount, amount, balance_after, paid_at)
   SELECT user_id, id, order_id, subtotal, discount, amount, balance_after, $8
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       AS new (user_id, id, order_id, subtotal, discount, amount, balance_after)`,
);

export function insertPayments(writes: Writes, payments: readonly Payment[], now: Date): void {
  if (payments.length === 0) return;
  writes.add(insertStatement, [
    payments.map((p) => p.userId),
    payments.map((p) => p.id),
    payments.map((p) => p.orderId),
    payments.map((p) => p.subtotal),
    payments.map((p) => p.discount),
    payments.map((p) => p.amount),
    payments.map((p) => p.balanceAfter),
    now,
  ]);
}

const updateStatement = statement(
  'payment.update',
  inShardsOf(
    'p.user_id = ANY ($1::text[])',
    `UPDATE payment AS p SET refunded = new.refunded, refunds = new.refunds
     FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::integer[]) AS new (user_id, id, refunded, refunds)
    WHERE p.user_id = new.user_id AND p.id = new.id`,
  ),
);

/** Writes what was refunded of payments as it now is. */
export function savePayments(writes: Writes, payments: readonly Payment[]): void {
  if (payments.length === 0) return;
  writes.add(updateStatement, [
    payments.map((p) => p.userId),
    payments.map((p) => p.id),
    payments.map((p) => p.refunded),
    payments.map((p) => p.refunds),
  ]);
}

const insertRefundsStatement = statement(
  'refund.insert',
  `INSERT INTO refund (user_id, payment_id, id, order_id, amount, lines, restocked, balance_after, reason, staff_id, created_at)
   SELECT user_id, payment_id, id, order_id, amount, lines::jsonb, restocked, balance_after, reason, staff_id, $11
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::boolean[], $8::bigint[], $9::text[], $10::text[])
       AS new (user_id, payment_id, id, order_id, amount, lines, restocked, balance_after, reason, staff_id)`,
);

export function insertRefunds(writes: Writes, refunds: readonly Refund[], now: Date): void {
  if (refunds.length === 0) return;
  writes.add(insertRefundsStatement, [
    refunds.map((r) => r.userId),
    refunds.map((r) => r.paymentId),
    refunds.map((r) => r.id),
    refunds.map((r) => r.orderId),
    refunds.map((r) => r.amount),
    refunds.map((r) => JSON.stringify(r.lines)),
    refunds.map((r) => r.restocked),
    refunds.map((r) => r.balanceAfter),
    refunds.map((r) => r.reason),
    refunds.map((r) => r.staffId),
    now,
  ]);
}

// Reads; `userId` null stands for anyone's ---------------------------------------------------------------------

const findOwnStatement = statement<Payment>(
  'payment.getOwn',
  `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.user_id = $1 AND p.id = $2`,
);
const findAnyStatement = statement<Payment>('payment.getAny', `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.id = $1`);

export async function findPayment(db: Executor, userId: string | null, paymentId: string): Promise<Payment | null> {
  const rows = userId === null ? await db.query(findAnyStatement, [paymentId]) : await db.query(findOwnStatement, [userId, paymentId]);
  return rows[0] ?? null;
}

const listOwnStatement = statement<Payment>(
  'payment.listOwn',
  `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.user_id = $3 AND p.id < $1::uuid ORDER BY p.id DESC LIMIT $2`,
);
const listAllStatement = statement<Payment>(
  'payment.listAll',
  `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.id < $1::uuid ORDER BY p.id DESC LIMIT $2`,
);

/** Newest first. */
export async function listPayments(db: Executor, userId: string | null, before: string, rows: number): Promise<Payment[]> {
  return userId === null ? db.query(listAllStatement, [before, rows]) : db.query(listOwnStatement, [before, rows, userId]);
}

const exportStatement = statement<Payment>(
  'payment.export',
  `SELECT ${PAYMENT_COLUMNS} FROM payment AS p WHERE p.id > $1::uuid AND p.id < $2::uuid ORDER BY p.id LIMIT $3`,
);

/** Payments between two ids, both excluded, the oldest first. */
export async function exportPayments(db: Executor, after: string, before: string, rows: number): Promise<Payment[]> {
  return db.query(exportStatement, [after, before, rows]);
}

const listRefundsStatement = statement<Refund>(
  'refund.list',
  `SELECT r.id, r.user_id AS "userId", r.payment_id AS "paymentId", r.order_id AS "orderId", r.amount, r.lines, r.restocked,
          r.balance_after AS "balanceAfter", r.reason, r.staff_id AS "staffId", r.created_at AS "createdAt"
     FROM refund AS r WHERE r.user_id = $1 AND r.payment_id = $2 AND r.id < $3::uuid ORDER BY r.id DESC LIMIT $4`,
);

/** The refunds of a payment, newest first. */
export async function listRefunds(db: Executor, payment: Payment, before: string, rows: number): Promise<Refund[]> {
  return db.query(listRefundsStatement, [payment.userId, payment.id, before, rows]);
}

/** Refunds that one page looks at: their lines are inside of them, which no index can tell in the order of time. */
const SEEN_MAX = 5000;
const RESTOCKED = 'r.restocked AND r.id >= $1::uuid AND r.id < $2::uuid';

const restockedStatement = statement<RestockedUnits>(
  'refund.restocked',
  `SELECT r.id, r.user_id AS "userId", r.payment_id AS "paymentId", r.order_id AS "orderId", r.reason, r.staff_id AS "staffId",
          r.created_at AS "createdAt", line.quantity
     FROM (SELECT * FROM refund AS r WHERE ${RESTOCKED} ORDER BY r.id DESC LIMIT ${SEEN_MAX}) AS r
    CROSS JOIN LATERAL jsonb_to_recordset(r.lines) AS line ("optionId" uuid, quantity bigint)
    WHERE line."optionId" = $3
    ORDER BY r.id DESC LIMIT $4`,
);
const lastRestockedStatement = statement<{ id: string }>(
  'refund.lastRestocked',
  `SELECT r.id FROM refund AS r WHERE ${RESTOCKED} ORDER BY r.id DESC OFFSET ${SEEN_MAX - 1} LIMIT 1`,
);

/** What refunds put back on sale of an option, newest first. */
export async function listRestocked(db: Executor, optionId: string, { first, before, rows }: Stretch): Promise<Found<RestockedUnits>> {
  const found = await db.query(restockedStatement, [first, before, optionId, rows]);
  if (found.length === rows) return { rows: found, lastSeen: null };
  const [last] = await db.query(lastRestockedStatement, [first, before]);
  return { rows: found, lastSeen: last?.id ?? null };
}
