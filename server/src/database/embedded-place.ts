/**
 * Where the embedded database lives.
 *
 * Its files are in `<base>/postgres`, its programs in `<base>/runtime`, its socket in `<base>/run`. The base is
 * the data directory itself, unless the server is root and the unprivileged user of PostgreSQL cannot get there
 * (a clone below a home of mode 0700): then it is `/var/lib/openrun/<hash of the data directory>`, and
 * `<DATA_DIR>/postgres` is a link to it, so that the choice stays with the directory whatever its parents'
 * modes become, and so that whoever looks for the data finds it.
 */
import { createHash } from 'node:crypto';
import { chmod, lchown, lstat, mkdir, open, readlink, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Account, accountOf, canEnter, isRoot, unprivilegedAccount } from './embedded-account.ts';
import { asEmbeddedError, codeOf, EmbeddedError } from './embedded-error.ts';
import type { EmbeddedLog } from './embedded-log.ts';

const FALLBACK_ROOT = '/var/lib/openrun';
const CLUSTER = 'postgres';
const FALLBACK_CLUSTER = /^\/var\/lib\/openrun\/[0-9a-f]{16}\/postgres$/;
/** initdb puts its own path between double quotes into commands for a shell, and escapes nothing. */
const UNQUOTABLE = /["$`\\\n]/;
/** A socket's path is at most 107 bytes on Linux and 103 on macOS; one number for both keeps a directory portable. */
const MAX_SOCKET_PATH_BYTES = 103;
/** The number in the socket's file name; no TCP port is opened. */
export const SOCKET_PORT = 5432;

/** See the module's description. */
export interface Place {
  readonly base: string;
  /** The directory of the database, `<base>/postgres`; it exists once it is initialised. */
  readonly cluster: string;
  /** The user PostgreSQL runs as, or null for the user of this process. */
  readonly account: Account | null;
}

/** Creates the data directory if need be and gives its absolute path without links. */
export async function openDataDir(dataDir: string): Promise<string> {
  const directory = resolve(dataDir);
  if (UNQUOTABLE.test(directory)) {
    throw new EmbeddedError(`the path of the data directory has a character that PostgreSQL's initdb cannot quote: ${directory}`);
  }
  try {
    const created = await mkdir(directory, { recursive: true });
    if (created !== undefined) {
      const mode = isRoot() ? 0o711 : 0o700;
      for (let path = directory; path.length >= created.length; path = dirname(path)) await chmod(path, mode);
    }
    if (isRoot()) await letPass(directory);
    return await realpath(directory);
  } catch (error) {
    throw asEmbeddedError(error, `cannot create the data directory ${directory}`);
  }
}

/**
 * Lets every user pass through a directory of root's without reading it: the database below belongs to another
 * user. Only the data directory itself is changed, which is the server's own; its parents are not.
 */
async function letPass(directory: string): Promise<void> {
  const { uid, mode } = await stat(directory);
  if (uid === 0 && (mode & 0o001) === 0) await chmod(directory, (mode & 0o7777) | 0o001);
}

/** The directory of the database of an existing data directory, through the link where there is one. */
export async function locateCluster(dataDir: string): Promise<string | null> {
  return realpath(join(resolve(dataDir), CLUSTER)).catch(() => null);
}

/** Decides where the database of `dataDir` (absolute, without links) is or will be, and as whom it runs. */
export async function choosePlace(dataDir: string, log: EmbeddedLog): Promise<Place> {
  const linked = await readlink(join(dataDir, CLUSTER)).catch(() => '');
  if (FALLBACK_CLUSTER.test(linked)) {
    if (!(await isThere(linked))) throw linkedClusterMissing(dataDir, linked);
    log.info(`the database of ${dataDir} is in ${dirname(linked)}`);
    return existingPlace(dirname(linked));
  }
  if (await isThere(join(dataDir, CLUSTER))) return existingPlace(dataDir);
  if (!isRoot()) return placeAt(dataDir, null);

  const fallback = join(FALLBACK_ROOT, hashOf(dataDir));
  const account = await unprivilegedAccount();
  const reachable = await canEnter(account, dataDir);
  if (await isThere(join(fallback, CLUSTER))) {
    log.warn(`${fallback} already has a database of ${dataDir}: it is used again`);
    return existingPlace(fallback);
  }
  if (reachable) return placeAt(dataDir, account);
  await ownedDirectory(FALLBACK_ROOT, 0o755);
  await ownedDirectory(fallback, 0o711);
  log.warn(`the database is kept in ${fallback}, because PostgreSQL runs as the user ${account.name}, who cannot reach ${dataDir}`);
  return placeAt(fallback, account);
}

/** Leaves the link in the data directory that leads to a database kept elsewhere. */
export async function linkCluster(dataDir: string, place: Place): Promise<void> {
  if (place.base === dataDir) return;
  await symlink(place.cluster, join(dataDir, CLUSTER)).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

/** Removes a data directory for a moment's use, wherever its database is. */
export async function removeDataDir(dataDir: string): Promise<void> {
  const cluster = await readlink(join(dataDir, CLUSTER)).catch(() => '');
  if (FALLBACK_CLUSTER.test(cluster)) await rm(dirname(cluster), { recursive: true, force: true, maxRetries: 3 });
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
}

/** Creates the private directory of the socket: `<base>/run`, or one in the temporary directory where that is too long. */
export async function openSocketDirectory(place: Place): Promise<string> {
  const short = `openrun-${hashOf(place.base)}`;
  // Root's own temporary directory may be private to root, which PostgreSQL's user is not.
  const temporary = isRoot() ? '/tmp' : tmpdir();
  const candidates = [join(place.base, 'run'), join(temporary, short), join('/tmp', short)];
  const directory = candidates.find((candidate) => Buffer.byteLength(socketPath(candidate)) <= MAX_SOCKET_PATH_BYTES);
  if (directory === undefined) throw new EmbeddedError(`no directory for the socket is short enough: ${candidates.join(', ')}`);
  await privateDirectory(directory, place.account);
  return directory;
}

/** The path of the socket in its directory, as libpq and PostgreSQL build it. */
export function socketPath(directory: string): string {
  return join(directory, `.s.PGSQL.${SOCKET_PORT}`);
}

/**
 * A directory of mode 0700 that belongs to `account` (null: to this process's user). One that somebody else made
 * in its place is refused: in a shared temporary directory it could be a trap.
 */
export async function privateDirectory(directory: string, account: Account | null): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw asEmbeddedError(error, `cannot create ${directory}`);
  });
  const found = await lstat(directory);
  const owner = account?.uid ?? process.geteuid?.();
  const isPrivate = found.isDirectory() && (found.mode & 0o777) === 0o700;
  if (isPrivate && account !== null && found.uid === 0) return lchown(directory, account.uid, account.gid);
  if (!isPrivate || found.uid !== owner) {
    throw new EmbeddedError(`${directory} is not a private directory of ${account?.name ?? 'this user'}: remove it and start again`);
  }
}

