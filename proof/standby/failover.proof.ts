/** The primary dies under load, its synchronous standby takes over, and the server follows by itself. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { installBinaries } from '../../server/src/database/embedded-binaries.ts';
import { migrate } from '../../server/src/database/migrate.ts';
import { type Asked, expectExactly, isFailed, type Load, repeatAll, startLoad, stockUp } from '../../server/test/support/fault-load.ts';
import { createServerProcess, type ServerProcess } from '../../server/test/support/fault-process.ts';
import { times } from '../../server/test/support/fault-servers.ts';
import { createNode, type Node } from '../../server/test/support/postgres-node.ts';
import { prove } from '../support/proof.ts';
import { timesNote } from '../support/times.ts';

const USERS = 8;
const STOCK = 1_000_000;
/** Acknowledged before a kill, and after it. */
const BETWEEN = 60;
const SETTINGS = { LOG_LEVEL: 'error', MAX_PENDING_ORDERS: '1000000', CHARGE_POLICY: 'self' };

/** Two PostgreSQL, of which one is the primary and the other its standby, in turn. */
interface Pair {
  readonly url: string;
  /** Kills the primary, promotes the standby, and calls `followed`; then the dead one comes back as the standby of the other. */
  failOver(followed: () => Promise<void>): Promise<void>;
}

async function withPair(use: (pair: Pair) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'openrun-proof-'));
  await chmod(parent, 0o755);
  const binaries = await installBinaries(parent);
  let primary = await createNode(parent, 'one', binaries);
  let standby = await createNode(parent, 'two', binaries);
  const rejoin = async (): Promise<void> => {
    await standby.startStandbyOf(primary);
    await primary.waitForStandby();
  };
  const followedBy = (one: Node, other: Node): string => `postgresql://openrun@127.0.0.1:${one.port},127.0.0.1:${other.port}/shop`;
  try {
    await primary.startPrimary();
    await primary.query('CREATE DATABASE shop');
    await rejoin();
    await use({
      url: followedBy(primary, standby),
      failOver: async (followed) => {
        await primary.kill();
        await standby.promote();
        await followed();
        [primary, standby] = [standby, primary];
        await rejoin();
      },
    });
  } finally {
    await primary.kill();
    await standby.kill();
    await rm(parent, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One failover under load: the time from the kill to acknowledged writes, and to the last request that failed. */
async function failedOver(pair: Pair, load: Load): Promise<{ readonly acknowledgedMs: number; readonly lastFailureMs: number }> {
  await load.acknowledgedMore(BETWEEN);
  const before = load.soFar().length;
  const killedAt = performance.now();
  let acknowledgedMs = Number.NaN;
  await pair.failOver(async () => {
    await load.acknowledgedMore(USERS);
    acknowledgedMs = performance.now() - killedAt;
  });
  await load.acknowledgedMore(BETWEEN);
  const failures = load
    .soFar()
    .slice(before - USERS)
    .filter((asked) => isFailed(asked) && asked.endedAt > killedAt);
  return { acknowledgedMs, lastFailureMs: Math.max(0, ...failures.map(({ endedAt }) => endedAt - killedAt)) };
}

async function expectKept(asked: readonly Asked[], server: ServerProcess): Promise<number> {
  const effects = await repeatAll(asked);
  await expectExactly(effects, await server.staff(), STOCK);
  expect(await server.audit()).toBe('audit: everything adds up');
  return effects.length;
}

const SERVERS = { 'the server': 1, 'a server of two processes': 2 } as const;
for (const [who, workers] of Object.entries(SERVERS)) {
  prove(
    `a standby takes over, and ${who} follows`,
    {
      promise: `Where the primary dies, its synchronous standby takes over without the loss of anything that was acknowledged, and ${who} follows`,
      how: 'every process of the primary killed under load and its standby promoted, in turn; then every write repeated with its key, every list compared, and the audit',
      unit: 'failovers',
      short: workers === 1 ? 1 : 0,
      long: 10,
    },
    async ({ tries }) => {
      let note = '';
      await withPair(async (pair) => {
        await migrate({ url: pair.url }, () => undefined);
        const server = await createServerProcess({ ...SETTINGS, DATABASE_URL: pair.url, WORKERS: String(workers) });
        try {
          await server.start();
          const wares = await stockUp(await server.staff(), STOCK);
          const load = startLoad(await Promise.all(times(USERS, (index) => server.customer(`user-${index}`))), wares);
          const failovers = [];
          for (let number = 0; number < tries; number += 1) failovers.push(await failedOver(pair, load));
          const asked = await load.stop();
          const failed = asked.filter(isFailed).length;
          expect(failed, 'the load met the failovers').toBeGreaterThan(0);
          const effects = await expectKept(asked, server);
          note = [
            `from the kill to acknowledged writes ${timesNote(failovers.map(({ acknowledgedMs }) => acknowledgedMs))}`,
            `to the last write that failed ${timesNote(failovers.map(({ lastFailureMs }) => lastFailureMs))}`,
            `${effects.toLocaleString('en-US')} effects, each there once`,
            `${failed} of ${asked.length.toLocaleString('en-US')} writes met a failover`,
          ].join('; ');
        } finally {
          await server.clear();
        }
      });
      return { tries, note };
    },
  );
}
