/**
 * Adds to `package-lock.json` the platform builds that npm left out of it: `npm run lockfile`, after dependencies change.
 *
 * A registry that does not carry the builds of every platform makes npm drop the missing ones without a word, and
 * `npm ci` of npm 11 then refuses the lockfile. Their versions stand in the package that asks for them; their platform
 * is part of their name. They get no integrity here: npm adds it on a machine that can fetch them.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
  readonly version: string;
  readonly cpu?: string[];
  readonly dev?: true;
  readonly libc?: string[];
  readonly license?: string;
  readonly optional?: true;
  readonly os?: string[];
  readonly engines?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

interface Lockfile {
  readonly packages: Record<string, LockedPackage>;
}

const EXACT_VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const PLATFORM = /[-/](?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>[a-z0-9]+)(-\w*?(?<libc>gnu|musl))?/;

function isLockfile(value: unknown): value is Lockfile {
  return typeof value === 'object' && value !== null && 'packages' in value;
}

/** The lockfile's entry of a build such as `@oxlint/binding-linux-arm64-musl`, as its parent declares it. */
function entryOf(name: string, version: string, { dev, license, engines }: LockedPackage): LockedPackage {
  const { os, cpu, libc } = PLATFORM.exec(name)?.groups ?? {};
  return {
    version,
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(dev ? { dev } : {}),
    ...(libc ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {}),
    ...(license ? { license } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
    ...(engines ? { engines } : {}),
  };
}

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lockfile: unknown = JSON.parse(readFileSync(file, 'utf8'));
assert(isLockfile(lockfile), 'package-lock.json has no packages');
const missing = Object.entries(lockfile.packages).flatMap(([parent, locked]) =>
  Object.entries(locked.optionalDependencies ?? {})
    .filter(
      ([name, version]) =>
        EXACT_VERSION.test(version) && !lockfile.packages[`node_modules/${name}`] && !lockfile.packages[`${parent}/node_modules/${name}`],
    )
    .map(([name, version]): [string, LockedPackage] => [`node_modules/${name}`, entryOf(name, version, locked)]),
);
const packages = [...Object.entries(lockfile.packages), ...missing].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(file, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} platform builds added`);