/** The place of a database that is there already: its owner is who runs it, whoever would own a new one. */
async function existingPlace(base: string): Promise<Place> {
  const { uid, gid } = await lstat(await realpath(join(base, CLUSTER)));
  if (!isRoot()) {
    if (uid === process.geteuid?.()) return placeAt(base, null);
    throw new EmbeddedError(
      `the database in ${base} belongs to another user (uid ${uid}): start the server as the user that started it first`,
    );
  }
  if (uid === 0) throw new EmbeddedError(`${base}/${CLUSTER} belongs to root, as whom PostgreSQL does not run: it is no database of ours`);
  const account = await accountOf(uid, gid);
  if (await canEnter(account, base)) return placeAt(base, account);
  const advice = 'let others pass (chmod o+x) through each directory above it';
  throw new EmbeddedError(`the database in ${base} belongs to ${account.name}, who can no longer reach it: ${advice}`);
}

function placeAt(base: string, account: Account | null): Place {
  return { base, cluster: join(base, CLUSTER), account };
}

/** A directory of root's that nobody else can write to. */
async function ownedDirectory(directory: string, mode: number): Promise<void> {
  try {
    const created = await mkdir(directory, { recursive: true });
    if (created !== undefined) await chmod(directory, mode);
  } catch (error) {
    throw asEmbeddedError(error, `cannot create ${directory}, which stands in for a data directory that PostgreSQL's user cannot reach`);
  }
  const found = await lstat(directory);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new EmbeddedError(`${directory} must be a directory of root that nobody else can write to`);
  }
}

function linkedClusterMissing(dataDir: string, linked: string): EmbeddedError {
  return new EmbeddedError(
    `${join(dataDir, CLUSTER)} leads to ${linked}, which is gone: bring it back, or remove the link to begin with an empty database`,
  );
}

/** Whether something has this name, be it a link that leads nowhere. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Brings a file or the names in a directory to disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
