/**
 * Spreads the tables over the workers of a Citus cluster, after the ordinary migrations; see `docs/scaling.md`.
 *
 * What a user owns lies with its user, stock with its option, a coupon by itself. The catalogue is small, read by everyone and written by staff
 * alone, so every node has all of it. What is not named here stays on the coordinator.
 */
import type pg from 'pg';
import { connectAlone } from './alone.ts';
import type { ConnectionTarget } from './database.ts';

/** A table and the statement that gives it its place; in an order in which every table comes after those it refers to. */
interface Placement {
  readonly table: string;
  readonly sql: string;
}

const PLACEMENTS: readonly Placement[] = [
  { table: 'product', sql: "SELECT create_reference_table('product')" },
  // A SKU is unique in the whole shop, which Citus promises of a table that is on every node alone.
  { table: 'product_option', sql: "SELECT create_reference_table('product_option')" },

  { table: 'stock', sql: "SELECT create_distributed_table('stock', 'option_id', colocate_with => 'none')" },
  { table: 'stock_adjustment', sql: "SELECT create_distributed_table('stock_adjustment', 'option_id', colocate_with => 'stock')" },
  { table: 'coupon', sql: "SELECT create_distributed_table('coupon', 'id', colocate_with => 'stock')" },

  { table: 'order_customer', sql: "SELECT create_distributed_table('order_customer', 'user_id', colocate_with => 'none')" },
  { table: 'orders', sql: "SELECT create_distributed_table('orders', 'user_id', colocate_with => 'order_customer')" },
  { table: 'order_line', sql: "SELECT create_distributed_table('order_line', 'user_id', colocate_with => 'order_customer')" },
  { table: 'payment', sql: "SELECT create_distributed_table('payment', 'user_id', colocate_with => 'order_customer')" },
  { table: 'refund', sql: "SELECT create_distributed_table('refund', 'user_id', colocate_with => 'order_customer')" },
  { table: 'user_coupon', sql: "SELECT create_distributed_table('user_coupon', 'user_id', colocate_with => 'order_customer')" },
  { table: 'balance', sql: "SELECT create_distributed_table('balance', 'user_id', colocate_with => 'order_customer')" },
  { table: 'balance_entry', sql: "SELECT create_distributed_table('balance_entry', 'user_id', colocate_with => 'order_customer')" },

  // Every batch with an effect writes to it, last of all. It stays on the coordinator, where its row is there the moment the coordinator has
  // decided to commit; and Citus has to know of it, or it would commit what a batch did on one worker alone before, and apart from, this row.
  { table: 'idempotency_key', sql: "SELECT citus_add_local_table_to_metadata('idempotency_key')" },
];

const HAS_CITUS = "SELECT count(*)::int AS count FROM pg_extension WHERE extname = 'citus'";
const WORKERS = 'SELECT count(*)::int AS count FROM citus_get_active_worker_nodes()';
const PLACED = `SELECT table_name::text AS "table" FROM citus_tables WHERE citus_table_type IN ('distributed', 'reference')
                UNION ALL SELECT 'idempotency_key' FROM pg_dist_partition WHERE logicalrelid = 'idempotency_key'::regclass`;
/** Two that distribute at once come one after the other; the number means nothing else. */
const ONE_AT_A_TIME = 'SELECT pg_advisory_xact_lock(7236941)';
/** Within one transaction, reference tables and tables that refer to them are made over one connection a worker. */
const ONE_CONNECTION = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'";
const NO_TIME_LIMIT = 'SET LOCAL statement_timeout = 0';

/** The database cannot be distributed; the message says what to do. */
export class DistributionError extends Error {
  override readonly name = 'DistributionError';
}

/**
 * Gives every table its place that has none yet, all in one transaction; rows that are there already move along. Gives the names of those placed,
 * and none on a second run. Servers that run meanwhile have to be started anew.
 *
 * @throws DistributionError where the database is no coordinator of a Citus cluster with workers.
 */
export async function distribute(target: ConnectionTarget, log: (message: string) => void): Promise<string[]> {
  const client = await connectAlone(target, 'distribute');
  try {
    await refuseWithoutWorkers(client);
    await client.query('BEGIN');
    for (const sql of [NO_TIME_LIMIT, ONE_CONNECTION, ONE_AT_A_TIME]) await client.query(sql);
    const { rows } = await client.query<{ table: string }>(PLACED);
    const placed = new Set(rows.map(({ table }) => table));
    const missing = PLACEMENTS.filter(({ table }) => !placed.has(table));
    for (const { sql } of missing) await client.query(sql);
    await client.query('COMMIT');
    for (const { table } of missing) log(`distributed ${table}`);
    return missing.map(({ table }) => table);
  } finally {
    // Also ends a transaction that failed.
    await client.end();
  }
}

async function refuseWithoutWorkers(client: pg.Client): Promise<void> {
  const count = async (sql: string): Promise<number> => (await client.query<{ count: number }>(sql)).rows[0]?.count ?? 0;
  if ((await count(HAS_CITUS)) === 0) {
    throw new DistributionError('this database has no extension citus: CREATE EXTENSION citus in it and in the databases of the workers');
  }
  if ((await count(WORKERS)) === 0) {
    throw new DistributionError('this database knows of no workers: add them with citus_add_node on the coordinator');
  }
}
