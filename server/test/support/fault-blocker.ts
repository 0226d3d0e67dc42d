/** A connection of its own that stands in the way of the server's: it holds locks until the test lets go. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';

export interface Blocker {
  /** Runs a statement in the blocker's transaction, which begins with the first one. */
  run(sql: string, values?: readonly unknown[]): Promise<void>;
  /** Resolves when so many of the database's sessions wait for locks. */
  waiters(count: number): Promise<void>;
  commit(): Promise<void>;
  /** Ends the transaction, which has then done nothing; the blocker's locks are free, and so is the blocker. */
  rollback(): Promise<void>;
}

const POLL_MS = 10;
const WAITERS = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

export async function openBlocker(target: ConnectionTarget): Promise<Blocker> {
  const holder = new pg.Client(clientConfig(target));
  const watcher = new pg.Client(clientConfig(target));
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query('BEGIN');
  const end = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    await holder.query(how);
    await Promise.all([holder.end(), watcher.end()]);
  };
  return {
    run: async (sql, values = []) => {
      await holder.query(sql, [...values]);
    },
    waiters: async (count) => {
      let waiting = 0;
      while (waiting < count) {
        waiting = (await watcher.query<{ count: number }>(WAITERS)).rows[0]?.count ?? 0;
        if (waiting < count) await delay(POLL_MS);
      }
    },
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
  };
}
