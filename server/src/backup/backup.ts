/**
 * Takes a backup of the embedded database, with the server up or down: a base backup of PostgreSQL and what else of the data directory belongs to it.
 *
 * It is written under another name and renamed when it is whole, on disk and read back, so that one that was cut off, by a full disk or `kill -9`, is
 * never taken for a backup.
 */
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type BackupSource, type BaseBackup, withBaseBackup } from '../database/base-backup.ts';
import { lockHolder, takeLock } from '../database/embedded-lock.ts';
import { flush, isThere } from '../database/embedded-place.ts';
import { asBackupError, BackupError } from './backup.errors.ts';
import { expectRoom, flushTree, hashFile, sizeText, writeHashed } from './files.ts';
import { type BackupFile, CLUSTER, checkBackup, type Manifest, newManifest, writeManifest } from './manifest.ts';
import { readTar } from './tar.ts';

const PROGRESS_STEPS = 10;

export interface BackupOptions {
  readonly source: BackupSource;
  /** The data directory, and the names of the files in it that belong to the database. */
  readonly dataDir: string;
  readonly beside: readonly string[];
  /** Where to: a directory that is made, and must not be there. */
  readonly target: string;
  /** Of the program. */
  readonly version: string;
  readonly out: (line: string) => void;
}

/** Writes a backup and reads it back. @throws BackupError, and then there is no backup. */
export async function takeBackup(options: BackupOptions): Promise<Manifest> {
  const target = resolve(options.target);
  if (await isThere(target)) throw new BackupError(`${target} is there already: a backup overwrites nothing`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await clearAway(target);
    const unfinished = `${target}${UNFINISHED}${randomBytes(4).toString('hex')}`;
    await mkdir(unfinished, { mode: 0o700 });
    return await write(unfinished, target, options);
  } catch (error) {
    throw asBackupError(error, `the backup ${target} cannot be written`);
  }
}

const UNFINISHED = '.unfinished-';

/** Removes what is left of backups of this name that were cut off: of those whose process is gone. */
async function clearAway(target: string): Promise<void> {
  const parent = dirname(target);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(target)}${UNFINISHED}`)) continue;
    if ((await lockHolder(join(parent, name))) === null) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function write(unfinished: string, target: string, { source, dataDir, beside, version, out }: BackupOptions): Promise<Manifest> {
  let written = unfinished;
  try {
    const lock = await takeLock(unfinished);
    const { positions, files, directories } = await withBaseBackup(source, async (backup) => {
      await expectRoom(unfinished, backup.estimatedBytes);
      return { positions: backup.positions, ...(await unpack(backup, unfinished, out)) };
    });
    files.push(...(await copyBeside(dataDir, beside, unfinished)));
    const postgres = (await readFile(join(unfinished, CLUSTER, 'PG_VERSION'), 'utf8')).trim();
    const createdAt = new Date().toISOString();
    await writeManifest(unfinished, newManifest({ createdAt, openrun: version, postgres, log: positions(), directories, files }));
    await lock.confirm();
    await flushTree(unfinished);
    const manifest = await checkBackup(unfinished);
    await rename(unfinished, target);
    written = target;
    await flush(dirname(target));
    await rm(join(target, 'server.lock'), { force: true });
    return manifest;
  } catch (error) {
    await rm(written, { recursive: true, force: true });
    throw error;
  }
}

async function unpack(
  { archive, estimatedBytes }: BaseBackup,
  backup: string,
  out: (line: string) => void,
): Promise<{ files: BackupFile[]; directories: string[] }> {
  const files: BackupFile[] = [];
  const directories = new Set([CLUSTER]);
  await mkdir(join(backup, CLUSTER), { mode: 0o700 });
  let copied = 0;
  let told = 0;
  for await (const entry of readTar(archive)) {
    const path = join(CLUSTER, entry.path);
    if (entry.kind === 'directory') {
      await mkdir(join(backup, path), { recursive: true, mode: 0o700 });
      directories.add(path);
      continue;
    }
    const file = { path, ...(await writeHashed(join(backup, path), entry.contents)) };
    files.push(file);
    copied += file.bytes;
    if (copied - told < estimatedBytes / PROGRESS_STEPS) continue;
    told = copied;
    // What PostgreSQL estimates has not the log, which comes last.
    const all = copied <= estimatedBytes ? `about ${sizeText(estimatedBytes)} and the log` : 'the database and the log';
    out(`copied ${sizeText(copied)} of ${all}`);
  }
  return { files, directories: [...directories] };
}

/** What of the data directory the database is of no use without, where it is kept there. */
async function copyBeside(dataDir: string, names: readonly string[], backup: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  for (const path of names) {
    if (!(await isThere(join(dataDir, path)))) continue;
    await copyFile(join(dataDir, path), join(backup, path));
    files.push({ path, ...(await hashFile(join(backup, path))) });
  }
  return files;
}
