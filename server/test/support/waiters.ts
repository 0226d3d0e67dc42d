/** Who waits for locks in a database; of a Citus cluster, on any of its servers. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';
import { urlOf } from './citus.ts';

const POLL_MS = 10;
const WAITERS = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Looks at the sessions of a database over connections of its own. */
export interface Watcher {
  /** Resolves when so many of the database's sessions wait for locks. */
  waiters(count: number): Promise<void>;
  close(): Promise<void>;
}

function serversOf(target: ConnectionTarget): readonly ConnectionTarget[] {
  const nodes = inject('nodes');
  if (nodes === null || !('url' in target)) return [target];
  const name = new URL(target.url).pathname.slice(1);
  return nodes.map((node) => ({ url: urlOf(node, name) }));
}

export async function openWatcher(target: ConnectionTarget): Promise<Watcher> {
  const clients = serversOf(target).map((server) => new pg.Client(clientConfig(server)));
  await Promise.all(clients.map((client) => client.connect()));
  const countOn = async (client: pg.Client): Promise<number> => (await client.query<{ count: number }>(WAITERS)).rows[0]?.count ?? 0;
  return {
    waiters: async (count) => {
      for (;;) {
        const counts = await Promise.all(clients.map(countOn));
        if (counts.reduce((sum, one) => sum + one, 0) >= count) return;
        await delay(POLL_MS);
      }
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
