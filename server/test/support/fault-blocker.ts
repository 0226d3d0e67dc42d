/** A connection of its own that stands in the way of the server's: it holds locks until the test lets go. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';
import { openWatcher } from './waiters.ts';

export interface Blocker {
  /** Runs a statement in the blocker's transaction, which begins with the first one. */
  run(sql: string, values?: readonly unknown[]): Promise<void>;
  /** Resolves when so many of the database's sessions wait for locks. */
  waiters(count: number): Promise<void>;
  commit(): Promise<void>;
  /** Ends the transaction, which has then done nothing; the blocker's locks are free, and so is the blocker. */
  rollback(): Promise<void>;
}

export async function openBlocker(target: ConnectionTarget): Promise<Blocker> {
  const holder = new pg.Client(clientConfig(target));
  const [watcher] = await Promise.all([openWatcher(target), holder.connect()]);
  await holder.query('BEGIN');
  const end = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    await holder.query(how);
    await Promise.all([holder.end(), watcher.close()]);
  };
  return {
    run: async (sql, values = []) => {
      await holder.query(sql, [...values]);
    },
    waiters: (count) => watcher.waiters(count),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
  };
}
