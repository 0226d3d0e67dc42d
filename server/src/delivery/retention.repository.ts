/** SQL of the tables of the delivery feature: deleting what is old, in bounded batches. */
import { type Executor, statement } from '../database/database.ts';
import { lowestIdAt } from '../kernel/ids.ts';

// What an enabled destination has still to get is kept, however old, and with it all that is younger.
const horizonStatement = statement<{ before: Date }>(
  'delivery.horizon',
  `SELECT least($1::timestamptz, min(d.created_at), (SELECT created_at FROM outbox_batch ORDER BY position LIMIT 1)) AS before
     FROM delivery AS d JOIN destination AS t ON t.name = d.destination AND t.enabled
    WHERE d.status = 'pending'`,
);

const forgetDeliveriesStatement = statement<{ forgotten: number }>(
  'delivery.forget',
  `WITH old AS MATERIALIZED (
     SELECT d.id FROM delivery AS d
      WHERE d.id < $1::uuid AND (d.status <> 'pending' OR EXISTS (SELECT 1 FROM destination AS t WHERE t.name = d.destination AND NOT t.enabled))
      ORDER BY d.id LIMIT $2),
   attempts AS (DELETE FROM delivery_attempt AS a USING old WHERE a.delivery_id = old.id),
   gone AS (DELETE FROM delivery AS d USING old WHERE d.id = old.id RETURNING 1)
   SELECT count(*) AS forgotten FROM gone`,
);

const forgetEventsStatement = statement<{ forgotten: number }>(
  'outbox.forget',
  `WITH old AS MATERIALIZED (SELECT id FROM outbox_event WHERE id < $1::uuid ORDER BY id LIMIT $2),
   gone AS (DELETE FROM outbox_event AS e USING old WHERE e.id = old.id RETURNING 1)
   SELECT count(*) AS forgotten FROM gone`,
);

const moveHorizonStatement = statement('outbox.moveHorizon', 'UPDATE outbox_horizon SET forgotten_before = greatest(forgotten_before, $1)');

/** Up to when everything may be deleted: `before`, or the oldest event that an enabled destination has still to get. */
export async function eventHorizon(db: Executor, before: Date): Promise<Date> {
  const [row] = await db.query(horizonStatement, [before]);
  return row?.before ?? before;
}

/** Deletes up to `limit` deliveries made before `until` that are settled, or whose destination is off, with their attempts; gives how many. */
export async function forgetDeliveries(db: Executor, until: Date, limit: number): Promise<number> {
  const [row] = await db.query(forgetDeliveriesStatement, [lowestIdAt(until), limit]);
  return row?.forgotten ?? 0;
}

/** Says that events made before `until` may be missing from now on; the audit asks for all younger ones. */
export async function moveEventHorizon(db: Executor, until: Date): Promise<void> {
  await db.query(moveHorizonStatement, [until]);
}

/** Deletes up to `limit` events made before `until`; gives how many. */
export async function forgetRecordedEvents(db: Executor, until: Date, limit: number): Promise<number> {
  const [row] = await db.query(forgetEventsStatement, [lowestIdAt(until), limit]);
  return row?.forgotten ?? 0;
}
