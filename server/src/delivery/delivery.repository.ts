/** SQL of what staff see of `outbox_event`, `delivery` and `delivery_attempt`, and of replays, which make deliveries due again. */
import { type Executor, statement, type Transaction, type Writes } from '../database/database.ts';
import { lowestIdAt } from '../kernel/ids.ts';
import type { Attempt, Delivery, DeliveryFilter, OrderEvents, ReplayFilter } from './delivery.types.ts';

const DELIVERY_COLUMNS = `d.id, d.event_id AS "eventId", d.type, d.destination, d.status, d.attempts, d.last_error AS "lastError",
  d.created_at AS "createdAt", d.next_attempt_at AS "nextAttemptAt"`;

// Replays ------------------------------------------------------------------------------------------------------

const lockStatement = statement<Delivery>(
  'delivery.lock',
  `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
);

export async function lockDeliveries(tx: Transaction, ids: readonly string[]): Promise<Map<string, Delivery>> {
  const rows = ids.length > 0 ? await tx.query(lockStatement, [ids]) : [];
  return new Map(rows.map((row) => [row.id, row]));
}

/** $1–$5 of a filter; null stands for any. */
const MATCHES = `($1::text IS NULL OR d.status = $1) AND ($2::text IS NULL OR d.destination = $2) AND ($3::text IS NULL OR d.type = $3)
  AND ($4::timestamptz IS NULL OR d.created_at >= $4) AND ($5::timestamptz IS NULL OR d.created_at < $5)`;

function filterValues({ status, destination, type, from, to }: DeliveryFilter): (string | null)[] {
  return [status ?? null, destination ?? null, type ?? null, from ?? null, to ?? null];
}

const SETTLED = `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE ${MATCHES} AND d.destination = $2 AND d.id > $6::uuid`;
const lockSettledStatement = statement<Delivery>(
  'delivery.lockSettled',
  `${SETTLED} AND d.status <> 'pending' ORDER BY d.id LIMIT $7 FOR UPDATE`,
);
// With status and destination as they are in the index of the failed, no plan has to walk through all that was delivered to find them.
const lockFailedStatement = statement<Delivery>(
  'delivery.lockFailed',
  `${SETTLED} AND d.status = 'failed' ORDER BY d.id LIMIT $7 FOR UPDATE`,
);

/** Locks settled deliveries to a destination with ids above `after`, the oldest first. */
export async function lockMatching(tx: Transaction, filter: ReplayFilter, after: string, limit: number): Promise<Delivery[]> {
  const lock = filter.status === 'failed' ? lockFailedStatement : lockSettledStatement;
  return tx.query(lock, [...filterValues(filter), after, limit]);
}

const replayStatement = statement(
  'delivery.replay',
  `UPDATE delivery SET status = 'pending', attempts = 0, next_attempt_at = $2, leased_until = NULL, claims = claims + 1
    WHERE id = ANY ($1::uuid[]) AND NOT (status = 'pending' AND leased_until IS NOT NULL AND leased_until > $2)`,
);

/** Makes deliveries due again, but for one that is just on its way; they keep the ids of their events, and who has claimed one before has lost it. */
export function replayDeliveries(writes: Writes, ids: readonly string[], now: Date): void {
  if (ids.length > 0) writes.add(replayStatement, [ids, now]);
}

// Reads --------------------------------------------------------------------------------------------------------

const LIST = `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE ${MATCHES} AND d.id < $6::uuid`;
const listStatement = statement<Delivery>('delivery.list', `${LIST} ORDER BY d.id DESC LIMIT $7`);
// With the status as a constant, the few that are not delivered are found by the indexes of their own.
const listPendingStatement = statement<Delivery>('delivery.listPending', `${LIST} AND d.status = 'pending' ORDER BY d.id DESC LIMIT $7`);
const listFailedStatement = statement<Delivery>('delivery.listFailed', `${LIST} AND d.status = 'failed' ORDER BY d.id DESC LIMIT $7`);

const LISTS = { pending: listPendingStatement, failed: listFailedStatement, delivered: listStatement } as const;

/** Newest first. */
export async function listDeliveries(db: Executor, filter: DeliveryFilter, before: string, rows: number): Promise<Delivery[]> {
  const list = filter.status === undefined ? listStatement : LISTS[filter.status];
  return db.query(list, [...filterValues(filter), before, rows]);
}

const findStatement = statement<Delivery>('delivery.find', `SELECT ${DELIVERY_COLUMNS} FROM delivery AS d WHERE d.id = $1`);
const attemptsStatement = statement<Attempt>(
  'delivery.attempts',
  `SELECT claim AS number, started_at AS "startedAt", duration_ms AS "durationMs", outcome, status_code AS "statusCode", answer
     FROM delivery_attempt WHERE delivery_id = $1 ORDER BY claim DESC LIMIT $2`,
);

/** A delivery with its last `attemptsMax` attempts, the newest first. */
export async function findDelivery(
  db: Executor,
  deliveryId: string,
  attemptsMax: number,
): Promise<(Delivery & { readonly log: readonly Attempt[] }) | null> {
  const [[delivery], log] = await Promise.all([
    db.query(findStatement, [deliveryId]),
    db.query(attemptsStatement, [deliveryId, attemptsMax]),
  ]);
  return delivery === undefined ? null : { ...delivery, log };
}

// What belongs to one order -----------------------------------------------------------------------------------

const eventsAtStatement = statement<OrderEvents['events'][number]>(
  'outbox.ofOrder',
  `SELECT e.id, e.type, e.sequence, e.created_at AS "createdAt"
     FROM outbox_event AS e WHERE e.id >= $1::uuid AND e.id < $2::uuid AND e.order_id = $3 ORDER BY e.id`,
);

const deliveriesAtStatement = statement<Delivery>(
  'delivery.ofEvents',
  `SELECT ${DELIVERY_COLUMNS}
     FROM delivery AS d WHERE d.id >= $1::uuid AND d.id < $2::uuid AND d.event_id = ANY ($3::uuid[]) ORDER BY d.id`,
);

/** The events of an order's effect at `moment`, with their deliveries: the ids of both are stamped with the time of the effect. */
export async function findEventsAt(db: Executor, orderId: string, moment: Date): Promise<Pick<OrderEvents, 'events' | 'deliveries'>> {
  const range = [lowestIdAt(moment), lowestIdAt(new Date(moment.getTime() + 1))];
  const events = await db.query(eventsAtStatement, [...range, orderId]);
  const deliveries = events.length > 0 ? await db.query(deliveriesAtStatement, [...range, events.map((event) => event.id)]) : [];
  return { events, deliveries };
}

const attemptsOfStatement = statement<OrderEvents['attempts'][number]>(
  'delivery.attemptsOf',
  `SELECT delivery_id AS "deliveryId", claim AS number, started_at AS "startedAt", duration_ms AS "durationMs", outcome,
          status_code AS "statusCode", answer
     FROM delivery_attempt WHERE delivery_id = ANY ($1::uuid[]) ORDER BY delivery_id, claim LIMIT $2`,
);

/** The attempts of deliveries, the oldest of each first. */
export async function findAttempts(db: Executor, deliveryIds: readonly string[], rows: number): Promise<OrderEvents['attempts']> {
  return deliveryIds.length > 0 ? db.query(attemptsOfStatement, [deliveryIds, rows]) : [];
}
