/** A shop that has paid events to deliver, all of them due: written set-based, with nothing behind them but what the relay reads. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../server/src/database/database.ts';
import { idAt } from './history.ts';

const START_MS = '(extract(epoch FROM now())::bigint * 1000 - 3600000)';

/** Events of one batch, as a busy shop has them. */
const BATCH = 100;

/** Fills an empty database that has all migrations with `events` paid orders' events for the destination of that name. */
export async function writeBacklog(target: ConnectionTarget, destination: string, events: number): Promise<void> {
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  try {
    await client.query('SET synchronous_commit = off');
    const orderId = idAt(START_MS, 'n + 1000000000');
    await client.query(
      `INSERT INTO outbox_batch (created_at, events, destinations, deliveries, content)
       SELECT now() - interval '1 hour', count(*), ARRAY['${destination}'], ARRAY[count(*)::integer], jsonb_agg(jsonb_build_object(
                'id', ${idAt(START_MS, 'n')}, 'type', 'order.paid', 'subject', ${orderId}, 'userId', 'customer-' || n % 40000, 'orderId', ${orderId},
                'sequence', 2, 'deliveries', jsonb_build_array(jsonb_build_object('id', ${idAt(START_MS, 'n')}, 'destination', '${destination}')),
                'payload', jsonb_build_object('orderId', ${orderId}, 'userId', 'customer-' || n % 40000, 'sequence', 2, 'subtotal', 10000,
                  'discount', 0, 'amount', 10000, 'userCouponId', NULL,
                  'lines', jsonb_build_array(jsonb_build_object('sku', 'H-1', 'name', 'Product', 'unitPrice', 10000, 'quantity', 1))))
                ORDER BY n)::text
         FROM generate_series(1, ${events}) AS n GROUP BY n / ${BATCH} ORDER BY n / ${BATCH}`,
    );
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
