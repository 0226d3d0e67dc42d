/** SQL of the doctor. One of the named exceptions that read across the tables of others; it only reads. */
import { type Executor, statement } from '../database/database.ts';
import { present } from '../kernel/assert.ts';
import type { DatabaseState, EncryptionState, OutboxState, Overdue } from './doctor.types.ts';

/** What is asked of `pg_settings`. */
const SETTINGS = [
  'autovacuum',
  'client_encoding',
  'DateStyle',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'fsync',
  'full_page_writes',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'max_connections',
  'reserved_connections',
  'server_encoding',
  'statement_timeout',
  'superuser_reserved_connections',
  'synchronous_commit',
  'synchronous_standby_names',
  'TimeZone',
  'transaction_timeout',
] as const;

interface ServerRow {
  readonly version: number;
  readonly isInRecovery: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly own: number;
  readonly others: number;
  readonly connectionLimit: number | null;
  readonly unwritableTables: readonly string[];
}

const serverStatement = statement<ServerRow>(
  'doctor.server',
  `SELECT current_setting('server_version_num')::integer AS version,
          pg_is_in_recovery() AS "isInRecovery",
          (SELECT json_object_agg(name, setting) FROM pg_settings WHERE name = ANY ($1)) AS settings,
          (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name LIKE 'openrun %') AS own,
          (SELECT count(*) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND coalesce(application_name, '') NOT LIKE 'openrun %') AS others,
          (SELECT min(maximum) FROM (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user
                                     UNION ALL SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS limits (maximum)
            WHERE maximum >= 0) AS "connectionLimit",
          ARRAY(SELECT c.relname::text
                  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                 WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                   AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
                 ORDER BY c.relname) AS "unwritableTables"`,
);

/** What PostgreSQL says of itself. */
export async function readServer(db: Executor): Promise<DatabaseState> {
  const [row] = await db.query(serverStatement, [SETTINGS]);
  const { settings, own, others, ...rest } = present(row, 'what PostgreSQL says of itself');
  return { ...rest, settings: new Map(Object.entries(settings)), connections: { own, others } };
}

const encryptionStatement = statement<EncryptionState>(
  'doctor.encryption',
  `SELECT ssl AS "isEncrypted", version AS protocol, cipher,
          inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1' AS "isLocal"
     FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
);

/** Whether this connection, and so every other one of the URL, is encrypted. */
export async function readEncryption(db: Executor): Promise<EncryptionState> {
  const [row] = await db.query(encryptionStatement);
  return present(row, 'what PostgreSQL says of this connection');
}

const clockStatement = statement<{ now: Date }>('doctor.clock', 'SELECT clock_timestamp() AS now');

/** The database's clock. */
export async function readClock(db: Executor): Promise<Date> {
  const [row] = await db.query(clockStatement);
  return present(row, 'the time').now;
}

const outboxStatement = statement<OutboxState>(
  'doctor.outbox',
  `SELECT coalesce(sum(events), 0)::bigint AS events,
          coalesce(greatest(extract(epoch FROM statement_timestamp() - min(created_at)), 0), 0)::double precision AS "oldestSeconds"
     FROM outbox_batch`,
);

/** What waits in the outbox for a relay. */
export async function readOutbox(db: Executor): Promise<OutboxState> {
  const [row] = await db.query(outboxStatement);
  return present(row, 'the outbox');
}

const stoppedStatement = statement<{ name: string; reason: string | null }>(
  'doctor.stopped',
  'SELECT name, disabled_reason AS reason FROM destination WHERE NOT enabled ORDER BY name LIMIT 20',
);

/** Destinations that are off, with why. */
export async function readStopped(db: Executor): Promise<{ name: string; reason: string | null }[]> {
  return db.query(stoppedStatement);
}

/** Rows of a table that are counted at most. */
export const OVERDUE_COUNTED_MAX = 10_000;

const overdueStatement = statement<Overdue>(
  'doctor.overdue',
  `SELECT 'idempotency_key' AS "table", count(*) AS rows
     FROM (SELECT 1 FROM idempotency_key WHERE created_at < $1::timestamptz LIMIT ${OVERDUE_COUNTED_MAX}) AS old
   UNION ALL
   SELECT 'outbox_event', count(*)
     FROM (SELECT 1 FROM outbox_event WHERE id < $2::uuid LIMIT ${OVERDUE_COUNTED_MAX}) AS old
   UNION ALL
   SELECT 'schedule_run', count(*)
     FROM (SELECT 1 FROM schedule_run WHERE at < $3::timestamptz LIMIT ${OVERDUE_COUNTED_MAX}) AS old
   UNION ALL
   SELECT 'account_session', count(*)
     FROM (SELECT 1 FROM account_session WHERE expires_at < $4::timestamptz LIMIT ${OVERDUE_COUNTED_MAX}) AS old`,
);

/** Rows older than retention keeps them, by table. */
export async function readOverdue(
  db: Executor,
  before: { readonly keys: Date; readonly eventId: string; readonly runs: Date; readonly sessions: Date },
): Promise<Overdue[]> {
  return db.query(overdueStatement, [before.keys, before.eventId, before.runs, before.sessions]);
}

const sizeStatement = statement<{ name: string; bytes: number }>(
  'doctor.size',
  `SELECT c.relname::text AS name, pg_total_relation_size(c.oid) AS bytes
     FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY bytes DESC, name LIMIT 3`,
);

/** The largest tables, with their indexes. */
export async function readLargestTables(db: Executor): Promise<{ name: string; bytes: number }[]> {
  return db.query(sizeStatement);
}
