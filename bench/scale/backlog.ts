/** A shop that has paid events to deliver, all of them due: written set-based, with nothing behind them but what the relay reads. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../server/src/database/database.ts';
import { idAt } from './history.ts';

const START_MS = '(extract(epoch FROM now())::bigint * 1000 - 3600000)';

/** Fills an empty database that has all migrations with `events` paid orders' events for the destination of that name. */
export async function writeBacklog(target: ConnectionTarget, destination: string, events: number): Promise<void> {
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  try {
    await client.query('SET synchronous_commit = off');
    await client.query(
      `INSERT INTO outbox_event (id, type, subject, user_id, order_id, sequence, payload, created_at)
       SELECT ${idAt(START_MS, 'n')}, 'order.paid', ${idAt(START_MS, 'n + 1000000000')}, 'customer-' || n % 40000, ${idAt(START_MS, 'n + 1000000000')}, 2,
              jsonb_build_object('orderId', ${idAt(START_MS, 'n + 1000000000')}, 'userId', 'customer-' || n % 40000, 'sequence', 2, 'subtotal', 10000,
                'discount', 0, 'amount', 10000, 'userCouponId', NULL, 'lines', jsonb_build_array(jsonb_build_object('sku', 'H-1', 'name', 'Product', 'unitPrice', 10000, 'quantity', 1))),
              now() - interval '1 hour'
         FROM generate_series(1, ${events}) AS n`,
    );
    await client.query(
      `INSERT INTO delivery (id, event_id, type, order_id, sequence, destination, status, attempts, created_at, next_attempt_at)
       SELECT id, id, type, order_id, sequence, '${destination}', 'pending', 0, created_at, created_at FROM outbox_event`,
    );
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
