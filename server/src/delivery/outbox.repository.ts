/**
 * SQL by which the outbox is filled and emptied: the transactions of effects insert batches (`outbox_batch`), and the relay turns them into rows of
 * `outbox_event` and `delivery`. Those are claimed and settled in `relay.repository.ts`, read and replayed in `delivery.repository.ts`, and deleted in
 * `retention.repository.ts`.
 *
 * One row a batch, with all its events: an event takes a few hundred bytes of a row that is written anyhow, instead of rows and index entries
 * of its own. Those are made by the relay, outside the transactions that somebody waits for.
 */
import { type Executor, statement, type Writes } from '../database/database.ts';
import type { OutboxEvent } from './event.types.ts';

/** An event with the deliveries that its transaction decided on. */
export interface AddressedEvent extends OutboxEvent {
  /** Of the request that caused it, where its trace is kept. */
  readonly traceparent?: string;
  readonly deliveries: readonly { readonly id: string; readonly destination: string }[];
}

const appendStatement = statement(
  'outbox.append',
  'INSERT INTO outbox_batch (created_at, events, destinations, deliveries, content) VALUES ($1, $2, $3, $4, $5)',
);

/** Leaves the events of a batch for the relay, in the transaction of their effects. */
export function appendBatch(writes: Writes, events: readonly AddressedEvent[], now: Date): void {
  if (events.length === 0) return;
  const counts = new Map<string, number>();
  for (const { deliveries } of events) {
    for (const { destination } of deliveries) counts.set(destination, (counts.get(destination) ?? 0) + 1);
  }
  writes.add(appendStatement, [now, events.length, [...counts.keys()], [...counts.values()], JSON.stringify(events)]);
}

/**
 * Takes the oldest batches and makes rows of them. Whoever else does so at this moment is waited for at the first row, so an event never comes
 * before an earlier one of its order: a transaction that saw the earlier effect has the higher position.
 */
const spreadStatement = statement<{ batches: number; events: number }>(
  'outbox.spread',
  `WITH oldest AS MATERIALIZED (SELECT position, events FROM outbox_batch ORDER BY position LIMIT $2 FOR UPDATE),
   chosen AS (SELECT position, sum(events) OVER (ORDER BY position) - events AS before FROM oldest),
   taken AS (
     DELETE FROM outbox_batch AS b USING chosen WHERE b.position = chosen.position AND chosen.before < $1
     RETURNING b.created_at, b.content),
   event AS MATERIALIZED (
     SELECT e.*, taken.created_at
       FROM taken CROSS JOIN LATERAL jsonb_to_recordset(taken.content::jsonb) AS e (
         id uuid, type text, subject text, "userId" text, "orderId" uuid, sequence integer, payload jsonb, traceparent text, deliveries jsonb)),
   recorded AS (
     INSERT INTO outbox_event (id, type, subject, user_id, order_id, sequence, payload, created_at, traceparent)
     SELECT id, type, subject, "userId", "orderId", sequence, payload, created_at, traceparent FROM event),
   addressed AS (
     INSERT INTO delivery (id, event_id, type, order_id, sequence, destination, status, attempts, created_at, next_attempt_at)
     SELECT d.id, e.id, e.type, e."orderId", e.sequence, d.destination, 'pending', 0, e.created_at, e.created_at
       FROM event AS e CROSS JOIN LATERAL jsonb_to_recordset(e.deliveries) AS d (id uuid, destination text))
   SELECT (SELECT count(*) FROM taken) AS batches, (SELECT count(*) FROM event) AS events`,
);

/** Batches that one statement looks at; with it the memory of the statement is bounded. */
const BATCHES_MAX = 256;

/** Makes events and deliveries of the oldest batches, of about `eventsMax` events; gives of how many, and whether there may be more. */
export async function spreadBatches(db: Executor, eventsMax: number): Promise<{ readonly events: number; readonly isMore: boolean }> {
  const [row] = await db.query(spreadStatement, [eventsMax, BATCHES_MAX]);
  const { batches = 0, events = 0 } = row ?? {};
  return { events, isMore: events >= eventsMax || batches === BATCHES_MAX };
}
