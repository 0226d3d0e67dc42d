/**
 * What a backup says of itself, `manifest.json`: its files with their checksums. It is written last, so that a directory without one is no backup,
 * and has a checksum of its own.
 *
 * A backup is a directory: `postgres/` the database's, `auth-secret` where the data directory keeps one, and the manifest.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { asBackupError, BackupError } from './backup.errors.ts';
import { hashFile, listTree } from './files.ts';

const MANIFEST = 'manifest.json';
const FORMAT = 1;
/** The directory of the database in a backup. */
export const CLUSTER = 'postgres';
/** The lock of whoever writes it, which dies with the process. */
const LOCK = 'server.lock';
/** Without these PostgreSQL would not know that it is to recover, or from what. */
const NEEDED = ['PG_VERSION', 'backup_label', 'global/pg_control'];
const LOG_SEGMENT = new RegExp(`^${CLUSTER}/pg_wal/[0-9A-F]{24}$`);
/** No way leads out of a backup: no empty name, none of dots alone, no root. */
const RELATIVE = '^(?!\\.{1,2}(?:/|$))[^/\\0]+(?:/(?!\\.{1,2}(?:/|$))[^/\\0]+)*$';

const path = Type.String({ pattern: RELATIVE, maxLength: 1000 });
const contents = Type.Object(
  {
    format: Type.Literal(FORMAT),
    createdAt: Type.String(),
    openrun: Type.String(),
    /** The major version, as `PG_VERSION` has it. */
    postgres: Type.String({ pattern: '^[0-9]{2}$' }),
    /** Where the log stood when the backup began and when it ended. */
    log: Type.Object({ start: Type.String(), end: Type.String() }),
    bytes: Type.Integer({ minimum: 0 }),
    directories: Type.Array(path, { maxItems: 100_000 }),
    files: Type.Array(Type.Object({ path, bytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }), {
      maxItems: 1_000_000,
    }),
  },
  { additionalProperties: false },
);
const signed = Type.Object({ sha256: Type.String(), contents });

export type Manifest = Static<typeof contents>;
export type BackupFile = Manifest['files'][number];

export function newManifest(given: Omit<Manifest, 'format' | 'bytes'>): Manifest {
  return { format: FORMAT, ...given, bytes: given.files.reduce((total, { bytes }) => total + bytes, 0) };
}

/** Makes a whole backup of a directory that has all of its files. */
export async function writeManifest(backup: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify({ sha256: checksumOf(manifest), contents: manifest });
  await writeFile(join(backup, MANIFEST), text, { flag: 'wx', mode: 0o600, flush: true });
}

/**
 * Reads all of a backup and compares it with its manifest, which it gives.
 *
 * @throws BackupError where anything is missing, changed or added.
 */
export async function checkBackup(backup: string): Promise<Manifest> {
  const manifest = await readManifest(backup);
  try {
    await compare(backup, manifest);
  } catch (error) {
    throw asBackupError(error, `the backup ${backup} cannot be read`);
  }
  return manifest;
}

async function readManifest(backup: string): Promise<Manifest> {
  const text = await readFile(join(backup, MANIFEST), 'utf8').catch((error: unknown) => {
    throw new BackupError(`${backup} is no whole backup: it has no ${MANIFEST} to read`, { cause: error });
  });
  const damaged = (what: string): BackupError => new BackupError(`the backup ${backup} is damaged: its ${MANIFEST} ${what}`);
  const found = parse(text);
  if (!Value.Check(signed, found)) throw damaged(`is none of the format ${FORMAT}`);
  if (checksumOf(found.contents) !== found.sha256) throw damaged('has another checksum than it says');
  return found.contents;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function compare(backup: string, manifest: Manifest): Promise<void> {
  const damaged = (what: string): BackupError => new BackupError(`the backup ${backup} is damaged: ${what}`);
  const listed = new Set([...manifest.directories, ...manifest.files.map((file) => file.path)]);
  for (const needed of NEEDED) if (!listed.has(join(CLUSTER, needed))) throw damaged(`${needed} is missing`);
  if (!manifest.files.some((file) => LOG_SEGMENT.test(file.path))) throw damaged('the log that makes it consistent is missing');
  const { files, directories } = await listTree(backup);
  const added = [...files, ...directories].find((found) => !listed.has(found) && found !== MANIFEST && found !== LOCK);
  if (added !== undefined) throw damaged(`it has ${added}, which is not in its ${MANIFEST}`);
  for (const directory of manifest.directories) {
    if (!(await lstat(join(backup, directory)).catch(() => null))?.isDirectory()) throw damaged(`${directory} is missing`);
  }
  for (const file of manifest.files) {
    const found = await lstat(join(backup, file.path)).catch(() => null);
    if (found === null) throw damaged(`${file.path} is missing`);
    if (!found.isFile() || found.size !== file.bytes) throw damaged(`${file.path} has another size than when it was written`);
    if ((await hashFile(join(backup, file.path))).sha256 !== file.sha256) throw damaged(`${file.path} is not what was written`);
  }
}

function checksumOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
