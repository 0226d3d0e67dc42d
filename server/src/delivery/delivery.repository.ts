/** All SQL of the tables `outbox_event` and `delivery`. */
import { type Executor, statement, type Transaction, type Writes } from '../database/database.ts';
import type { ClaimedDelivery, Delivery, DeliveryStatus, OutboxEvent } from './delivery.types.ts';

const DELIVERY_COLUMNS = `d.id, d.event_id AS "eventId", d.type, d.destination, d.status, d.attempts, d.last_error AS "lastError",
  d.created_at AS "createdAt", d.next_attempt_at AS "nextAttemptAt"`;

const recordStatement = statement(
  'outbox.record',
  `WITH event AS (
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[])
       AS new (id, delivery_id, type, user_id, order_id, payload)),
   recorded AS (
     INSERT INTO outbox_event (id, type, user_id, order_id, payload, created_at)
     SELECT id, type, user_id, order_id, payload::jsonb, $7 FROM event)
   INSERT INTO delivery (id, event_id, type, destination, status, attempts, created_at, next_attempt_at)
   SELECT delivery_id, id, type, $8, 'pending', 0, $7, $7 FROM event`,
);

/** Writes events with their deliveries, in the transaction of the effect. */
export function recordEvents(writes: Writes, events: readonly OutboxEvent[], destination: string, now: Date): void {
  if (events.length === 0) return;
  writes.add(recordStatement, [
    events.map((e) => e.id),
    events.map((e) => e.deliveryId),
    events.map((e) => e.type),
    events.map((e) => e.userId),
    events.map((e) => e.orderId),
    events.map((e) => JSON.stringify(e.payload)),
    now,
    destination,
  ]);
}

const claimStatement = statement<ClaimedDelivery>(
  'delivery.claim',
  `WITH due AS (
     SELECT id FROM delivery
      WHERE status = 'pending' AND next_attempt_at <= clock_timestamp() + $3 * interval '1 millisecond'
      ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED),
   claimed AS (
     UPDATE delivery AS d
        SET attempts = d.attempts + 1, next_attempt_at = clock_timestamp() + ($3 + $2) * interval '1 millisecond'
       FROM due WHERE d.id = due.id
     RETURNING d.id, d.event_id, d.type, d.attempts)
   SELECT c.id, c.event_id AS "eventId", c.type, c.attempts, e.payload, e.created_at AS "createdAt"
     FROM claimed AS c JOIN outbox_event AS e ON e.id = c.event_id
    ORDER BY c.event_id`,
);

/** Claims due deliveries for `leaseMs`: no other relay sees them until then, and a relay that dies gives them back. */
export async function claimDue(db: Executor, limit: number, leaseMs: number, clockOffsetMs: number): Promise<ClaimedDelivery[]> {
  return db.query(claimStatement, [limit, leaseMs, clockOffsetMs]);
}

const deliveredStatement = statement(
  'delivery.delivered',
  `UPDATE delivery AS d SET status = 'delivered', last_error = NULL, next_attempt_at = NULL
     FROM unnest($1::uuid[], $2::integer[]) AS done (id, attempts)
    WHERE d.id = done.id AND d.attempts = done.attempts AND d.status = 'pending'`,
);

/** Marks claims delivered; one whose lease another relay has taken over meanwhile is left to that relay. */
export async function markDelivered(db: Executor, claims: readonly ClaimedDelivery[]): Promise<void> {
  if (claims.length === 0) return;
  await db.query(deliveredStatement, [claims.map((c) => c.id), claims.map((c) => c.attempts)]);
}

const failedStatement = statement(
  'delivery.attemptFailed',
  `UPDATE delivery
      SET last_error = $3,
          status = CASE WHEN $4::double precision IS NULL THEN 'failed' ELSE 'pending' END,
          next_attempt_at = clock_timestamp() + ($4 + $5) * interval '1 millisecond'
    WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
);

/** Keeps the error of an attempt, and the delay until the next one; null: there is none, the delivery has failed. */
export async function markAttemptFailed(
  db: Executor,
  claim: ClaimedDelivery,
  error: string,
  retryInMs: number | null,
  clockOffsetMs: number,
): Promise<void> {
  await db.query(failedStatement, [claim.id, claim.attempts, error, retryInMs, clockOffsetMs]);
}

const lockStatement = statement<Delivery>(
  'delivery.lock',
  `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
);

export async function lockDeliveries(tx: Transaction, ids: readonly string[]): Promise<Map<string, Delivery>> {
  const rows = await tx.query(lockStatement, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const replayStatement = statement(
  'delivery.replay',
  `UPDATE delivery SET status = 'pending', attempts = 0, next_attempt_at = $2 WHERE id = ANY ($1::uuid[])`,
);

/** Makes deliveries due again; they keep the ids of their events. */
export function replayDeliveries(writes: Writes, ids: readonly string[], now: Date): void {
  writes.add(replayStatement, [ids, now]);
}

const listStatement = statement<Delivery>(
  'delivery.list',
  `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE d.id < $1::uuid ORDER BY d.id DESC LIMIT $2`,
);
const listByStatusStatement = statement<Delivery>(
  'delivery.listByStatus',
  `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE d.status = $3 AND d.id < $1::uuid ORDER BY d.id DESC LIMIT $2`,
);

/** Newest first. */
export async function listDeliveries(db: Executor, status: DeliveryStatus | undefined, before: string, rows: number): Promise<Delivery[]> {
  return status === undefined ? db.query(listStatement, [before, rows]) : db.query(listByStatusStatement, [before, rows, status]);
}
