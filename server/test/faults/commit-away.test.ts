/** The database stops and comes back: requests are turned away at once meanwhile, and nobody has to start the server again. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import { type EmbeddedConnection, type EmbeddedDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { type Answered, type Caller, createCaller } from '../support/caller.ts';
import { eventually } from '../support/eventually.ts';
import { serveOn } from '../support/fault-server.ts';
import { times } from '../support/fault-servers.ts';
import { tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Every answer comes by then, whatever the database does; the outcome of a COMMIT may take 10 s to be learnt. */
const ANSWERED_WITHIN_MS = 12_000;
/** Where the database is known to be away there is nothing to wait for. */
const TURNED_AWAY_WITHIN_MS = 2000;
const PAUSE_MS = 10;

interface OwnDatabase {
  readonly target: EmbeddedConnection;
  stop(): Promise<void>;
  /** Starts it again in the same place. */
  start(): Promise<void>;
}

async function startOwn(): Promise<OwnDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  // PostgreSQL does not run as root: its user has to pass through.
  await chmod(dataDir, 0o755);
  const start = (): Promise<EmbeddedDatabase> => startEmbedded({ dataDir, log: silent, onGaveUp: () => undefined });
  let current = await start();
  onTestFinished(async () => {
    await current.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    target: current.connection,
    stop: () => current.stop(),
    start: async () => {
      current = await start();
    },
  };
}

interface Charge {
  readonly key: string;
  readonly answer: Answered;
  readonly tookMs: number;
}

async function charge(user: Caller, key = tag()): Promise<Charge> {
  const startedAt = performance.now();
  const answer = await user.post('/balance/charge', { amount: 1 }, { key });
  return { key, answer, tookMs: performance.now() - startedAt };
}

/** Charges without end until it is stopped; `done` is everything that was answered so far. */
function chargeOn(user: Caller): { readonly done: readonly Charge[]; readonly stop: () => Promise<void> } {
  const done: Charge[] = [];
  const ending = new AbortController();
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      done.push(await charge(user));
      await delay(PAUSE_MS);
    }
  };
  const looping = loop();
  const stop = (): Promise<void> => {
    ending.abort();
    return looping;
  };
  return { done, stop };
}

/**
 * Repeats charges with their keys: what was answered as done was done, what was turned away was not, and the key tells what
 * nobody knew. All of them are done then.
 */
async function expectTruth(user: Caller, charges: readonly Charge[]): Promise<void> {
  const again = await Promise.all(charges.map(({ key }) => charge(user, key)));
  const wasDone = again.map(({ answer }) => answer.headers.get('idempotent-replayed') === 'true');
  const told = charges.map(({ answer }) => verdict(answer));
  const truth = told.map((word, index) => (word === '503 OUTCOME_UNKNOWN' ? word : wasDone[index] === true ? '200' : '503 OVERLOADED'));
  expect(told).toEqual(truth);
  expect((await user.get('/balance')).body.amount).toBe(charges.length);
}

test('a database that stops under load and comes back', async () => {
  const database = await startOwn();
  await migrate(database.target, () => undefined);
  const server = await serveOn(database.target);
  onTestFinished(() => server.close());
  const anyone = createCaller(server.baseUrl, '', null);
  const somebody = await server.customer('somebody');
  const users = await Promise.all(times(8, (index) => server.customer(`user ${index}`)));
  const loads = users.map(chargeOn);
  await eventually(async () => loads.every(({ done }) => done.length > 5)).toBe(true);
  await database.stop();

  for (const path of ['/balance', '/orders', '/products', '/coupons']) {
    const startedAt = performance.now();
    const answer = await somebody.get(path);
    expect([verdict(answer), answer.headers.get('retry-after')]).toEqual(['503 OVERLOADED', '1']);
    expect(performance.now() - startedAt).toBeLessThan(TURNED_AWAY_WITHIN_MS);
  }
  const away = await charge(somebody);
  expect(verdict(away.answer)).toBe('503 OVERLOADED');
  expect(away.tookMs).toBeLessThan(TURNED_AWAY_WITHIN_MS);
  expect([(await anyone.get('/healthz')).status, (await anyone.get('/readyz')).status]).toEqual([200, 503]);

  await database.start();
  const doneAway = loads.map(({ done }) => done.length);
  const back = await charge(somebody);
  expect(verdict(back.answer)).toBe('200');
  expect((await anyone.get('/readyz')).status).toBe(200);
  // A charge whose COMMIT was under way when the database stopped is answered once its outcome can be learnt, which is now.
  const isBack = ({ done }: (typeof loads)[number], index: number): boolean =>
    done.length > (doneAway[index] ?? 0) + 1 && done.at(-1)?.answer.status === 200;
  await eventually(async () => loads.every(isBack)).toBe(true);
  await Promise.all(loads.map(({ stop }) => stop()));

  for (const { done } of loads) {
    expect([done[0], done.at(-1)].map((one) => one?.answer.status)).toEqual([200, 200]);
    expect(Math.max(...done.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWERED_WITHIN_MS);
  }
  await Promise.all(users.map((user, index) => expectTruth(user, loads[index]?.done ?? [])));
  await expectTruth(somebody, [away, back]);
  const books = openDatabase(database.target, DEFAULT_LIMITS, () => undefined);
  expect(await audit(books)).toEqual([]);
  await books.close();
});
