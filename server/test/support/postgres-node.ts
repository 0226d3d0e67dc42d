/** A PostgreSQL on loopback, of the programs that the product brings, which can be a primary, a standby, or dead. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import { type Account, isRoot, unprivilegedAccount } from '../../src/database/embedded-account.ts';
import type { Binaries } from '../../src/database/embedded-binaries.ts';
import { query as ask, gone, processesIn, signal } from './embedded-runner.ts';
import { freePort } from './socket.ts';

const USER = 'openrun';
const UP_WITHIN_MS = 30_000;
const POLL_MS = 50;
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'wal_level=replica',
  'hot_standby=on',
  'synchronous_commit=on',
  'wal_keep_size=2GB',
  'max_wal_size=2GB',
  'logging_collector=off',
];
/** Of a copy, what belongs to the process that runs on the original. */
const NOT_COPIED = new Set(['postmaster.pid', 'postmaster.opts']);

export interface Node {
  readonly port: number;
  /** Makes an empty cluster and starts it as a primary. */
  startPrimary(): Promise<void>;
  /** Throws away what is there, and starts as a standby of `primary`, from a base backup of it. */
  startStandbyOf(primary: Node): Promise<void>;
  /** Makes this primary wait, from now on, for its standby; resolves when the standby is one that it waits for. */
  waitForStandby(): Promise<void>;
  promote(): Promise<void>;
  /** Kills every process at once, as a loss of power would. */
  kill(): Promise<void>;
  /** Starts what was killed, as what it was. */
  startAgain(): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  readonly directory: string;
}

/** How a node differs from the others. */
interface Difference {
  readonly settings?: readonly string[];
  /** Its `pg_hba.conf`; everyone on loopback is to reach the database `postgres`. */
  readonly access?: string;
}

/** @param parent a directory that the unprivileged user can enter. */
export async function createNode(
  parent: string,
  name: string,
  binaries: Binaries,
  { settings: own = [], access }: Difference = {},
): Promise<Node> {
  const account = isRoot() ? await unprivilegedAccount() : null;
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  const directory = join(parent, name);
  const port = await freePort();
  const query: Node['query'] = (sql) => ask({ host: '127.0.0.1', port, user: USER, database: 'postgres' }, sql);
  const until = async (what: string, sql: string): Promise<void> => {
    const deadline = performance.now() + UP_WITHIN_MS;
    for (;;) {
      const rows = await query(sql).catch(() => []);
      if (rows[0]?.['is'] === true) return;
      if (performance.now() > deadline) throw new Error(`${name} is not ${what}`);
      await delay(POLL_MS);
    }
  };
  let asStarted: readonly string[] = [];
  const start = async (more: readonly string[]): Promise<void> => {
    asStarted = more;
    const settings = [...SETTINGS, ...own, `port=${port}`, ...more].flatMap((setting) => ['-c', setting]);
    const child = spawn(binaries.postgres, ['-D', directory, ...settings], {
      ...identity,
      cwd: '/',
      env: {},
      stdio: 'ignore',
      detached: true,
    });
    child.unref();
    await until('up', 'SELECT true AS "is"');
  };
  return {
    port,
    directory,
    query,
    startPrimary: async () => {
      await emptied(directory, account);
      const initdb = spawn(binaries.initdb, ['-D', directory, `-U${USER}`, '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'], {
        ...identity,
        cwd: '/',
        env: {},
        stdio: 'ignore',
      });
      await succeeded(initdb);
      if (access !== undefined) await writeFile(join(directory, 'pg_hba.conf'), access);
      await start([]);
    },
    startStandbyOf: async (primary) => {
      await emptied(directory, account);
      await copyOf(primary, directory, account);
      await writeFile(join(directory, 'standby.signal'), '');
      await ownedBy(account, join(directory, 'standby.signal'));
      await start([`primary_conninfo=host=127.0.0.1 port=${primary.port} user=${USER} application_name=${name}`]);
      await until('a standby', 'SELECT pg_is_in_recovery() AS "is"');
    },
    waitForStandby: async () => {
      await query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
      await query('SELECT pg_reload_conf()');
      await until(
        'waiting for its standby',
        `SELECT count(*) > 0 AS "is" FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'`,
      );
    },
    promote: async () => {
      await query('SELECT pg_promote(true, 30)');
      await until('a primary', 'SELECT NOT pg_is_in_recovery() AS "is"');
    },
    kill: async () => {
      for (const pid of await processesIn(directory)) signal(pid, 'SIGKILL');
      await gone(directory);
    },
    startAgain: async () => {
      await rm(join(directory, 'postmaster.pid'), { force: true });
      await start(asStarted);
    },
  };
}

async function emptied(directory: string, account: Account | null): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  await ownedBy(account, directory);
}

async function ownedBy(account: Account | null, path: string): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}

/** A base backup over one connection, as `pg_basebackup` takes it, which the product's programs lack. */
async function copyOf(primary: Node, directory: string, account: Account | null): Promise<void> {
  const database = openDatabase(
    { host: '127.0.0.1', port: primary.port, user: USER, database: 'postgres' },
    DEFAULT_LIMITS,
    () => undefined,
  );
  const client = await database.readers.connect();
  await client.query(`SELECT pg_backup_start('standby', true)`);
  const asAccount = account === null ? {} : { uid: account.uid, gid: account.gid };
  // Files come and go while they are copied; what that breaks, the log of the primary mends.
  const copying = spawn('cp', ['-a', `${primary.directory}/.`, directory], { ...asAccount, stdio: 'ignore' });
  await once(copying, 'exit');
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  client.release();
  await database.close();
  for (const file of NOT_COPIED) await rm(join(directory, file), { force: true });
  await writeFile(join(directory, 'backup_label'), rows[0]?.labelfile ?? '');
  await ownedBy(account, join(directory, 'backup_label'));
}

async function succeeded(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode}`);
}
