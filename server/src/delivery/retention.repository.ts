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

/** A batch that is deleted: how many, and the last of them, from which the next goes on without passing what is gone. */
interface Forgotten {
  readonly count: number;
  readonly last: string | null;
}

const NOTHING: Forgotten = { count: 0, last: null };
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const forgetDeliveriesStatement = statement<Forgotten>(
  'delivery.forget',
  `WITH old AS MATERIALIZED (
     SELECT d.id FROM delivery AS d
      WHERE d.id < $1::uuid AND d.id > $2::uuid AND (d.status <> 'pending' OR EXISTS (SELECT 1 FROM destination AS t WHERE t.name = d.destination AND NOT t.enabled))
      ORDER BY d.id LIMIT $3),
   attempts AS (DELETE FROM delivery_attempt AS a USING old WHERE a.delivery_id = old.id),
   gone AS (DELETE FROM delivery AS d USING old WHERE d.id = old.id RETURNING d.id)
   SELECT count(*) AS count, (SELECT id FROM gone ORDER BY id DESC LIMIT 1) AS last FROM gone`,
);

/**
 * An event goes after its deliveries, whatever kept one of them: it was replayed, or its destination was turned on, since the horizon was looked at.
 * Their ids begin with the millisecond of the event's, of which there is no index.
 */
const forgetEventsStatement = statement<Forgotten>(
  'outbox.forget',
  `WITH old AS MATERIALIZED (SELECT id FROM outbox_event WHERE id < $1::uuid AND id > $2::uuid ORDER BY id LIMIT $3),
   kept AS MATERIALIZED (
     SELECT DISTINCT event_id FROM delivery
      WHERE id >= (SELECT (left(id::text, 13) || '-0000-0000-000000000000')::uuid FROM old ORDER BY id LIMIT 1)
        AND id <= (SELECT (left(id::text, 13) || '-ffff-ffff-ffffffffffff')::uuid FROM old ORDER BY id DESC LIMIT 1)),
   gone AS (
     DELETE FROM outbox_event AS e USING old WHERE e.id = old.id AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.event_id = e.id) RETURNING e.id)
   SELECT count(*) AS count, (SELECT id FROM gone ORDER BY id DESC LIMIT 1) AS last FROM gone`,
);

const moveHorizonStatement = statement('outbox.moveHorizon', 'UPDATE outbox_horizon SET forgotten_before = greatest(forgotten_before, $1)');

/** Up to when everything may be deleted: `before`, or the oldest event that an enabled destination has still to get. */
export async function eventHorizon(db: Executor, before: Date): Promise<Date> {
  const [row] = await db.query(horizonStatement, [before]);
  return row?.before ?? before;
}

/** Deletes up to `limit` deliveries made before `until`, after the delivery `after`, that are settled or whose destination is off, with their attempts. */
export async function forgetDeliveries(db: Executor, until: Date, after: string | null, limit: number): Promise<Forgotten> {
  const [row] = await db.query(forgetDeliveriesStatement, [lowestIdAt(until), after ?? BEFORE_ALL, limit]);
  return row ?? NOTHING;
}

/** Says that events made before `until` may be missing from now on; the audit asks for all younger ones. */
export async function moveEventHorizon(db: Executor, until: Date): Promise<void> {
  await db.query(moveHorizonStatement, [until]);
}

/** Deletes up to `limit` events made before `until`, after the event `after`, that have no deliveries any more. */
export async function forgetRecordedEvents(db: Executor, until: Date, after: string | null, limit: number): Promise<Forgotten> {
  const [row] = await db.query(forgetEventsStatement, [lowestIdAt(until), after ?? BEFORE_ALL, limit]);
  return row ?? NOTHING;
}
