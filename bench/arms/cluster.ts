/** The database cluster of a run: the product's own embedded PostgreSQL with its own settings, on an empty directory. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedConnection, startEmbedded } from '../../server/src/database/embedded.ts';
import { migrate } from '../../server/src/database/migrate.ts';

export interface Cluster {
  readonly dataDir: string;
  /** Of the whole cluster, for what is no arm's. */
  readonly connection: EmbeddedConnection;
  /** A fresh database with all migrations. */
  createDatabase(name: string): Promise<EmbeddedConnection>;
  /** Stops PostgreSQL and removes everything. */
  close(): Promise<void>;
}

/** @param parent where its directory is made; it must lie on a real disk, for the flush of a commit is what is measured. */
export async function openCluster(parent: string = tmpdir()): Promise<Cluster> {
  const directory = mkdtempSync(join(parent, 'openrun-bench-'));
  // The database may run as another user.
  chmodSync(directory, 0o755);
  const dataDir = join(directory, 'data');
  const quiet = (): void => undefined;
  const embedded = await startEmbedded({
    dataDir,
    log: { info: quiet, warn: quiet, error: (message) => process.stderr.write(`${message}\n`) },
    onGaveUp: (error) => process.stderr.write(`${error.message}\n`),
  });
  const { connection } = embedded;
  return {
    dataDir,
    connection,
    createDatabase: async (name) => {
      const client = new pg.Client({ ...connection });
      await client.connect();
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      await client.end();
      const created = { ...connection, database: name };
      await migrate(created, quiet);
      return created;
    },
    close: async () => {
      await embedded.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
