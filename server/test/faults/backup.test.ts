/**
 * `openrun backup` and `openrun restore`, through the command line and on real embedded databases: under load, killed in the middle, with a disk that
 * is full, and with backups that are damaged.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { restoreBackup } from '../../src/backup/restore.ts';
import type { Caller } from '../support/caller.ts';
import { type Command, type Ended, openrun, startOpenrun } from '../support/command-line.ts';
import { gone } from '../support/embedded-runner.ts';
import { isAcknowledged, startLoad, stockUp } from '../support/fault-load.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { times } from '../support/fault-servers.ts';
import { expectStatus } from '../support/goods.ts';

const CLEAN = 'audit: everything adds up';
const SECRET = 'the secret of a data directory, in text';
const POLL_MS = 2;
const NO_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Every directory of these tests, in one that PostgreSQL's user can reach. */
let parent: string;
/** A small shop and a backup of it. */
let shopDir: string;
let backup: string;
let made: Ended;
let names = 0;

const fresh = (name: string): string => join(parent, `${name}-${(names += 1)}`);
const inDir = (dataDir: string): { DATA_DIR: string } => ({ DATA_DIR: dataDir });

async function openServer(): Promise<ServerProcess> {
  const server = await createServerProcess();
  onTestFinished(() => server.clear());
  return server;
}

/** A copy of the backup, to be damaged: of links, so that what is changed in it has to be a new file. */
async function copyOfBackup(): Promise<string> {
  const copy = fresh('copy');
  await promisify(execFile)('cp', ['-al', backup, copy]);
  return copy;
}

async function changed(file: string, change: (content: Buffer) => Buffer): Promise<void> {
  const content = change(await readFile(file));
  await rm(file);
  await writeFile(file, content, { mode: 0o600 });
}

/** The bytes with one bit of one of them turned over. */
const flipped =
  (at: number) =>
  (content: Buffer): Buffer => {
    const copy = Buffer.from(content);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };

async function expectRefused(args: readonly string[], dataDir: string, reason: string): Promise<void> {
  const { exitCode, stderr } = await openrun(args, inDir(dataDir));
  expect(stderr).toContain(reason);
  expect(stderr).toMatch(/^openrun: /);
  expect(exitCode).toBe(1);
}

async function expectFailure(command: Command, reason: RegExp): Promise<void> {
  const { exitCode, stderr } = await command.ended;
  expect(stderr).toMatch(reason);
  expect(exitCode).toBe(1);
}

async function killed(command: Command): Promise<void> {
  command.process.kill('SIGKILL');
  expect((await command.ended).exitCode).toBeNull();
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  await chmod(parent, 0o755);
  shopDir = fresh('shop');
  backup = fresh('backup');
  await openrun(['seed'], { ...inDir(shopDir), SEED_DEMO: 'true' });
  await writeFile(join(shopDir, 'auth-secret'), SECRET, { mode: 0o600 });
  made = await openrun(['backup', backup], inDir(shopDir));
}, 120_000);
afterAll(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));

