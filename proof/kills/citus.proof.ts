/**
 * A server of a Citus cluster dies under load, within two-phase commits as well, and comes back.
 *
 * `--citus-url` names a database of the coordinator, by a superuser; the servers run on this machine, where this process may kill and start them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, onTestFinished, vi } from 'vitest';
import { present } from '../../server/src/kernel/assert.ts';
import { createDistributed, dropEverywhere, findNodes, onServer, urlOf } from '../../server/test/support/citus.ts';
import { gone, processesIn, signal } from '../../server/test/support/embedded-runner.ts';
import { tag } from '../../server/test/support/goods.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { KEPT, openScene, recoveryNote, reliefMs, someMoment } from './scene.ts';
import { isRunning } from './strikes.ts';

const { citusUrl } = inject('prove');
/** How long a server is gone. */
const GONE_MS = 1000;
/** No order is to expire in between. */
const TTL_SECONDS = '86400';
const POLL_MS = 20;
/** Citus recovers what was in doubt once in `citus.recover_2pc_interval`. */
const PATIENCE = { timeout: 180_000, interval: 200 };

interface Node {
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The transactions that are prepared there, and neither committed nor rolled back. */
  inDoubt(): Promise<number>;
}

/** What dies of a cluster, and how it comes back: with how many transactions in doubt. */
interface Victim {
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<number>;
}

const VICTIMS: Readonly<Record<string, (coordinator: Node, workers: readonly Node[]) => readonly Victim[]>> = {
  worker: (_coordinator, workers) =>
    workers.map((worker) => ({
      kill: () => worker.kill(),
      start: async () => {
        await worker.start();
        return worker.inDoubt();
      },
    })),
  // While it is gone, nobody decides what the workers have prepared.
  coordinator: (coordinator, workers) => [
    {
      kill: () => coordinator.kill(),
      start: async () => {
        const count = sum(await Promise.all(workers.map((worker) => worker.inDoubt())));
        await coordinator.start();
        return count;
      },
    },
  ],
};

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** @param url of a database of the node. */
async function nodeAt(url: string): Promise<Node> {
  const ask = (sql: string): Promise<Record<string, unknown>> =>
    onServer(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows[0] ?? {});
  const directory = String((await ask('SHOW data_directory'))['data_directory']);
  const binaries = String((await ask(`SELECT setting FROM pg_config WHERE name = 'BINDIR'`))['setting']);
  const { uid, gid } = await stat(directory);
  const inDoubt = async (): Promise<number> =>
    Number((await ask('SELECT count(*) AS count FROM pg_prepared_xacts WHERE database = current_database()'))['count']);
  const launch = (): ChildProcess => {
    const child = spawn(join(binaries, 'postgres'), ['-D', directory], { uid, gid, cwd: '/', env: {}, stdio: 'ignore', detached: true });
    child.unref();
    return child;
  };
  return {
    kill: async () => {
      const pids = await processesIn(directory);
      for (const pid of pids) signal(pid, 'SIGKILL');
      await gone(directory);
      // Whom nobody has waited for yet still has its number, and PostgreSQL does not start beside a postmaster of that number.
      while (pids.some(isRunning)) await delay(POLL_MS);
    },
    start: async () => {
      let child = launch();
      await vi.waitFor(() => {
        // One that comes too early, while the last one is still being cleared away, ends at once.
        if (child.exitCode !== null) child = launch();
        return inDoubt();
      }, PATIENCE);
    },
    inDoubt,
  };
}

for (const [victim, victimsOf] of Object.entries(VICTIMS)) {
  prove(
    `kill -9 of a Citus ${victim}`,
    {
      promise: `After kill -9 of a ${victim} of a Citus cluster under load, within two-phase commits as well, the shop goes on once the ${victim} is back: ${KEPT}`,
      how: `eight users charge, claim, order, pay and cancel; every process of a ${victim}, each in its turn, is killed, and the ${victim} started again a second later`,
      unit: `kills of a ${victim}`,
      short: 0,
      long: citusUrl === null ? 0 : 20,
    },
    async ({ tries, seed }) => {
      const random = randomOf(seed);
      if (citusUrl === null) throw new Error('--citus-url is needed');
      const nodes = await findNodes(citusUrl);
      const name = `openrun_proof_${tag().slice(0, 8)}`;
      const url = await createDistributed(nodes, name);
      onTestFinished(() => dropEverywhere(nodes, name));
      const [coordinator, ...workers] = await Promise.all(nodes.map((node) => nodeAt(urlOf(node, name))));
      if (coordinator === undefined || workers.length === 0) throw new Error('the cluster has no workers');
      const victims = victimsOf(coordinator, workers);
      const scene = await openScene({ settings: { DATABASE_URL: url, CHARGE_POLICY: 'self', ORDER_TTL_SECONDS: TTL_SECONDS } });
      const recoveries: number[] = [];
      const inDoubt: number[] = [];
      for (let count = 0; count < tries; count += 1) {
        const { kill, start } = present(victims[count % victims.length], 'somebody to kill');
        const load = await scene.startLoad();
        await someMoment(load, random);
        const failing = load.failed();
        await kill();
        await failing;
        await delay(GONE_MS);
        recoveries.push(
          await reliefMs(load, async () => {
            inDoubt.push(await start());
          }),
        );
        await load.stop();
        await vi.waitFor(
          async () => expect(await Promise.all(workers.map((each) => each.inDoubt()))).toEqual(workers.map(() => 0)),
          PATIENCE,
        );
        await scene.expectKept(load);
      }
      await scene.close();
      return { tries, note: `${recoveryNote(recoveries)}; ${sum(inDoubt)} transactions were in doubt when the ${victim} came back` };
    },
  );
}
