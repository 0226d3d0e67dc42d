/**
 * The embedded PostgreSQL after each way to die: of its server, of itself, of the guard between them. The slow
 * tests, which wait for a shutdown that hangs, come first, so that the others run beside them.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test as base, describe, expect } from 'vitest';
import type { EmbeddedConnection } from '../../src/database/embedded.ts';
import {
  childrenOf,
  eventually,
  gone,
  parentOf,
  postmasterOf,
  processesIn,
  query,
  type Scene,
  signal,
  withScene,
} from '../support/embedded-runner.ts';

const test = base.extend<{ scene: Scene }>(withScene);

describe.skipIf(process.platform !== 'linux').concurrent('death of the embedded PostgreSQL', { timeout: 120_000 }, () => {
  test('stops at once where a fast shutdown hangs, and loses nothing by it', async ({ scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    const connection = await driver.connection();
    await query(connection, 'CREATE TABLE kept AS SELECT 1 AS one');
    await stuckBackend(connection);
    await driver.stop();
    expect(driver.lines.some((line) => line.message?.includes('stopped at once'))).toBe(true);
    expect(await processesIn(join(dataDir, 'postgres'))).toEqual([]);
    expect(await query(await scene.run(dataDir).connection(), 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  test('is gone after kill -9 of its server even where a fast shutdown hangs', async ({ scene }) => {
    const dataDir = await scene.directory();
    const driver = scene.run(dataDir);
    await stuckBackend(await driver.connection());
    await driver.kill();
    await gone(join(dataDir, 'postgres'));
    expect(await query(await scene.run(dataDir).connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
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
    expect(last.lines.some((line) => line.message?.includes('not properly shut down'))).toBe(false);
    expect(seen.size).toBeGreaterThan(600);
  });

  test('waits for the PostgreSQL of a killed server that is still shutting down', async ({ scene }) => {
    const dataDir = await scene.directory();
    const first = scene.run(dataDir);
    const stuck = await stuckBackend(await first.connection());
    await first.kill();
    const next = scene.run(dataDir);
    await next.told('log', (line) => line.message?.includes('waiting for it to stop') ?? false);
    signal(stuck, 'SIGCONT');
    expect(await query(await next.connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(next.lines.some((line) => line.message?.includes('not properly shut down'))).toBe(false);
  });

  test('ends a PostgreSQL that lost its server and its guard', async ({ scene }) => {
    const dataDir = await scene.directory();
    const first = scene.run(dataDir);
    await first.connection();
    const orphan = await postmasterOf(join(dataDir, 'postgres'));
    const guard = parentOf(orphan);
    for (const pid of (await childrenOf(guard)).filter((child) => child !== orphan)) signal(pid, 'SIGKILL');
    signal(guard, 'SIGKILL');
    await first.kill();
    const next = scene.run(dataDir);
    expect(await query(await next.connection(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await postmasterOf(join(dataDir, 'postgres'))).not.toBe(orphan);
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
    const postmaster = await postmasterOf(join(dirname(connection.host), 'postgres'));
    const guard = parentOf(postmaster);
    signal(-(driver.process.pid ?? 0), 'SIGINT');
    // A service manager sends SIGTERM to every process it knows of, the guard included.
    signal(guard, 'SIGTERM');
    expect(await query(connection, 'SELECT 1 AS one FROM pg_sleep(1)')).toEqual([{ one: 1 }]);
    expect(parentOf(postmaster)).toBe(guard);
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
});

/** The pid of a backend that stands still in the middle of a query, so that no fast shutdown gets past it. */
async function stuckBackend(connection: EmbeddedConnection): Promise<number> {
  const sleep = 'SELECT pg_sleep(60)';
  // It ends with the database, and nobody waits for its answer.
  query(connection, sleep).catch(() => undefined);
  for (;;) {
    const [found] = await query(connection, `SELECT pid FROM pg_stat_activity WHERE query = '${sleep}' AND state = 'active'`);
    if (found === undefined) continue;
    signal(Number(found['pid']), 'SIGSTOP');
    return Number(found['pid']);
  }
}