describe.skipIf(process.platform !== 'linux')('openrun backup', () => {
  test('of a server that sells is whole: restored elsewhere it has every write from before, and its books add up', {
    timeout: 180_000,
  }, async () => {
    const [server, restored] = [await openServer(), await openServer()];
    await server.start();
    const wares = await stockUp(await server.staff(), 100_000);
    const load = startLoad(await Promise.all(times(8, (index) => server.customer(`user ${index}`))), wares);
    await load.acknowledgedMore(200);
    const target = fresh('backup');
    const command = startOpenrun(['backup', target, '--verify'], inDir(server.dataDir));
    // What was acknowledged before the command had begun has to be in the backup.
    const before = load.soFar().filter(isAcknowledged);
    await command.said('written and read back');
    const during = load.soFar().filter(isAcknowledged).length - before.length;
    const { exitCode, stdout, stderr } = await command.ended;
    await load.stop();
    expect(exitCode, stderr).toBe(0);
    expect(stdout.trim().split('\n').slice(-2)).toEqual(['restored into a temporary directory', CLEAN]);
    expect((await readdir(parent)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(during, 'writes went on meanwhile').toBeGreaterThan(20);
    expect(before.length).toBeGreaterThanOrEqual(200);

    const { exitCode: restoring, stdout: said, stderr: failed } = await openrun(['restore', target], inDir(restored.dataDir));
    expect(restoring, failed).toBe(0);
    expect(said).toContain(CLEAN);
    await restored.start();
    const callers = new Map<string, Caller>(
      await Promise.all(times(8, async (index) => [`user ${index}`, await restored.customer(`user ${index}`)] as const)),
    );
    for (const { user, path, body, key, answer } of before) {
      const again = await callers.get(user.userId)?.post(path, body, { key });
      expect([again?.status, again?.headers.get('idempotent-replayed'), again?.body]).toEqual([answer?.status, 'true', answer?.body]);
    }
    await restored.terminate();
    expect(await restored.audit()).toBe(CLEAN);
  });

  test('tells how far it is and what it has made', () => {
    expect(made, made.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.stdout).toMatch(/copied [\d.]+ MB of about [\d.]+ MB/);
    expect(made.stdout).toMatch(/[\d.]+ MB in \d+ files, consistent as of [0-9A-F]+\/[0-9A-F]+ of the log/);
  });

  test('is for its owner alone, and has the secret of the data directory', async () => {
    const entries = await readdir(backup, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(entries.map(async (entry) => (await lstat(join(entry.parentPath, entry.name))).mode & 0o077));
    expect(new Set([...modes, (await lstat(backup)).mode & 0o077])).toEqual(new Set([0]));
    expect(await readFile(join(backup, 'auth-secret'), 'utf8')).toBe(SECRET);
  });

  test('that is killed in the middle leaves nothing that passes for one, and the next clears it away', { timeout: 120_000 }, async () => {
    const target = fresh('backup');
    const command = startOpenrun(['backup', target], inDir(shopDir));
    await command.said('copied');
    await killed(command);
    await gone(join(shopDir, 'postgres'));
    expect(existsSync(target)).toBe(false);
    const left = (await readdir(parent)).filter((name) => name.startsWith(target.slice(parent.length + 1)));
    expect(left).toEqual([expect.stringContaining('.unfinished-')]);
    await expectRefused(['restore', join(parent, left[0] ?? '')], fresh('never'), 'is no whole backup');
    expect((await openrun(['backup', target], inDir(shopDir))).exitCode).toBe(0);
    expect((await readdir(parent)).filter((name) => name.includes('.unfinished-'))).toEqual([]);
  });

  test('fails where the disk takes no more or the database dies, and leaves nothing', { timeout: 120_000 }, async () => {
    const server = await openServer();
    await server.start();
    const target = fresh('backup');
    // No file may grow over 8 MiB, which those of the log do.
    const full = startOpenrun(['backup', target], inDir(server.dataDir), `trap '' XFSZ; ulimit -f 16384; exec "$@"`);
    await expectFailure(full, /^openrun: the backup .* cannot be written: .*EFBIG/);
    const cut = startOpenrun(['backup', target], inDir(server.dataDir));
    await cut.said('copied');
    await server.killDatabase();
    await expectFailure(cut, /^openrun: the backup .* cannot be written: the database cannot be copied/);
    expect((await readdir(parent)).filter((name) => join(parent, name).startsWith(target))).toEqual([]);
  });

  test('that cannot be read back as it was written is none, and its name is free', { timeout: 60_000 }, async () => {
    const target = fresh('backup');
    const command = startOpenrun(['backup', target], inDir(shopDir));
    await command.said('copied');
    const unfinished = (await readdir(parent)).find((name) => join(parent, name).startsWith(target)) ?? '';
    // What the server sends first, and so is written by now.
    const label = join(parent, unfinished, 'postgres/backup_label');
    await writeFile(label, flipped(10)(await readFile(label)), { flag: 'r+' });
    await expectFailure(command, /^openrun: the backup .* is damaged: postgres\/backup_label is not what was written/);
    expect((await readdir(parent)).filter((name) => join(parent, name).startsWith(target))).toEqual([]);
  });

  test('refuses a database whose pages are damaged', { timeout: 60_000 }, async () => {
    const damaged = fresh('shop');
    expect((await openrun(['restore', backup], inDir(damaged))).exitCode).toBe(0);
    // The table of rewrite rules of a database that nobody uses.
    const { uid, gid } = await lstat(join(damaged, 'postgres/base/1/2618'));
    await changed(join(damaged, 'postgres/base/1/2618'), flipped(4000));
    await chown(join(damaged, 'postgres/base/1/2618'), uid, gid);
    const target = fresh('backup');
    await expectRefused(['backup', target], damaged, 'checksum verification failure');
    expect(existsSync(target)).toBe(false);
  });

  test('overwrites nothing, makes no database, and leaves DATABASE_URL to its own tools', async () => {
    await expectRefused(['backup', backup], shopDir, 'is there already');
    const nowhere = fresh('nowhere');
    await expectRefused(['backup', fresh('backup')], nowhere, 'has no database');
    expect(existsSync(nowhere)).toBe(false);
    for (const args of [
      ['backup', fresh('backup')],
      ['restore', backup],
    ]) {
      const { exitCode, stderr } = await openrun(args, { ...inDir(nowhere), DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('docs/backup.md')]);
    }
  });
});

/** Changes what a manifest says, with the checksum to go with it. */
async function resigned(copy: string, change: (text: string) => string): Promise<void> {
  await changed(join(copy, 'manifest.json'), (signed) => {
    const contents = change(
      signed
        .toString()
        .replace(/^\{"sha256":"[0-9a-f]+","contents":/, '')
        .slice(0, -1),
    );
    return Buffer.from(`{"sha256":"${createHash('sha256').update(contents).digest('hex')}","contents":${contents}}`);
  });
}

/** Kills a restore somewhere in the middle, and sooner where it had come to its end by then; gives where it was to be. */
async function restoringIsKilled(dataDir: string, afterMs = POLL_MS * 10): Promise<string> {
  const command = startOpenrun(['restore', backup], inDir(dataDir));
  const begun = async (): Promise<boolean> => (await readdir(dataDir).catch(() => [])).some((name) => name.startsWith('postgres.new-'));
  while (!(await begun())) await delay(POLL_MS);
  await delay(afterMs);
  await killed(command);
  if (!existsSync(join(dataDir, 'postgres'))) return dataDir;
  expect(afterMs, 'a restore is over before anybody can kill it').toBeGreaterThan(1);
  return restoringIsKilled(fresh('shop'), Math.floor(afterMs / 4));
}

describe.skipIf(process.platform !== 'linux')('openrun restore', () => {
  test.for<[string, (copy: string) => Promise<void>, string]>([
    ['a byte of the database is another', (copy) => changed(join(copy, 'postgres/base/1/2618'), flipped(4000)), 'is not what was written'],
    ['a byte of the secret is another', (copy) => changed(join(copy, 'auth-secret'), flipped(3)), 'is not what was written'],
    ['a byte of the manifest is another', (copy) => changed(join(copy, 'manifest.json'), flipped(300)), 'is damaged: its manifest.json'],
    [
      'a file is longer',
      (copy) => changed(join(copy, 'postgres/PG_VERSION'), (content) => Buffer.concat([content, Buffer.from(' ')])),
      'has another size',
    ],
    ['a file is gone', (copy) => rm(join(copy, 'postgres/base/1/2618')), 'base/1/2618 is missing'],
    ['a directory is gone', (copy) => rm(join(copy, 'postgres/pg_notify'), { recursive: true }), 'pg_notify is missing'],
    ['a file came in', (copy) => writeFile(join(copy, 'postgres/recovery.signal'), ''), 'recovery.signal, which is not in'],
    ['the manifest is gone', (copy) => rm(join(copy, 'manifest.json')), 'is no whole backup'],
    ['it is of another version', (copy) => resigned(copy, (text) => text.replace('"postgres":"18"', '"postgres":"17"')), 'PostgreSQL 17'],
    [
      'it leads out of itself',
      (copy) => resigned(copy, (text) => text.replace('postgres/PG_VERSION', 'postgres/../../x')),
      'is none of the format',
    ],
    [
      'its label is gone, with the line that names it',
      async (copy) => {
        await rm(join(copy, 'postgres/backup_label'));
        await resigned(copy, (text) => text.replace(/\{"path":"postgres\/backup_label"[^}]*\},?/, ''));
      },
      'backup_label is missing',
    ],
  ])('refuses a backup of which %s, and touches nothing', async ([, damage, reason]) => {
    const copy = await copyOfBackup();
    await damage(copy);
    const dataDir = fresh('never');
    // In this process, for one of their own takes seconds to begin; what the command line says of a refusal is tried above.
    await expect(restoreBackup({ backup: copy, dataDir, force: false, beside: 'auth-secret', log: NO_LOG })).rejects.toThrow(reason);
    expect(existsSync(dataDir)).toBe(false);
    await rm(copy, { recursive: true });
  });

  test('says what is wrong with a backup, and touches nothing', async () => {
    const copy = await copyOfBackup();
    await changed(join(copy, 'postgres/base/1/2618'), flipped(4000));
    const dataDir = fresh('never');
    await expectRefused(['restore', copy], dataDir, 'base/1/2618 is not what was written');
    expect(existsSync(dataDir)).toBe(false);
  });

  test('leaves what is there alone; with --force it moves it aside, from where it could be started', { timeout: 120_000 }, async () => {
    const server = await openServer();
    await server.start();
    await expectRefused(['restore', backup, '--force'], server.dataDir, `process ${server.pid()}`);
    const customer = await server.customer('minji');
    expectStatus(await customer.post('/balance/charge', { amount: 77 }), 200);
    await server.terminate();
    await expectRefused(['restore', backup], server.dataDir, 'is not empty');
    await server.start();
    expect((await customer.get('/balance')).body.amount).toBe(77);
    await server.terminate();
    await writeFile(join(server.dataDir, 'auth-secret'), 'another', { mode: 0o600 });

    const { exitCode, stdout } = await openrun(['restore', backup, '--force'], inDir(server.dataDir));
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(CLEAN)]);
    expect(await readFile(join(server.dataDir, 'auth-secret'), 'utf8')).toBe(SECRET);
    expect((await lstat(join(server.dataDir, 'auth-secret'))).mode & 0o777).toBe(0o600);
    await server.start();
    expect((await customer.get('/balance')).body.amount).toBe(0);
    await server.terminate();

    const aside = (await readdir(server.dataDir)).find((name) => name.startsWith('before-restore-')) ?? '';
    expect(stdout).toContain(join(server.dataDir, aside, 'postgres'));
    expect(await readFile(join(server.dataDir, aside, 'auth-secret'), 'utf8')).toBe('another');
    expect((await openrun(['audit'], inDir(join(server.dataDir, aside)))).stdout.trim()).toBe(CLEAN);
  });

  test('that is killed in the middle is no shop to start, until it is run again', { timeout: 120_000 }, async () => {
    const dataDir = await restoringIsKilled(fresh('shop'));
    await expectRefused(['audit'], dataDir, 'did not come to its end');
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    const { exitCode, stdout } = await openrun(['restore', backup], inDir(dataDir));
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(CLEAN)]);
    expect((await openrun(['audit'], inDir(dataDir))).stdout.trim()).toBe(CLEAN);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-') || name.startsWith('restore'))).toEqual([]);
  });
});
