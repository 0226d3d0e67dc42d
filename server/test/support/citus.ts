/**
 * Databases on a Citus cluster. `TEST_CITUS_URL` names a database of the coordinator that knows its workers; the tests' own databases are on the
 * coordinator and on every worker under one name, because that is how Citus finds them.
 */
import pg from 'pg';
import { distribute } from '../../src/database/distribute.ts';
import { migrate } from '../../src/database/migrate.ts';

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Does `work` on a connection of its own. */
export async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The servers of the cluster, the coordinator first; each by the URL of its maintenance database. */
export async function findNodes(coordinator: string): Promise<string[]> {
  const workers = await onServer(coordinator, async (client) => {
    const { rows } = await client.query<{ host: string; port: number }>(
      'SELECT node_name AS host, node_port AS port FROM citus_get_active_worker_nodes() ORDER BY node_name, node_port',
    );
    return rows;
  });
  const nodes = workers.map(({ host, port }) => {
    const url = new URL(coordinator);
    url.hostname = host;
    url.port = `${port}`;
    return url.toString();
  });
  return [coordinator, ...nodes].map((url) => urlOf(url, 'postgres'));
}

/** Makes a distributed database with all migrations; gives the URL that servers reach it by. */
export async function createDistributed(nodes: readonly string[], name: string): Promise<string> {
  const [coordinator = '', ...workers] = nodes;
  for (const node of nodes) {
    await onServer(node, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
    await onServer(urlOf(node, name), (client) => client.query('CREATE EXTENSION citus'));
  }
  await onServer(urlOf(coordinator, name), async (client) => {
    const place = (node: string): [string, number] => [new URL(node).hostname, Number(new URL(node).port)];
    await client.query('SELECT citus_set_coordinator_host($1, $2)', place(coordinator));
    for (const worker of workers) await client.query('SELECT citus_add_node($1, $2)', place(worker));
  });
  const url = urlOf(coordinator, name);
  await migrate({ url }, () => undefined);
  await distribute({ url }, () => undefined);
  return url;
}

/** The same, with everyone taken out of it, so that it can be copied. */
export async function createTemplate(nodes: readonly string[], name: string): Promise<void> {
  await createDistributed(nodes, name);
  for (const node of nodes) {
    await onServer(node, async (client) => {
      await client.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} WITH ALLOW_CONNECTIONS false`);
      await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name]);
    });
  }
}

/** A copy of a template, on every node. */
export async function copyTemplate(nodes: readonly string[], name: string, template: string): Promise<void> {
  for (const node of nodes) await onServer(node, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
}

/** Drops a database on every node, with whatever transactions a test left prepared in it. */
export async function dropEverywhere(nodes: readonly string[], name: string): Promise<void> {
  for (const node of nodes) {
    await onServer(node, async (client) => {
      await client.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} WITH ALLOW_CONNECTIONS true`);
      const { rows } = await client.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts WHERE database = $1', [name]);
      if (rows.length > 0) {
        await onServer(urlOf(node, name), async (inside) => {
          for (const { gid } of rows) await inside.query(`ROLLBACK PREPARED ${pg.escapeLiteral(gid)}`);
        });
      }
      await client.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    });
  }
}
