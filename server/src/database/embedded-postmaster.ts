/**
 * The PostgreSQL that runs on a directory, as its `postmaster.pid` tells: whether it accepts connections and
 * where, and whether it is still there although the server that started it is gone.
 *
 * The file's lines are: pid, data directory, start time, port, socket directory, listen address, shared memory
 * key, status (src/include/utils/pidfile.h of PostgreSQL).
 */
import { readFile, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.ts';
import { answersSignals } from './embedded-lock.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { socketPath } from './embedded-place.ts';

/** What `postmaster.pid` says. It stays behind when PostgreSQL is killed. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string | null;
  readonly isReady: boolean;
}

const PREDECESSOR_PATIENCE_MS = 30_000;
const POLL_MS = 50;
const CONNECT_TIMEOUT_MS = 1000;

/** Reads `postmaster.pid` of a database directory; null where there is none, or none for our eyes. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, socketDirectory: lines[4] === '' ? null : (lines[4] ?? null), isReady: lines[7]?.trim() === 'ready' };
}

/** Whether somebody accepts connections on the socket in this directory. */
export async function accepts(socketDirectory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(socketDirectory));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/**
 * Waits until no PostgreSQL runs on the directory, which is to be called under the directory's lock: one that
 * does has lost its server, and is told to stop in case its guard was killed as well. Throws
 * {@link EmbeddedError} where it is still there after 30 s; returns early once `signal` is aborted.
 */
export async function retirePredecessor(cluster: string, log: EmbeddedLog, signal: AbortSignal): Promise<void> {
  const found = await readPostmaster(cluster);
  if (found === null) return;
  if (await isLive(cluster, found)) {
    log.info(`PostgreSQL of an earlier server still runs on ${cluster} (process ${found.pid}): waiting for it to stop`);
    if (await isPostmasterOf(cluster, found.pid)) interrupt(found.pid);
  }
  const deadline = performance.now() + PREDECESSOR_PATIENCE_MS;
  while (await isLive(cluster, found)) {
    if (signal.aborted) return;
    if (performance.now() > deadline) {
      throw new EmbeddedError(`PostgreSQL (process ${found.pid}) still runs on ${cluster} and does not stop: end it, then start again`);
    }
    await delay(POLL_MS);
  }
  await forgetStale(cluster, found);
}

/** A socket that answers shows a PostgreSQL of another container too, whose pid means nothing here. */
async function isLive(cluster: string, found: Postmaster): Promise<boolean> {
  if (await isPostmasterOf(cluster, found.pid)) return true;
  return found.socketDirectory !== null && (await accepts(found.socketDirectory));
}

/** Whether the process is a PostgreSQL of this directory; without /proc every process of that pid passes for one. */
async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return answersSignals(pid);
  return (await commandLineOf(pid)).includes(cluster);
}

/** The command line of a process, which unlike its working directory is to be read in any container; [] where it is gone. */
async function commandLineOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0');
}

/**
 * Removes the file of a PostgreSQL that is gone where its pid was given to another process, as happens in a
 * restarted container: PostgreSQL would take that process for itself and refuse to start. Backends that
 * outlived it are still noticed, by the shared memory that hangs on the directory's inode.
 */
async function forgetStale(cluster: string, found: Postmaster): Promise<void> {
  if (process.platform !== 'linux' || !answersSignals(found.pid)) return;
  // A PostgreSQL of whatever directory is left to PostgreSQL's own judgement.
  const [program] = await commandLineOf(found.pid);
  if (program === undefined || basename(program).startsWith('postgres')) return;
  if ((await readPostmaster(cluster))?.pid === found.pid) await unlink(join(cluster, 'postmaster.pid'));
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It ended meanwhile, or is not ours to stop: either shows in the waiting that follows.
  }
}
