/**
 * `<DATA_DIR>/server.lock`: one server per data directory.
 *
 * The file is created exclusively and names its holder by pid and by the moment that process began (field 22
 * of /proc/<pid>/stat, proc(5)), so that a pid which was given out again never looks like the holder. A lock
 * whose holder is gone, as after `kill -9`, is taken over.
 */
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, EmbeddedError } from './embedded-error.ts';

const MAX_ATTEMPTS = 40;
const ATTEMPT_PAUSE_MS = 50;
const UNREADABLE_ATTEMPTS = 10;

interface Holder {
  readonly pid: number;
  /** Clock ticks after boot at which the process began; null where /proc is not to be had. */
  readonly bornTicks: number | null;
}

/** A lock that this process holds. */
export interface DirectoryLock {
  /** Throws {@link EmbeddedError} where the file no longer names this process. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock of `dataDir`, or throws {@link EmbeddedError} that names the directory and the holder's pid. */
export async function takeLock(dataDir: string): Promise<DirectoryLock> {
  const path = join(dataDir, 'server.lock');
  const mine = JSON.stringify({ pid: process.pid, bornTicks: (await readProcess(process.pid))?.bornTicks ?? null });
  let unreadable = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (await create(path, mine)) return heldLock(dataDir, path, mine);
    const text = await readOrNull(path);
    if (text === null) {
      await delay(ATTEMPT_PAUSE_MS);
      continue;
    }
    const holder = parseHolder(text);
    if (holder !== null && (await isAlive(holder))) throw inUse(dataDir, holder, path);
    unreadable += holder === null ? 1 : 0;
    // An unreadable file is either being written this very moment or was left behind by a crash of the machine.
    if (holder === null && unreadable < UNREADABLE_ATTEMPTS) await delay(ATTEMPT_PAUSE_MS);
    else await removeStale(path, text);
  }
  throw new EmbeddedError(`cannot take the data directory ${dataDir}: ${path} is in the way, or other processes keep taking it`);
}

/** The pid of the live process that holds the lock of `dataDir`, or null. */
export async function lockHolder(dataDir: string): Promise<number | null> {
  const holder = parseHolder((await readOrNull(join(dataDir, 'server.lock'))) ?? '');
  return holder !== null && (await isAlive(holder)) ? holder.pid : null;
}

function heldLock(dataDir: string, path: string, mine: string): DirectoryLock {
  const isMine = async (): Promise<boolean> => (await readOrNull(path)) === mine;
  return {
    async confirm() {
      if (!(await isMine())) throw new EmbeddedError(`another process took ${dataDir} at the same time: ${path}`);
    },
    async release() {
      if (await isMine()) await unlink(path).catch(ignoreMissing);
    },
  };
}

function inUse(dataDir: string, holder: Holder, path: string): EmbeddedError {
  const doubt = holder.bornTicks === null ? ` If that process is something else, remove ${path}.` : '';
  return new EmbeddedError(
    `the data directory ${dataDir} is in use by another server, process ${holder.pid}: stop it, or give this one its own DATA_DIR.${doubt}`,
  );
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new EmbeddedError(`cannot write ${path}: ${codeOf(error)}; the data directory must be writable for the user of the server`);
  }
}

/** Renaming first shows whether it is still the stale file: one that somebody took meanwhile is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    return ignoreMissing(error);
  }
  if ((await readOrNull(aside)) !== stale) await link(aside, path).catch(ignoreExisting);
  await unlink(aside).catch(ignoreMissing);
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.bornTicks === null) return answersSignals(holder.pid);
  return (await readProcess(holder.pid))?.bornTicks === holder.bornTicks;
}

/** Whether a process with this pid exists; one of another user, which refuses our signals, does. */
export function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When a process began; null where it is gone, where it is a zombie, and where there is no /proc. */
async function readProcess(pid: number): Promise<{ bornTicks: number } | null> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name, which may itself contain blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const bornTicks = Number(fields[19]);
  return fields[0] === 'Z' || fields[0] === 'X' || !Number.isSafeInteger(bornTicks) ? null : { bornTicks };
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('bornTicks' in value)) return null;
    const { pid, bornTicks } = value;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
    return bornTicks === null || typeof bornTicks === 'number' ? { pid, bornTicks } : null;
  } catch {
    return null;
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
