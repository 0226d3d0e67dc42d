/** The real server as a process of its own, on a data directory of its own: what a test may kill in every way. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { createTokenMinter } from '../../src/http/auth.ts';
import { type Caller, createCaller } from './caller.ts';
import { compiledOnce, type Ended, runOpenrun } from './command-line.ts';
import { fillDataDirectory } from './data-directory.ts';
import { childrenOf, gone, postmasterOf, processesIn, signal } from './embedded-runner.ts';
import { TEST_SECRET } from './shop.ts';
import { freePort } from './socket.ts';

const SOURCES = join(import.meta.dirname, '../../src');
const TOKEN_TTL_SECONDS = 3600;
const POLL_MS = 20;
const READY_WITHIN_MS = 60_000;
const REPLACED = { timeout: 60_000, interval: POLL_MS };
const OUTPUT_KEPT = 8192;

export interface ServerProcess {
  readonly baseUrl: string;
  readonly dataDir: string;
  /** The process of the server that runs, or of the one before. */
  pid(): number;
  /** Resolves when the server can serve. Throws with what it wrote where it ends instead. */
  start(): Promise<void>;
  customer(userId: string): Promise<Caller>;
  staff(): Promise<Caller>;
  /** Kills the server, and PostgreSQL in the same moment if that is wanted. */
  kill(withDatabase: boolean): Promise<void>;
  /** Kills PostgreSQL under the running server. */
  killDatabase(): Promise<void>;
  /** Asks the server to stop; gives its exit code. */
  terminate(): Promise<number | null>;
  /** The processes that serve, where the server has several; as Linux tells them. */
  workers(): Promise<number[]>;
  /** The end of what it wrote. */
  output(): string;
  /** Has the workers replaced, as SIGUSR2 does; resolves when there are as many as before, and all of them are new. */
  replaceWorkers(): Promise<void>;
  /** The processes that the server left behind. */
  left(): Promise<number[]>;
  /** What `openrun audit` says of the data directory, or its error. */
  audit(): Promise<string>;
  /** Runs another command with the server's settings. */
  command(...args: string[]): Promise<Ended>;
  /** Ends everything and removes the directory. */
  clear(): Promise<void>;
}

/**
 * A server that is not running yet, with these settings besides those that keep it apart from others; `program` is what starts it.
 */
export async function createServerProcess(
  settings: Readonly<Record<string, string>> = {},
  program: 'cli.ts' | 'launch.ts' = 'cli.ts',
): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  // PostgreSQL does not run as root: its user has to pass through.
  await chmod(dataDir, 0o755);
  const cluster = join(dataDir, 'postgres');
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const own = {
    ...compiledOnce(),
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    DATA_DIR: dataDir,
    SEED_DEMO: 'false',
    AUTH_JWT_SECRET: TEST_SECRET,
  };
  const env = { ...own, ...settings };
  const mint = createTokenMinter({ secret: TEST_SECRET, issuer: null, audience: null });
  const monitor = createCaller(baseUrl, '', null);
  let child: ChildProcess | null = null;
  let output = '';

  const keep = (text: string): void => {
    output = (output + text).slice(-OUTPUT_KEPT);
  };
  const ended = async (): Promise<void> => {
    if (child !== null && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const workers = async (): Promise<number[]> => {
    const children = await childrenOf(child?.pid ?? 0);
    const commands = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return children.filter((_pid, index) => commands[index]?.includes('cli.ts') === true);
  };
  const processes = async (): Promise<number[]> => [...(await processesIn(cluster)), ...(await processesIn(dataDir))];
  return {
    baseUrl,
    dataDir,
    pid: () => child?.pid ?? 0,
    start: async () => {
      output = '';
      if (settings['DATABASE_URL'] === undefined && !existsSync(cluster)) await fillDataDirectory(dataDir);
      child = spawn(process.execPath, [join(SOURCES, program), 'start'], { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep);
      await ready(monitor, child, () => output);
    },
    customer: async (userId) => createCaller(baseUrl, userId, await mint({ sub: userId, ttlSeconds: TOKEN_TTL_SECONDS })),
    staff: async () => createCaller(baseUrl, 'staff', await mint({ sub: 'staff', role: 'staff', ttlSeconds: TOKEN_TTL_SECONDS })),
    kill: async (withDatabase) => {
      const postmaster = withDatabase ? await postmasterOf(cluster) : null;
      child?.kill('SIGKILL');
      if (postmaster !== null) signal(postmaster, 'SIGKILL');
      await ended();
    },
    killDatabase: async () => signal(await postmasterOf(cluster), 'SIGKILL'),
    terminate: async () => {
      child?.kill('SIGTERM');
      await ended();
      return child?.exitCode ?? null;
    },
    workers,
    replaceWorkers: async () => {
      const before = await workers();
      child?.kill('SIGUSR2');
      await vi.waitFor(async () => {
        const now = await workers();
        const isDone = now.length === before.length && !now.some((pid) => before.includes(pid));
        if (!isDone) throw new Error(`the workers were ${before.join(', ')} and are ${now.join(', ')}`);
      }, REPLACED);
    },
    output: () => output,
    left: processes,
    audit: async () => {
      const audited = promisify(execFile)(process.execPath, [join(SOURCES, 'cli.ts'), 'audit'], { env, cwd: '/' });
      return audited.then(({ stdout }) => stdout.trim(), String);
    },
    command: (...args) => runOpenrun(args, env),
    clear: async () => {
      child?.kill('SIGKILL');
      await ended();
      // Without its server PostgreSQL stops by itself.
      await gone(cluster);
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function ready(monitor: Caller, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const status = await monitor.get('/readyz').then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 200) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended:\n${output()}`);
    if (performance.now() > deadline) throw new Error(`the server is not ready:\n${output()}`);
    await delay(POLL_MS);
  }
}
