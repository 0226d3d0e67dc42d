/**
 * Initialises the directory of the database. It is made under another name and renamed when it is complete and
 * on disk, so that a first start that was cut off leaves nothing that looks like a database.
 */
import { randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedError } from './embedded-error.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { flush, type Place, privateDirectory } from './embedded-place.ts';
import { runGuarded } from './embedded-process.ts';

/** The user and the database of the server, made with the directory. */
export const USER = 'openrun';
export const DATABASE = 'openrun';
/** Whoever may become PostgreSQL's system user is this one. */
export const SUPERUSER = 'postgres';

/** How the directories begin that are to become a database and are not one yet. */
export const UNFINISHED = 'postgres.new-';
const TIMEOUT_MS = 180_000;

/** `postgres` stays the superuser, for whoever may become its system user; the server's own user is an ordinary one. */
const SETUP = `CREATE ROLE ${USER} LOGIN CREATEDB IN ROLE pg_monitor;\nCREATE DATABASE ${DATABASE} OWNER ${USER};\n`;

/**
 * `--locale` is the builtin provider's, which sorts alike on every system. The categories of the C library are
 * C, because not every system has a C.UTF-8 of its own.
 */
const INITDB_ARGUMENTS = [
  `--username=${SUPERUSER}`,
  '--auth-local=trust',
  '--auth-host=reject',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--locale=C.UTF-8',
  ...['collate', 'ctype', 'messages', 'monetary', 'numeric', 'time'].map((category) => `--lc-${category}=C`),
  '--data-checksums',
  '--no-instructions',
];

/** Makes the database of `place` unless it is there; throws {@link EmbeddedError} where what is there is of another version. */
export async function initialise(place: Place, binaries: Binaries, log: EmbeddedLog): Promise<void> {
  await removeUnfinished(place.base);
  if (await isInitialised(place.cluster, binaries.major)) return chmod(place.cluster, 0o700);

  log.info(`making a new database in ${place.cluster}`);
  const unfinished = await unfinishedDirectory(place);
  try {
    await run(place, [binaries.initdb, `--pgdata=${unfinished}`, ...INITDB_ARGUMENTS]);
    await run(place, [binaries.postgres, '--single', '-D', unfinished, '-c', 'exit_on_error=on', 'postgres'], SETUP);
    await flush(unfinished);
    await rename(unfinished, place.cluster);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await flush(place.base);
}

/** Clears away what was cut off. */
export async function removeUnfinished(base: string): Promise<void> {
  const leftovers = (await readdir(base)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of leftovers) await rm(join(base, name), { recursive: true, force: true, maxRetries: 3 });
}

/** A new directory of PostgreSQL's user, to be renamed once it is a database. */
export async function unfinishedDirectory(place: Place): Promise<string> {
  const unfinished = join(place.base, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  await privateDirectory(unfinished, place.account);
  return unfinished;
}

async function isInitialised(cluster: string, major: string): Promise<boolean> {
  const entries = await readdir(cluster).catch(() => null);
  if (entries === null) return false;
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === major) return true;
  const what = version === '' ? 'is not a directory of PostgreSQL' : `is of PostgreSQL ${version}`;
  throw new EmbeddedError(`${cluster} ${what}, and this server brings PostgreSQL ${major}: move it away, or set DATABASE_URL`);
}

async function run(place: Place, command: readonly string[], input = ''): Promise<void> {
  const { ok, output } = await runGuarded(command, { account: place.account, cwd: place.base, input, timeoutMs: TIMEOUT_MS });
  if (!ok) throw new EmbeddedError(`cannot make a database in ${place.cluster}:\n${output}`);
}
