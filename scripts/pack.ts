/**
 * Makes the packages that are published: `npm run pack`. Each is assembled as a folder under `dist/`, JavaScript in place of TypeScript, which Node
 * does not run from `node_modules`, with a `package.json` of its own, and packed as `dist/*.tgz`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** As much of a `package.json` as goes into another. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'name' in value && 'version' in value && 'dependencies' in value;
}

function manifestOf(workspace: string): Manifest {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'));
  assert(isManifest(manifest), `${workspace}/package.json names its dependencies`);
  return manifest;
}

/** Compiles a workspace into its package. Specifiers that the compiler leaves alone, in declarations and addresses, end as the files do, too. */
function compile(workspace: string, into: string): void {
  execFileSync('npx', ['tsc', '-p', `${workspace}/tsconfig.build.json`], { cwd: ROOT, stdio: 'inherit' });
  for (const name of readdirSync(into, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|d\.ts)$/.test(name)) continue;
    const file = join(into, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"])(\.{1,2}\/[^'"\n]+)\.ts\1/g, '$1$2.js$1'));
  }
}

/** Completes a package and packs it; gives the tarball. */
function pack(folder: string, readme: string, manifest: object): string {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(ROOT, readme), join(folder, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  const packed: unknown = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', DIST], { cwd: folder, encoding: 'utf8' }),
  );
  const name = /"filename":\s*"([^"]+)"/.exec(JSON.stringify(packed))?.[1];
  assert(name !== undefined, 'npm says what it packed');
  return join(DIST, name);
}

/** A new folder for a package. */
function emptyFolder(name: string): string {
  const folder = join(DIST, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** `@openrun/client`: JavaScript with its types, for browsers and for Node. */
export function packClient(): string {
  const { name, version, description, license, engines, exports = {}, dependencies } = manifestOf('client');
  const folder = emptyFolder('client');
  compile('client', join(folder, 'dist'));
  const built = Object.entries(exports).map(([entry, source]) => {
    const path = source.replace('./src/', './dist/').replace(/\.ts$/, '');
    return [entry, { types: `${path}.d.ts`, default: `${path}.js` }] as const;
  });
  return pack(folder, 'client/README.md', {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines,
    exports: Object.fromEntries(built),
    dependencies,
  });
}

/** `openrun`: the server with its pages, and the command that starts it. The layout is the repository's, by which the files find one another. */
export function packServer(): string {
  const { name, version, description, license, engines, dependencies } = manifestOf('.');
  const server = manifestOf('server');
  const folder = emptyFolder('openrun');
  compile('server', join(folder, 'server/src'));
  chmodSync(join(folder, 'server/src/launch.js'), 0o755);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  for (const path of ['server/src/pages/assets', 'server/migrations', 'web/dist']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  return pack(folder, 'README.md', {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { openrun: 'server/src/launch.js' },
    engines,
    dependencies: { ...dependencies, ...server.dependencies },
    optionalDependencies: server.optionalDependencies,
  });
}

if (import.meta.main) {
  for (const tarball of [packClient(), packServer()]) console.log(tarball);
}
