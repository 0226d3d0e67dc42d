/** Files of a backup: written with their checksum, and brought to disk. */
import { createHash } from 'node:crypto';
import { open, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { flush } from '../database/embedded-place.ts';
import { BackupError } from './backup.errors.ts';

const FLUSHED_AT_ONCE = 16;
const PIECE_BYTES = 2 ** 20;
/** What stays free besides: a database that runs on the same disk goes on writing. */
const SPARE_BYTES = 64 * 2 ** 20;

/** What a file holds. */
export interface Contents {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a new file for its owner alone. */
export async function writeHashed(path: string, pieces: AsyncIterable<Buffer>): Promise<Contents> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The pieces of a file, each good until the next one is asked for: a database has a thousand small files, and memory for each costs more than to read them. */
export async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(size, PIECE_BYTES)));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export async function hashFile(path: string): Promise<Contents> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of piecesOf(path)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Everything below a directory: its files and its directories, by paths relative to it; what is neither is among the files. */
export async function listTree(directory: string): Promise<{ files: string[]; directories: string[] }> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const named = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name).slice(directory.length + 1) }));
  const paths = (isDirectory: boolean): string[] =>
    named
      .filter(({ entry }) => entry.isDirectory() === isDirectory)
      .map(({ path }) => path)
      .toSorted();
  return { files: paths(false), directories: paths(true) };
}

/** Brings a directory with everything below it to disk. */
export async function flushTree(directory: string): Promise<void> {
  const { files, directories } = await listTree(directory);
  const paths = [...files, ...directories, '.'];
  for (let start = 0; start < paths.length; start += FLUSHED_AT_ONCE) {
    await Promise.all(paths.slice(start, start + FLUSHED_AT_ONCE).map((path) => flush(join(directory, path))));
  }
}

/** Refuses what has no room, before it fills the disk that a database may be on. */
export async function expectRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytes + SPARE_BYTES) {
    throw new BackupError(`${directory} has ${sizeText(bavail * bsize)} free, and about ${sizeText(bytes + SPARE_BYTES)} are needed`);
  }
}

export function sizeText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
