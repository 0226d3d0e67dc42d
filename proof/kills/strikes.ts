/** What is taken from a server that runs: its disk, its connections, its descriptors. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm, rmdir, symlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { ServerProcess } from '../../server/test/support/fault-process.ts';

const run = promisify(execFile);
const BLOCK = Buffer.alloc(65_536);
const PORT = 5432;
/** PostgreSQL accepts 100 by default. */
const CONNECTIONS_MAX = 500;
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

function clientOf({ dataDir }: ServerProcess): pg.Client {
  const client = new pg.Client({ host: join(dataDir, 'run'), port: PORT, user: 'openrun', database: 'openrun' });
  client.on('error', () => undefined);
  return client;
}

const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'openrun %'`;

/** Ends the server's connections to its database. */
export async function cutConnections(server: ServerProcess): Promise<void> {
  const client = clientOf(server);
  await client.connect();
  await client.query(END_CONNECTIONS);
  await client.end();
}

/** Takes every connection that PostgreSQL has, those of the server as well, for so long. Gives how to let them go. */
export async function hoardConnections(server: ServerProcess): Promise<() => Promise<void>> {
  const hoard: pg.Client[] = [];
  const takeAll = async (): Promise<void> => {
    while (hoard.length < CONNECTIONS_MAX) {
      const client = clientOf(server);
      const taken = await client.connect().then(
        () => true,
        () => false,
      );
      if (!taken) return;
      hoard.push(client);
    }
  };
  await takeAll();
  // What the server loses is taken before the server can have it back; what it gets all the same, it loses the next time.
  for (let count = 0; count < 3; count += 1) {
    await hoard[0]?.query(END_CONNECTIONS);
    await takeAll();
  }
  return async () => {
    await Promise.all(hoard.map((client) => client.end()));
  };
}

/** Leaves the process no descriptor to open, and wants many of it. Gives how to give them back. */
export async function takeDescriptors(server: ServerProcess): Promise<() => Promise<void>> {
  const pid = `${server.pid()}`;
  const { stdout } = await run('prlimit', ['--pid', pid, '--nofile', '--output', 'SOFT', '--noheadings']);
  const held = (await readdir(`/proc/${pid}/fd`)).length;
  await run('prlimit', ['--pid', pid, `--nofile=${held}:`]);
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
