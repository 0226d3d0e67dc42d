/** What is taken from a server that runs on its embedded database: its connections. */
import { join } from 'node:path';
import pg from 'pg';
import type { ServerProcess } from './fault-process.ts';

const PORT = 5432;
/** PostgreSQL accepts 100 by default. */
const CONNECTIONS_MAX = 500;

function clientOf({ dataDir }: ServerProcess): pg.Client {
  const client = new pg.Client({ host: join(dataDir, 'run'), port: PORT, user: 'openrun', database: 'openrun' });
  client.on('error', () => undefined);
  return client;
}

const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'openrun %'`;

/** Ends the server's connections to its database. */
export async function cutConnections(server: ServerProcess): Promise<void> {
  const client = clientOf(server);
  await client.connect();
  await client.query(END_CONNECTIONS);
  await client.end();
}

/** Takes every connection that PostgreSQL has, those of the server as well, for so long. Gives how to let them go. */
export async function hoardConnections(server: ServerProcess): Promise<() => Promise<void>> {
  const hoard: pg.Client[] = [];
  const takeAll = async (): Promise<void> => {
    while (hoard.length < CONNECTIONS_MAX) {
      const client = clientOf(server);
      const taken = await client.connect().then(
        () => true,
        () => false,
      );
      if (!taken) return;
      hoard.push(client);
    }
  };
  await takeAll();
  // What the server loses is taken before the server can have it back; what it gets all the same, it loses the next time.
  for (let count = 0; count < 3; count += 1) {
    await hoard[0]?.query(END_CONNECTIONS);
    await takeAll();
  }
  return async () => {
    await Promise.all(hoard.map((client) => client.end()));
  };
}
