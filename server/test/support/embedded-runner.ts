/** Runs embedded drivers in processes of their own, follows what they tell, and leaves nothing behind. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { TestContext } from 'vitest';
import type { EmbeddedConnection } from '../../src/database/embedded.ts';

const Line = Type.Object({
  event: Type.String(),
  message: Type.Optional(Type.String()),
  number: Type.Optional(Type.Number()),
  directory: Type.Optional(Type.String()),
  connection: Type.Optional(Type.Object({ host: Type.String(), port: Type.Number(), user: Type.String(), database: Type.String() })),
});
type Line = Static<typeof Line>;

const DRIVER = join(import.meta.dirname, 'embedded-driver.ts');
const POLL_MS = 20;

/** How to run a driver; by default as the test's own user and from the tree itself. */
export interface RunOptions {
  readonly mode?: 'run' | 'load' | 'find';
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly driver?: string;
}

/** A running driver. */
export class Driver {
  readonly process: ChildProcess;
  readonly lines: Line[] = [];
  readonly exited: Promise<void>;

  constructor(dataDir: string, { mode = 'run', env = {}, uid, driver = DRIVER }: RunOptions) {
    const identity = uid === undefined ? {} : { uid, gid: uid };
    this.process = spawn(process.execPath, [driver, dataDir, mode], {
      ...identity,
      cwd: '/',
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let pending = '';
    this.process.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      this.lines.push(...lines.map((line) => Value.Parse(Line, JSON.parse(line))));
    });
    this.process.stderr?.setEncoding('utf8').on('data', (message: string) => this.lines.push({ event: 'stderr', message }));
    this.exited = new Promise((resolve) => {
      this.process.once('close', () => resolve());
    });
  }

  /** The first line of this event, once it is there; throws when the driver ends without it. */
  async told(event: string, accept: (line: Line) => boolean = () => true): Promise<Line> {
    for (;;) {
      const line = this.lines.find((candidate) => candidate.event === event && accept(candidate));
      if (line !== undefined) return line;
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        await this.exited;
        if (!this.lines.some((candidate) => candidate.event === event && accept(candidate))) throw this.#endedWithout(event);
      }
      await delay(POLL_MS);
    }
  }

  /** The connection, once the database is ready. */
  async connection(): Promise<EmbeddedConnection> {
    const { connection } = await this.told('ready');
    if (connection === undefined) throw new Error('a ready driver must tell its connection');
    return connection;
  }

  /** The numbers whose transactions were acknowledged so far. */
  acknowledged(): number[] {
    return this.lines.flatMap((line) => (line.event === 'acknowledged' && line.number !== undefined ? [line.number] : []));
  }

  /** Asks the driver to stop, and waits until it has. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await this.told('stopped');
    await this.exited;
  }

  /** The driver and everything in its process group die at once. */
  async kill(): Promise<void> {
    if (this.process.pid !== undefined) signal(-this.process.pid, 'SIGKILL');
    await this.exited;
  }

  #endedWithout(event: string): Error {
    return new Error(`the driver ended without telling ${event}:\n${this.lines.map((line) => JSON.stringify(line)).join('\n')}`);
  }
}

/** What one test starts and creates, removed by {@link Scene.clear}. */
export class Scene {
  readonly #drivers: Driver[] = [];
  readonly #directories: string[] = [];

  /** A new directory that every user can enter. */
  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'openrun-test-'));
    await chmod(directory, 0o755);
    this.#directories.push(directory);
    return directory;
  }

  run(dataDir: string, options: RunOptions = {}): Driver {
    const driver = new Driver(dataDir, options);
    this.#drivers.push(driver);
    return driver;
  }

  /** Also removes this directory in the end. */
  alsoRemove(directory: string): void {
    this.#directories.push(directory);
  }

  async clear(): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.kill()));
    const clusters = this.#drivers.flatMap((driver) => driver.lines.flatMap((line) => line.directory ?? []));
    await Promise.all(clusters.map((cluster) => putDown(cluster)));
    // A tree that a test made read-only cannot be removed by an ordinary user otherwise.
    for (const directory of this.#directories) spawnSync('chmod', ['-R', 'u+w', directory]);
    await Promise.all(this.#directories.map((directory) => rm(directory, { recursive: true, force: true, maxRetries: 5 })));
  }
}

/** The fixture of a test with a scene of its own: `base.extend<{ scene: Scene }>(withScene)`. */
export const withScene = {
  scene: async ({ onTestFinished }: TestContext, use: (scene: Scene) => Promise<void>): Promise<void> => {
    const scene = new Scene();
    onTestFinished(() => scene.clear());
    await use(scene);
  },
};

/** Runs one statement as the server's own user, or as the superuser. */
export async function query(connection: EmbeddedConnection, sql: string, user = connection.user): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...connection, user });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Repeats the statement until it is answered: the database may be starting again. */
export async function eventually(connection: EmbeddedConnection, sql: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    const rows = await query(connection, sql).catch(() => null);
    if (rows !== null) return rows;
    await delay(POLL_MS);
  }
}

/** The pid of the PostgreSQL of this directory, by its own account. */
export async function postmasterOf(cluster: string): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** The pid of a process's parent. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** The pids of a process's children. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

/** Resolves when no process of PostgreSQL works in the directory any more. */
export async function gone(cluster: string): Promise<void> {
  while ((await processesIn(cluster)).length > 0) await delay(POLL_MS);
}

/** PostgreSQL stops because its driver is gone; one that does not, because something is broken, is killed. */
async function putDown(cluster: string): Promise<void> {
  const patience = performance.now() + 5000;
  while (performance.now() < patience && (await processesIn(cluster)).length > 0) await delay(POLL_MS);
  for (const pid of await processesIn(cluster)) signal(pid, 'SIGKILL');
  await gone(cluster);
}

/** The pids of the processes whose working directory this is, which is how PostgreSQL's processes run. */
export async function processesIn(cluster: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isSafeInteger);
  const found = await Promise.all(pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster ? [pid] : [])));
  return found.flat();
}

/** Sends a signal to a process, or to a group where negative, unless it is gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself: that is what was wanted of it.
  }
}

export const TREE = dirname(dirname(dirname(import.meta.dirname)));
