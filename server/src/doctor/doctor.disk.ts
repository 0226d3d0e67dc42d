/** The free space where the server keeps its files. */
import { realpath, stat, statfs } from 'node:fs/promises';
import { locateCluster } from '../database/embedded-place.ts';
import type { FreeSpace } from './doctor.types.ts';

/** Of the data directory and of the embedded database, once where both are on one file system; empty where neither is there. */
export async function readFreeSpace(dataDir: string): Promise<FreeSpace[]> {
  const directories = [await realpath(dataDir).catch(() => null), await locateCluster(dataDir)];
  const spaces = new Map<number, FreeSpace>();
  for (const directory of directories) {
    if (directory === null) continue;
    const { dev } = await stat(directory);
    const { bavail, blocks, bsize } = await statfs(directory);
    if (!spaces.has(dev)) spaces.set(dev, { directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize });
  }
  return [...spaces.values()];
}
