/** Restores a backup into a data directory: all of it is checked before anything is touched, and again while it is copied. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bundledMajor } from '../database/embedded-binaries.ts';
import type { EmbeddedLog } from '../database/embedded-log.ts';
import { replaceDatabase } from '../database/embedded-replace.ts';
import { BackupError } from './backup.errors.ts';
import { expectRoom, flushTree, piecesOf, writeHashed } from './files.ts';
import { CLUSTER, checkBackup, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  readonly backup: string;
  readonly dataDir: string;
  /** Whether what is there is moved aside. */
  readonly force: boolean;
  /** The file that belongs to the database and lies beside it. */
  readonly beside: string;
  readonly log: EmbeddedLog;
}

/** Gives the manifest of what was restored. @throws BackupError or EmbeddedError; then the data directory is as it was, or says that it is not. */
export async function restoreBackup({ backup, dataDir, force, beside, log }: RestoreOptions): Promise<Manifest> {
  const source = resolve(backup);
  const manifest = await checkBackup(source);
  const major = await bundledMajor();
  if (manifest.postgres !== major) {
    throw new BackupError(`the backup ${source} is of PostgreSQL ${manifest.postgres}, and this program brings PostgreSQL ${major}`);
  }
  const content = manifest.files.some(({ path }) => path === beside) ? await readFile(join(source, beside)) : null;
  await replaceDatabase({ dataDir, force, log, beside: { name: beside, content }, fill: (cluster) => copyInto(cluster, source, manifest) });
  return manifest;
}

async function copyInto(cluster: string, source: string, manifest: Manifest): Promise<readonly string[]> {
  await expectRoom(cluster, manifest.bytes);
  const within = (path: string): string[] => (path.startsWith(`${CLUSTER}/`) ? [path.slice(CLUSTER.length + 1)] : []);
  const directories = manifest.directories.flatMap(within).toSorted();
  for (const directory of directories) await mkdir(join(cluster, directory), { mode: 0o700 });
  const paths = [...directories];
  for (const file of manifest.files) {
    const [path] = within(file.path);
    if (path === undefined) continue;
    const { sha256 } = await writeHashed(join(cluster, path), piecesOf(join(source, file.path)));
    if (sha256 !== file.sha256) throw new BackupError(`${file.path} of the backup ${source} changed while it was read`);
    paths.push(path);
  }
  await flushTree(cluster);
  return paths;
}

/** Where a backup may be tried: beside it, where it has proven to have room. */
export function trialDirectory(backup: string): string {
  return join(dirname(resolve(backup)), '.openrun-trial-');
}
