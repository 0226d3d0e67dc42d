/**
 * Puts another database in the place of that of a data directory, for a restore.
 *
 * It is filled under a name that the next start would clear away, then renamed. From before the first byte until the end a file
 * says that a restore is under way: a server does not start on such a directory, for it would make an empty shop where the restored one
 * was to be. What was there before is moved aside, never deleted.
 */
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, isRoot } from './embedded-account.ts';
import { removeUnfinished, UNFINISHED, unfinishedDirectory } from './embedded-cluster.ts';
import { asEmbeddedError, EmbeddedError } from './embedded-error.ts';
import { takeLock } from './embedded-lock.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { choosePlace, flush, isThere, linkCluster, openDataDir, type Place } from './embedded-place.ts';
import { retirePredecessor } from './embedded-postmaster.ts';

const MARKER = 'restore.unfinished';
const ASIDE = 'before-restore-';
const CLUSTER = 'postgres';
/** What a server or a restore leaves in a data directory that holds nothing of anybody's. */
const NO_DATA = new Set(['runtime', 'run', 'server.lock', 'lost+found', MARKER]);

/** What to put where. */
export interface Replacement {
  readonly dataDir: string;
  /** Whether a database that is there is moved aside; else it is refused. */
  readonly force: boolean;
  /** A file that belongs to the database, in the data directory itself; with null there is none afterwards. */
  readonly beside: { readonly name: string; readonly content: Buffer | null };
  readonly log: EmbeddedLog;
  /** Fills the empty directory of the database and brings it to disk; gives all paths in it. */
  readonly fill: (cluster: string) => Promise<readonly string[]>;
}

/** @throws EmbeddedError where a server runs, or where something is there that is not to be moved aside. */
export async function replaceDatabase(replacement: Replacement): Promise<void> {
  const dataDir = await openDataDir(replacement.dataDir);
  const lock = await takeLock(dataDir);
  try {
    if (!replacement.force) await refuseData(dataDir);
    const place = await choosePlace(dataDir, replacement.log);
    await retirePredecessor(place.cluster, replacement.log, new AbortController().signal);
    await replace(dataDir, place, replacement);
  } catch (error) {
    throw asEmbeddedError(error, `cannot restore into ${dataDir}`);
  } finally {
    await lock.release();
  }
}

/** @throws EmbeddedError where a restore into the data directory did not come to its end. */
export async function refuseUnfinishedRestore(dataDir: string): Promise<void> {
  const marker = join(dataDir, MARKER);
  if (!(await isThere(marker))) return;
  throw new EmbeddedError(
    `a restore into ${dataDir} did not come to its end: run it again, with --force, or remove ${marker} to go on with what is there`,
  );
}

async function refuseData(dataDir: string): Promise<void> {
  const found = (await readdir(dataDir)).find((name) => !NO_DATA.has(name) && !name.startsWith(UNFINISHED));
  if (found === undefined) return;
  throw new EmbeddedError(`${dataDir} is not empty, it has ${found}: give another DATA_DIR, or --force, which moves what is there aside`);
}

async function replace(dataDir: string, place: Place, { beside, fill, log }: Replacement): Promise<void> {
  const marker = join(dataDir, MARKER);
  const wasUnfinished = await isThere(marker);
  let isMoving = false;
  await removeUnfinished(place.base);
  const unfinished = await unfinishedDirectory(place);
  try {
    await writeFile(marker, '', { flush: true });
    await flush(dataDir);
    await ownTree(unfinished, await fill(unfinished), place.account);
    isMoving = true;
    await moveAside(dataDir, place, beside.name, log);
    await rename(unfinished, place.cluster);
    if (beside.content !== null) await writeFile(join(dataDir, beside.name), beside.content, { flag: 'wx', mode: 0o600, flush: true });
    await linkCluster(dataDir, place);
    for (const directory of [place.base, dataDir]) await flush(directory);
    await rm(marker);
    await flush(dataDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!isMoving && !wasUnfinished) await rm(marker, { force: true });
    throw error;
  }
}

/** PostgreSQL's user owns its files. */
async function ownTree(directory: string, paths: readonly string[], account: Account | null): Promise<void> {
  if (account === null) return;
  for (const path of paths) await chown(join(directory, path), account.uid, account.gid);
}

/** Moves what is there to a directory that a server could be started on in its turn. */
async function moveAside(dataDir: string, place: Place, beside: string, log: EmbeddedLog): Promise<void> {
  // A link that leads nowhere would stand in the way of another attempt.
  if (place.base !== dataDir) await rm(join(dataDir, CLUSTER), { force: true });
  const name = `${ASIDE}${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const [directory, entry] of [
    [place.base, CLUSTER],
    [dataDir, beside],
  ] as const) {
    if (!(await isThere(join(directory, entry)))) continue;
    const aside = join(directory, name);
    await mkdir(aside, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    await rename(join(directory, entry), join(aside, entry));
    await flush(aside);
    log.info(`what was there is kept as ${join(aside, entry)}`);
  }
}
