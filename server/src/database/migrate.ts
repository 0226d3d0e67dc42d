/**
 * Brings the schema up to date from `migrations/`, forward only, one process at a time, while servers sell: how a migration is written so that it does not
 * get in their way is in `docs/migrations.md`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import type pg from 'pg';
import { connectAlone } from './alone.ts';
import { type ConnectionTarget, type Executor, statement } from './database.ts';
import { parseMigration } from './migration-file.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const TABLE = 'schema_migration';
const OLDEST_SERVER_VERSION = 150_000;
/**
 * How long a change of a table waits for its lock. Whoever wants the table meanwhile waits behind it, and a request's statement may take 5 s.
 */
const LOCK_TIMEOUT_MS = 1000;
/** A statement that works concurrently waits for older transactions, such as an audit, and nobody waits behind it. */
const PATIENT_LOCK_TIMEOUT_MS = 3_600_000;
const ATTEMPTS = 40;
const PAUSE_MS = 250;
const PAUSE_MAX_MS = 5000;
/** A lock that was not to be had in time, and a deadlock: another try may do better. */
const TRANSIENT = new Set(['55P03', '40P01']);
const TURN_POLL_MS = 200;
const TURN_TIMEOUT_MS = 3_600_000;

/** Where migrations come from and how often one is tried, where that is not the product's own way. */
interface MigrateOptions {
  readonly directory?: string;
  readonly attempts?: number;
}

/**
 * Applies the migrations that the database has not seen, each in its own transaction where it does not ask for none; other processes wait for their turn. A migration whose lock
 * is not to be had in a second is tried again, 40 times. Gives the names of those applied.
 *
 * @throws where the server is older than PostgreSQL 15.
 */
export async function migrate(
  target: ConnectionTarget,
  log: (message: string) => void,
  { directory = MIGRATIONS, attempts = ATTEMPTS }: MigrateOptions = {},
): Promise<string[]> {
  const client = await connectAlone(target, 'migrate');
  try {
    const { rows } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST_SERVER_VERSION) throw new Error(`PostgreSQL 15 or newer is needed; this server says ${version}`);
    await takeTurn(client);
    const applied: string[] = [];
    // One at a time, so that what is done stays done where a later one has to be tried again.
    const next = (): Promise<string | null> => applyNext(client, directory, attempts, log);
    for (let name = await next(); name !== null; name = await next()) {
      log(`migrated ${name}`);
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/**
 * Waits for the lock by asking for it again and again. One that waits inside a statement has a snapshot, for whose end an index that is built concurrently
 * would wait in its turn.
 */
async function takeTurn(client: pg.Client): Promise<void> {
  const deadline = performance.now() + TURN_TIMEOUT_MS;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(${PG_MIGRATE_LOCK_ID}) AS mine`);
    if (rows[0]?.mine === true) return;
    if (performance.now() > deadline) throw new Error('another process has been migrating this database for an hour');
    await delay(TURN_POLL_MS);
  }
}

/** Applies the next migration that is not applied, and gives its name; null where there is none. */
async function applyNext(client: pg.Client, directory: string, attempts: number, log: (message: string) => void): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [applied] = await run(client, directory);
      return applied?.name ?? null;
    } catch (error) {
      // Where the connection is lost there is nothing to roll back, and what was lost by is the error to tell.
      await client.query('ROLLBACK').catch(() => undefined);
      if (!isTransient(error) || attempt >= attempts) throw error;
      log(`a lock that a migration needs is not to be had, attempt ${attempt} of ${attempts}: ${error.message}`);
      await delay(Math.min(PAUSE_MS * attempt, PAUSE_MAX_MS) * (0.5 + Math.random()));
    }
  }
}

function run(client: pg.Client, directory: string): ReturnType<typeof runner> {
  return runner({
    dbClient: client,
    dir: directory,
    migrationsTable: TABLE,
    direction: 'up',
    count: 1,
    noLock: true,
    singleTransaction: false,
    migrationLoaderStrategies: [{ extensions: ['.sql'], loader: (paths) => Promise.all(paths.map(load)) }],
    log: () => undefined,
  });
}

async function load(path: string): Promise<Loaded> {
  const { inTransaction, steps } = parseMigration(await readFile(path, 'utf8'));
  const up = (builder: Builder): void => {
    if (!inTransaction) builder.noTransaction();
    builder.sql(`SET lock_timeout = ${inTransaction ? LOCK_TIMEOUT_MS : PATIENT_LOCK_TIMEOUT_MS}`);
    for (const step of steps) builder.sql(step);
  };
  return { id: path, filePaths: [path], actions: { up, down: false } };
}

/** What a migration is written with, of the library's many means. */
interface Builder {
  noTransaction(): void;
  sql(text: string): void;
}

interface Loaded {
  readonly id: string;
  readonly filePaths: string[];
  readonly actions: { readonly up: (builder: Builder) => void; readonly down: false };
}

function isTransient(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && TRANSIENT.has(error.code);
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
