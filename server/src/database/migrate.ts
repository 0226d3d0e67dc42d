/** Brings the schema up to date from `migrations/`, forward only, one process at a time. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { type ConnectionTarget, clientConfig, writableTarget } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const OLDEST_SERVER_VERSION = 150_000;

/**
 * Applies the migrations that the database has not seen, each in its own transaction, under an advisory
 * lock that other starting processes wait for. Gives the names of those applied.
 *
 * @throws where the server is older than PostgreSQL 15.
 */
export async function migrate(target: ConnectionTarget, log: (message: string) => void): Promise<string[]> {
  const client = new pg.Client({ ...clientConfig(await writableTarget(target)), application_name: 'openrun migrate' });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST_SERVER_VERSION) throw new Error(`PostgreSQL 15 or newer is needed; this server says ${version}`);
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      migrationsTable: 'schema_migration',
      direction: 'up',
      advisoryLockMode: 'wait',
      singleTransaction: false,
      log: () => undefined,
    });
    for (const { name } of applied) log(`migrated ${name}`);
    return applied.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
