/**
 * The embedded PostgreSQL: the database that a server brings along where no `DATABASE_URL` is given.
 *
 * One server owns one data directory, by its lock. PostgreSQL runs as a child that stops when the server does,
 * however the server ends, is reached through a private Unix socket only, and loses nothing that it
 * acknowledged: fsync and data checksums are on.
 */
import { realpath, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installBinaries } from './embedded-binaries.ts';
import { DATABASE, initialise, SUPERUSER, USER } from './embedded-cluster.ts';
import { asEmbeddedError, EmbeddedError } from './embedded-error.ts';
import { lockHolder, takeLock } from './embedded-lock.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { choosePlace, linkCluster, locateCluster, openDataDir, openSocketDirectory, type Place, SOCKET_PORT } from './embedded-place.ts';
import { accepts, readPostmaster, retirePredecessor } from './embedded-postmaster.ts';
import { refuseUnfinishedRestore } from './embedded-replace.ts';
import { Supervisor } from './embedded-supervisor.ts';

export { EmbeddedError, type EmbeddedLog };

const COMING_UP_MS = 30_000;
const LOOK_MS = 100;

/** How to connect; every member is to be given to `pg`, which otherwise takes it from the environment. */
export interface EmbeddedConnection {
  /** The directory of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** A database that this process runs. */
export interface EmbeddedDatabase {
  readonly connection: EmbeddedConnection;
  /** The directory of the database's files. */
  readonly directory: string;
  /** Stops the database cleanly and releases the data directory; at most about 30 s, and harmless to repeat. */
  stop(): Promise<void>;
}

/** What {@link startEmbedded} needs. */
export interface EmbeddedOptions {
  /** Created if need be. */
  readonly dataDir: string;
  /** Servers that use it, by default one. */
  readonly processes?: number;
  readonly log: EmbeddedLog;
  /** PostgreSQL keeps ending by itself and is not started again; `stop` is still to be called. */
  onGaveUp(error: Error): void;
}

/**
 * Starts the database of a data directory, which is made on the first start, and resolves when it accepts
 * connections. Throws {@link EmbeddedError} where it cannot: another server has the directory (the message
 * names it and the process), the programs are missing, PostgreSQL refuses.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const dataDir = await openDataDir(options.dataDir);
  const lock = await takeLock(dataDir);
  try {
    await refuseUnfinishedRestore(dataDir);
    const place = await choosePlace(dataDir, options.log);
    await retirePredecessor(place.cluster, options.log, new AbortController().signal);
    const binaries = await installBinaries(place.base);
    await initialise(place, binaries, options.log);
    await linkCluster(dataDir, place);
    const socketDirectory = await openSocketDirectory(place);
    await lock.confirm();
    const supervisor = new Supervisor({ ...options, place, binaries, socketDirectory, onGaveUp: (error) => options.onGaveUp(error) });
    await supervisor.start();
    let stopped: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await supervisor.stop();
      await removeTemporary(socketDirectory, place);
      await lock.release();
    };
    return {
      connection: connectionTo(socketDirectory),
      directory: place.cluster,
      stop() {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await lock.release();
    throw asEmbeddedError(error, `cannot start the database of ${dataDir}`);
  }
}

/**
 * The connection of the database that a server runs on this data directory right now, or null: for the command
 * line, which works with the server up or down.
 */
export async function findRunning(dataDir: string): Promise<EmbeddedConnection | null> {
  const directory = await realpath(resolve(dataDir)).catch(() => null);
  if (directory === null || (await lockHolder(directory)) === null) return null;
  const cluster = await locateCluster(directory);
  const postmaster = cluster === null ? null : await readPostmaster(cluster);
  if (postmaster === null || postmaster.socketDirectory === null || !postmaster.isReady) return null;
  return (await accepts(postmaster.socketDirectory)) ? connectionTo(postmaster.socketDirectory) : null;
}

/** Like {@link findRunning}, of a database that is sure to come up soon; throws {@link EmbeddedError} where it does not. */
export async function awaitRunning(dataDir: string): Promise<EmbeddedConnection> {
  for (const deadline = performance.now() + COMING_UP_MS; performance.now() < deadline; ) {
    const running = await findRunning(dataDir);
    if (running !== null) return running;
    await delay(LOOK_MS);
  }
  throw new EmbeddedError(`the database of ${dataDir} did not come up within ${COMING_UP_MS / 1000} s`);
}

/** Whether the data directory has a database, running or not. */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  return (await locateCluster(dataDir)) !== null;
}

/** The same way in, as the superuser, who alone may copy everything; null where `target` is no embedded database. */
export function superuserOf(
  target: EmbeddedConnection | { readonly url: string },
): Pick<EmbeddedConnection, 'host' | 'port' | 'user'> | null {
  return 'url' in target ? null : { host: target.host, port: target.port, user: SUPERUSER };
}

function connectionTo(socketDirectory: string): EmbeddedConnection {
  return { host: socketDirectory, port: SOCKET_PORT, user: USER, database: DATABASE };
}

/** A socket's directory outside the data directory is not left lying about. */
async function removeTemporary(socketDirectory: string, place: Place): Promise<void> {
  // Where something else is in it, or the cleaner of temporary files was faster, it is not ours to remove.
  if (dirname(socketDirectory) !== place.base) await rmdir(socketDirectory).catch(() => undefined);
}
