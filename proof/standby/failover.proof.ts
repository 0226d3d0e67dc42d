/** The primary dies under load, its synchronous standby takes over, and the server follows by itself. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openArm } from '../../bench/arms/arm.ts';
import { installBinaries } from '../../server/src/database/embedded-binaries.ts';
import { migrate } from '../../server/src/database/migrate.ts';
import { createTokenMinter } from '../../server/src/http/auth.ts';
import { type Caller, createCaller } from '../../server/test/support/caller.ts';
import { expectExactly, repeatAll, startLoad } from '../../server/test/support/fault-load.ts';
import { couponOf, option } from '../../server/test/support/goods.ts';
import { createNode } from '../../server/test/support/postgres-node.ts';
import { prove } from '../support/proof.ts';

const USERS = 8;
const STOCK = 1_000_000;
const TOKEN_TTL_SECONDS = 86_400;
/** Acknowledged before a kill, and after it. */
const BETWEEN = 60;

prove(
  'a standby takes over',
  {
    promise:
      'Where the primary dies, its synchronous standby takes over without the loss of anything that was acknowledged, and the server follows by itself',
    how: 'every process of the primary killed under load and its standby promoted, in turn; then every write repeated with its key, every list compared, and the audit',
    unit: 'failovers',
    short: 1,
    long: 10,
  },
  async ({ tries }) => {
    const parent = await mkdtemp(join(tmpdir(), 'openrun-proof-'));
    await chmod(parent, 0o755);
    const binaries = await installBinaries(parent);
    let primary = await createNode(parent, 'one', binaries);
    let standby = await createNode(parent, 'two', binaries);
    try {
      await primary.startPrimary();
      await primary.query('CREATE DATABASE shop');
      const target = { url: `postgresql://openrun@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/shop` };
      await migrate(target, () => undefined);
      await standby.startStandbyOf(primary);
      await primary.waitForStandby();
      const noCluster = { dataDir: '/nonexistent', createDatabase: () => Promise.resolve(target), close: () => Promise.resolve() };
      const arm = await openArm(noCluster, { name: 'followed', groupCommitMax: null, writers: null, target });
      const mint = createTokenMinter({ secret: arm.secret, issuer: null, audience: null });
      const callerOf = async (sub: string, role?: 'staff'): Promise<Caller> => {
        const token = await mint({ sub, ttlSeconds: TOKEN_TTL_SECONDS, ...(role === undefined ? {} : { role }) });
        return createCaller(`http://127.0.0.1:${arm.port}`, sub, token);
      };
      const staff = await callerOf('staff', 'staff');
      const wares = {
        optionIds: await Promise.all([option({ staff }, { price: 10, stock: STOCK }), option({ staff }, { price: 20, stock: STOCK })]),
        couponIds: [await couponOf({ staff }, { quantity: 1000, discount: { type: 'fixed', amount: 1 } })],
      };
      const load = startLoad(await Promise.all(Array.from({ length: USERS }, (_, index) => callerOf(`user-${index}`))), wares);
      const secondsToRecover: number[] = [];
      for (let failover = 0; failover < tries; failover += 1) {
        await load.acknowledgedMore(BETWEEN);
        const killedAt = performance.now();
        await primary.kill();
        await standby.promote();
        await load.acknowledgedMore(USERS);
        secondsToRecover.push((performance.now() - killedAt) / 1000);
        // The dead one comes back as the standby of the one that took over.
        [primary, standby] = [standby, primary];
        await standby.startStandbyOf(primary);
        await primary.waitForStandby();
      }
      await load.acknowledgedMore(BETWEEN);
      const asked = await load.stop();
      const lost = asked.filter(({ answer }) => answer === null || answer.status >= 500).length;
      expect(lost, 'the load met the failovers').toBeGreaterThan(0);
      const effects = await repeatAll(asked);
      await expectExactly(effects, staff, STOCK);
      await arm.audit();
      await arm.close();
      const sorted = secondsToRecover.toSorted((one, other) => one - other).map((seconds) => seconds.toFixed(1));
      const times = `from the kill to acknowledged writes p50 ${sorted[Math.floor(sorted.length / 2)]} s, most ${sorted.at(-1)} s`;
      return {
        tries,
        note: `${times}; ${effects.length.toLocaleString('en-US')} effects, each there once; ${lost} of ${asked.length.toLocaleString('en-US')} writes met a failover`,
      };
    } finally {
      await primary.kill();
      await standby.kill();
      await rm(parent, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
