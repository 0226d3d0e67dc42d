/** What is taken from a server that runs: its disk and its descriptors. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, rmdir, symlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerProcess } from '../../server/test/support/fault-process.ts';

const run = promisify(execFile);
const BLOCK = Buffer.alloc(65_536);
const SOCKETS = 100;

/** A small disk. */
export interface Disk {
  /** Writes until nothing more fits. */
  fill(): Promise<void>;
  /** Makes room again. */
  free(): Promise<void>;
  unmount(): void;
}

/** Whether this machine lets us mount something. */
export async function canMount(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]);
  if (status === 0) spawnSync('umount', [directory]);
  await rmdir(directory);
  return status === 0;
}

/** Mounts a disk of so many mebibytes. */
export async function mountDisk(directory: string, mebibytes: number): Promise<Disk> {
  await mkdir(directory, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'tmpfs', directory]);
  const filler = join(directory, 'filler');
  return {
    fill: async () => {
      const file = await open(filler, 'w');
      try {
        for (;;) await file.write(BLOCK);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler),
    unmount: () => void spawnSync('umount', ['-l', directory]),
  };
}

/** Puts the write-ahead log of a server that does not run into another directory. */
export async function moveWal({ dataDir }: ServerProcess, directory: string): Promise<void> {
  const wal = join(dataDir, 'postgres', 'pg_wal');
  await run('mv', [wal, directory]);
  await symlink(join(directory, 'pg_wal'), wal);
}

/** Lets the process open nothing any more, and wants much of it. Gives how to give them back. */
export async function takeDescriptors(server: ServerProcess): Promise<() => Promise<void>> {
  const pid = `${server.pid()}`;
  const { stdout } = await run('prlimit', ['--pid', pid, '--nofile', '--output', 'SOFT', '--noheadings']);
  await run('prlimit', ['--pid', pid, '--nofile=1:']);
  const sockets: Socket[] = [];
  const { hostname, port } = new URL(server.baseUrl);
  for (let count = 0; count < SOCKETS; count += 1) sockets.push(connect(Number(port), hostname).on('error', () => undefined));
  return async () => {
    await run('prlimit', ['--pid', pid, `--nofile=${stdout.trim()}:`]);
    for (const socket of sockets) socket.destroy();
  };
}

/** Whether the process is there. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
