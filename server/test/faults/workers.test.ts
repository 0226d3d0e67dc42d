/** Several processes behind one port: replaced while they sell, killed, counted together, ended together. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCaller } from '../support/caller.ts';
import { signal } from '../support/embedded-runner.ts';
import { isFailed, startLoad, stockUp } from '../support/fault-load.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { times } from '../support/fault-servers.ts';
import { expectStatus } from '../support/goods.ts';

const WORKERS = 2;
const USERS = 8;
const STOCK = 1_000_000;
/** Longer than a worker takes to end that has nothing under way. */
const BLOCKED_MS = 4000;
/** So long at most it takes a question to come to the first process. */
const ASKED_MS = 300;
const PATIENCE = { timeout: 60_000, interval: 100 };

let server: ServerProcess;

beforeEach(async () => {
  server = await createServerProcess({ WORKERS: String(WORKERS), CHARGE_POLICY: 'self' });
  await server.start();
});

afterEach(() => server.clear());

async function selling() {
  const users = await Promise.all(times(USERS, (index) => server.customer(`user-${index}`)));
  return startLoad(users, await stockUp(await server.staff(), STOCK));
}

/** Charges as often as that, by a connection each, so that they come to every worker in turn. */
async function charge(often: number): Promise<void> {
  const customer = await server.customer('one');
  for (let count = 0; count < often; count += 1) {
    const headers = { connection: 'close' };
    expectStatus(await createCaller(server.baseUrl, 'one', customer.token).post('/balance/charge', { amount: 1 }, { headers }), 200);
  }
}

async function metrics(): Promise<string> {
  return (await createCaller(server.baseUrl, '', null).get('/metrics', { headers: { connection: 'close' } })).body.text;
}

/** Waits until all workers are there: the first of them takes requests before. */
async function complete(): Promise<void> {
  await vi.waitFor(async () => expect(await metrics()).toContain(`openrun_workers ${WORKERS}\n`), PATIENCE);
}

const charged = (often: number): string => `openrun_answers_total{operation="POST /balance/charge",outcome="done"} ${often}\n`;
const STARTED = /^process_start_time_seconds \d+$/m;

/** How many of the processes have said that they take requests. */
function readyAmong(pids: readonly number[]): number {
  return pids.filter((pid) => server.output().includes(`"worker":${pid},"msg":"ready"`)).length;
}

