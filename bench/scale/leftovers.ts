/** What retention finds in a shop where it has not run for days: keys, events, deliveries and attempts that nobody needs any more. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../server/src/database/database.ts';
import { idAt } from './history.ts';

const DAYS = 90;
const START_MS = `(extract(epoch FROM now())::bigint * 1000 - ${DAYS}::bigint * 86400000)`;
const AT = `to_timestamp((${START_MS} + n) / 1000.0)`;
const ID = idAt(`(${START_MS} + n)`, 'n');
/** One row in so many is a key; the others are an event, its delivery and its attempt. */
const KINDS = 4;

/** Writes `rows` of them, a quarter of each kind. */
export async function writeLeftovers(target: ConnectionTarget, rows: number): Promise<void> {
  const numbers = `generate_series(1, ${Math.floor(rows / KINDS)}) AS n`;
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  try {
    await client.query('SET synchronous_commit = off');
    // One transaction has one now(), from which the ids are made.
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
       SELECT 'customer-' || n % 40000, 'order.create', md5(n::text), repeat('0', 64), 201, repeat('x', 300), ${ID}, ${AT} FROM ${numbers}`,
    );
    await client.query(
      `INSERT INTO outbox_event (id, type, user_id, order_id, sequence, payload, created_at)
       SELECT ${ID}, 'order.placed', 'customer-' || n % 40000, ${ID}, 2, jsonb_build_object('orderId', ${ID}, 'amount', 10000), ${AT} FROM ${numbers}`,
    );
    await client.query(
      `INSERT INTO delivery (id, event_id, type, destination, status, attempts, created_at)
       SELECT ${ID}, ${ID}, 'order.placed', 'log', 'delivered', 1, ${AT} FROM ${numbers}`,
    );
    await client.query(
      `INSERT INTO delivery_attempt (delivery_id, claim, started_at, duration_ms, outcome) SELECT ${ID}, 1, ${AT}, 1, 'delivered' FROM ${numbers}`,
    );
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
