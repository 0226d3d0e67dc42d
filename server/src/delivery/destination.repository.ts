/** All SQL of the table `destination`. */
import { type Executor, statement, type Transaction, type Writes } from '../database/database.ts';
import type { Destination } from './destination.types.ts';

const COLUMNS = `name, kind, origin, url, secret, previous_secret AS "previousSecret", previous_secret_until AS "previousSecretUntil",
  event_types AS "eventTypes", enabled, disabled_reason AS "disabledReason", created_at AS "createdAt", updated_at AS "updatedAt"`;

// There are few, and they hardly ever change: one lock for all of them also keeps two from taking one name.
const lockStatement = statement('destination.lock', 'LOCK TABLE destination IN SHARE ROW EXCLUSIVE MODE');
const readStatement = statement<Destination>('destination.read', `SELECT ${COLUMNS} FROM destination ORDER BY name`);

/** All destinations by name, none of which changes before the end of the transaction. */
export async function lockDestinations(tx: Transaction): Promise<Map<string, Destination>> {
  const [, rows] = await Promise.all([tx.query(lockStatement), tx.query(readStatement)]);
  return new Map(rows.map((row) => [row.name, row]));
}

/** By name. */
export async function listDestinations(db: Executor): Promise<Destination[]> {
  return db.query(readStatement);
}

const saveStatement = statement(
  'destination.save',
  `INSERT INTO destination (name, kind, origin, url, secret, previous_secret, previous_secret_until, event_types, enabled, disabled_reason,
                            created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   ON CONFLICT (name) DO UPDATE
      SET url = $4, secret = $5, previous_secret = $6, previous_secret_until = $7, event_types = $8, enabled = $9, disabled_reason = $10,
          updated_at = $12`,
);

export function saveDestinations(writes: Writes, destinations: readonly Destination[]): void {
  for (const d of destinations) {
    writes.add(saveStatement, [
      d.name,
      d.kind,
      d.origin,
      d.url,
      d.secret,
      d.previousSecret,
      d.previousSecretUntil,
      d.eventTypes,
      d.enabled,
      d.disabledReason,
      d.createdAt,
      d.updatedAt,
    ]);
  }
}