describe.skipIf(process.platform !== 'linux')('several processes behind one port', () => {
  test('are replaced one after the other under load: nobody notices', async () => {
    const load = await selling();
    await load.acknowledgedMore(100);
    const before = await server.workers();
    expect(before).toHaveLength(WORKERS);
    await server.replaceWorkers();
    const now = await server.workers();
    expect(now).toHaveLength(WORKERS);
    expect(now.filter((pid) => before.includes(pid))).toEqual([]);
    await load.acknowledgedMore(100);
    const asked = await load.stop();
    expect(asked.filter(isFailed)).toEqual([]);
    expect(await server.audit()).toBe('audit: everything adds up');
  });

  test('are as many as before where a successor does not come up', async () => {
    const before = await server.workers();
    signal(server.pid(), 'SIGUSR2');
    const successor = await vi.waitFor(async () => {
      const found = (await server.workers()).find((pid) => !before.includes(pid));
      if (found === undefined) throw new Error('there is no successor yet');
      return found;
    }, PATIENCE);
    signal(successor, 'SIGKILL');
    await vi.waitFor(() => expect(server.output()).toContain('the workers were not replaced'), PATIENCE);
    signal(server.pid(), 'SIGUSR2');
    await vi.waitFor(() => expect(server.output()).toContain('the workers are new'), PATIENCE);
    const now = await server.workers();
    expect(now).toHaveLength(WORKERS);
    expect(now.filter((pid) => before.includes(pid))).toEqual([]);
  });

  test('are waited for, the one as well that was being replaced when all are to end', async () => {
    const [slow = 0] = (await server.workers()).toSorted((a, b) => a - b);
    // Whatever it has under way, it is not done with it.
    signal(slow, 'SIGSTOP');
    signal(server.pid(), 'SIGUSR2');
    await vi.waitFor(async () => expect(readyAmong(await server.workers())).toBe(WORKERS + 1), PATIENCE);
    let hasEnded = false;
    const ended = server.terminate().finally(() => {
      hasEnded = true;
    });
    await delay(BLOCKED_MS);
    expect(hasEnded).toBe(false);
    signal(slow, 'SIGCONT');
    expect(await ended).toBe(0);
  });

  test('one that is killed is replaced, and the others go on', async () => {
    const load = await selling();
    await load.acknowledgedMore(50);
    const [victim = 0, ...others] = await server.workers();
    signal(victim, 'SIGKILL');
    await load.acknowledgedMore(50);
    await vi.waitFor(async () => {
      const now = await server.workers();
      expect(now).toHaveLength(WORKERS);
      expect(now).toEqual(expect.arrayContaining(others));
      expect(now).not.toContain(victim);
    }, PATIENCE);
    await load.acknowledgedMore(50);
    await load.stop();
    expect(await server.audit()).toBe('audit: everything adds up');
  });

  test('a connection on its way to one that is killed is closed', async () => {
    const [victim = 0] = await server.workers();
    signal(victim, 'SIGSTOP');
    // What it is handed it does not take in, and the other has all the rest.
    const asked = times(WORKERS * 2, () => createCaller(server.baseUrl, '', null).get('/healthz', { headers: { connection: 'close' } }));
    const answers = asked.map((each) => each.then(({ status }) => status).catch(() => 0));
    await Promise.any(answers);
    signal(victim, 'SIGKILL');
    expect(new Set(await Promise.all(answers))).toEqual(new Set([0, 200]));
  });

  test('whoever is told something that was killed in the same moment does the first process no harm', async () => {
    await complete();
    // A connection to each, which stays.
    const ask = (path: string) => Promise.allSettled(times(WORKERS, () => createCaller(server.baseUrl, '', null).get(path)));
    await ask('/healthz');
    const [victim = 0] = await server.workers();
    signal(server.pid(), 'SIGSTOP');
    const asked = ask('/metrics');
    await delay(ASKED_MS);
    signal(victim, 'SIGKILL');
    signal(server.pid(), 'SIGCONT');
    await asked;
    await complete();
    expect(await metrics()).toContain('openrun_worker_ends_total 1\n');
  });

  test('the metrics are those of all, whichever is asked; what was counted stays when they end', { timeout: 180_000 }, async () => {
    await complete();
    const startedAt = (await metrics()).match(STARTED)?.[0] ?? '';
    await charge(20);
    for (let look = 0; look < 2 * WORKERS; look += 1) {
      const text = await metrics();
      expect(text).toContain(charged(20));
      expect(text).toContain(`openrun_workers ${WORKERS}\n`);
      expect(text).toContain('openrun_worker_ends_total 0\n');
    }
    const before = await server.workers();
    await server.replaceWorkers();
    expect((await server.workers()).filter((pid) => before.includes(pid))).toEqual([]);
    await complete();
    const replaced = await metrics();
    expect(replaced).toContain(charged(20));
    // Who was told to end is no worker that ended.
    expect(replaced).toContain('openrun_worker_ends_total 0\n');
    await charge(20);
    expect(await metrics()).toContain(charged(40));
    const [victim = 0] = await server.workers();
    signal(victim, 'SIGKILL');
    await vi.waitFor(async () => expect(await server.workers()).not.toContain(victim), PATIENCE);
    await complete();
    const killed = await metrics();
    expect(killed).toContain(charged(40));
    expect(killed).toContain('openrun_worker_ends_total 1\n');
    // The first process is the same: nothing began anew.
    expect(killed).toContain(startedAt);
  });

  test('end together, with 0, and leave nothing', async () => {
    const load = await selling();
    await load.acknowledgedMore(50);
    expect(await server.terminate()).toBe(0);
    await load.stop();
    // The guard of the database may still be in the last of its looks.
    await vi.waitFor(async () => expect(await server.left()).toEqual([]), PATIENCE);
    expect(await server.audit()).toBe('audit: everything adds up');
  });

  test('end where the first of them is killed', async () => {
    const load = await selling();
    await load.acknowledgedMore(50);
    await server.kill(false);
    await load.stop();
    await vi.waitFor(async () => expect(await server.left()).toEqual([]), PATIENCE);
    const starting = server.start();
    await vi.waitFor(() => expect(server.output()).toContain('"msg"'), PATIENCE);
    // There are none to be replaced yet.
    signal(server.pid(), 'SIGUSR2');
    await starting;
    expect(await server.audit()).toBe('audit: everything adds up');
  });
});
