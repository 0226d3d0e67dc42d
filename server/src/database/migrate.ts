/** Brings the schema up to date from `migrations/`, forward only, one process at a time. */
import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { type ConnectionTarget, clientConfig, type Executor, statement, writableTarget } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const OLDEST_SERVER_VERSION = 150_000;
const TABLE = 'schema_migration';

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
      migrationsTable: TABLE,
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

/** Migrations by what the database has seen of them. */
export interface MigrationState {
  readonly applied: readonly string[];
  /** This version has them, the database has not. */
  readonly pending: readonly string[];
  /** The database has them, this version has not: a newer one was here. */
  readonly unknown: readonly string[];
}

const isThereStatement = statement<{ isThere: boolean }>('migrate.isThere', `SELECT to_regclass('${TABLE}') IS NOT NULL AS "isThere"`);
const appliedStatement = statement<{ name: string }>('migrate.applied', `SELECT name FROM ${TABLE} ORDER BY name`);

/** Compares the database with what this version brings; only reads. */
export async function readMigrations(db: Executor): Promise<MigrationState> {
  const files = (await readdir(MIGRATIONS)).map((file) => parse(file).name).toSorted();
  const [found] = await db.query(isThereStatement);
  const applied = found?.isThere === true ? (await db.query(appliedStatement)).map(({ name }) => name) : [];
  return {
    applied,
    pending: files.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !files.includes(name)),
  };
}
