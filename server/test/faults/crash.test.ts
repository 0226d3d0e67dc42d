/**
 * The real server, killed under load in every way: whatever was acknowledged is there afterwards, once, and what was not can
 * be repeated with its key.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { expectExactly, type Load, repeatAll, startLoad, stockUp } from '../support/fault-load.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { times } from '../support/fault-servers.ts';
import { verdict } from '../support/refusal.ts';

const STOCK = 100_000;
const USERS = 8;
/** Kills are not to fall into the same phase of the work every time. */
const MOMENT_MS = 150;

async function openServer(): Promise<{ server: ServerProcess; load: Load }> {
  const server = await createServerProcess();
  onTestFinished(() => server.clear());
  await server.start();
  const wares = await stockUp(await server.staff(), STOCK);
  const users = await Promise.all(times(USERS, (index) => server.customer(`user ${index}`)));
  return { server, load: startLoad(users, wares) };
}

/** Expects all that the load was answered to be there, and the books to add up; gives what the load was told, `lost` for no answer. */
async function expectAllKept(server: ServerProcess, load: Load): Promise<string[]> {
  const asked = await load.stop();
  const told = asked.map(({ answer }) => (answer === null ? 'lost' : verdict(answer)));
  const effects = await repeatAll(asked);
  await expectExactly(effects, await server.staff(), STOCK);
  expect(await server.audit()).toBe('audit: everything adds up');
  return told;
}

const moment = (): Promise<void> => delay(Math.random() * MOMENT_MS);

test.skipIf(process.platform !== 'linux')('a server ends where the command of the package that started it is killed', async () => {
  const server = await createServerProcess({}, 'launch.ts');
  onTestFinished(() => server.clear());
  await server.start();
  await server.kill(false);
  await vi.waitFor(async () => expect(await server.left()).toEqual([]), { timeout: 40_000, interval: 100 });
});

describe.skipIf(process.platform !== 'linux')('a server under load', () => {
  test('that is killed ten times, every other time with its database, loses and doubles nothing', { timeout: 180_000 }, async () => {
    const { server, load } = await openServer();
    for (let round = 0; round < 10; round += 1) {
      await load.acknowledgedMore(30);
      await moment();
      await server.kill(round % 2 === 1);
      await server.start();
    }
    await load.acknowledgedMore(30);
    const told = await expectAllKept(server, load);
    expect(told).toContain('lost');
    expect(told.length).toBeGreaterThan(300);
  });

  test('whose PostgreSQL is killed turns requests away and goes on by itself', { timeout: 120_000 }, async () => {
    const { server, load } = await openServer();
    for (let round = 0; round < 2; round += 1) {
      await load.acknowledgedMore(30);
      await moment();
      await server.killDatabase();
    }
    await load.acknowledgedMore(30);
    const told = await expectAllKept(server, load);
    expect(told).toContain('503 OVERLOADED');
    expect(told).not.toContain('lost');
  });

  test('that is told to stop keeps what it answered, ends with 0 and leaves no process', { timeout: 120_000 }, async () => {
    const { server, load } = await openServer();
    await load.acknowledgedMore(100);
    await moment();
    expect(await server.terminate()).toBe(0);
    await eventually(() => server.left()).toEqual([]);
    await server.start();
    await load.acknowledgedMore(30);
    await expectAllKept(server, load);
  });
});
