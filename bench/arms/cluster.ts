/** The database cluster of a run: the product's own embedded PostgreSQL with its own settings, or one that runs already. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../server/src/database/database.ts';
import { startEmbedded } from '../../server/src/database/embedded.ts';
import { migrate } from '../../server/src/database/migrate.ts';

export interface Cluster {
  readonly dataDir: string;
  /** A fresh database with all migrations. */
  createDatabase(name: string): Promise<ConnectionTarget>;
  /** Stops PostgreSQL where it is our own, and removes everything. */
  close(): Promise<void>;
}

/**
 * @param parent where its directory is made; it must lie on a real disk, for the flush of a commit is what is measured.
 * @param url of a PostgreSQL to use instead of the embedded one; databases are made on it and removed at the end.
 */
export async function openCluster(parent: string = tmpdir(), url: string | null = null): Promise<Cluster> {
  const directory = mkdtempSync(join(parent, 'openrun-bench-'));
  // The database may run as another user.
  chmodSync(directory, 0o755);
  const dataDir = join(directory, 'data');
  const { target, stop } = url === null ? await startOwn(dataDir) : { target: { url }, stop: async (): Promise<void> => undefined };
  const created: string[] = [];
  const asOwner = async (sql: string): Promise<void> => {
    const client = new pg.Client(clientConfig(target));
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  return {
    dataDir,
    createDatabase: async (name) => {
      await asOwner(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      created.push(name);
      const database = withDatabase(target, name);
      await migrate(database, () => undefined);
      return database;
    },
    close: async () => {
      if (url !== null) for (const name of created) await asOwner(`DROP DATABASE ${pg.escapeIdentifier(name)}`);
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startOwn(dataDir: string): Promise<{ readonly target: ConnectionTarget; readonly stop: () => Promise<void> }> {
  const quiet = (): void => undefined;
  const embedded = await startEmbedded({
    // Of which some suites start several on one database, besides what they ask themselves.
    processes: 6,
    dataDir,
    log: { info: quiet, warn: quiet, error: (message) => process.stderr.write(`${message}\n`) },
    onGaveUp: (error) => process.stderr.write(`${error.message}\n`),
  });
  return { target: embedded.connection, stop: () => embedded.stop() };
}

function withDatabase(target: ConnectionTarget, name: string): ConnectionTarget {
  if (!('url' in target)) return { ...target, database: name };
  const url = new URL(target.url);
  url.pathname = `/${name}`;
  return { url: url.toString() };
}
