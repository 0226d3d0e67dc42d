/**
 * A worker of a Citus cluster dies under load, within two-phase commits as well, and comes back.
 *
 * `--citus-url` names a database of the coordinator, by a superuser; the workers run on this machine, where this process may kill and start them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, onTestFinished, vi } from 'vitest';
import { createDistributed, dropEverywhere, findNodes, onServer, urlOf } from '../../server/test/support/citus.ts';
import { gone, processesIn, signal } from '../../server/test/support/embedded-runner.ts';
import { tag } from '../../server/test/support/goods.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { KEPT, openScene, recoveryNote, reliefMs, someMoment } from './scene.ts';
import { isRunning } from './strikes.ts';

const { citusUrl } = inject('prove');
/** How long a worker is gone. */
const GONE_MS = 1000;
const POLL_MS = 20;
/** Citus recovers what was in doubt once in `citus.recover_2pc_interval`. */
const PATIENCE = { timeout: 180_000, interval: 200 };

interface Worker {
  kill(): Promise<void>;
  start(): Promise<void>;
  /** How many transactions were in doubt when it had started for the last time. */
  doubtful(): number;
  /** The transactions that are prepared there, and neither committed nor rolled back. */
  inDoubt(): Promise<number>;
}

/** @param url of a database of the worker. */
async function workerAt(url: string): Promise<Worker> {
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
  let doubtful = 0;
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
      doubtful = await vi.waitFor(() => {
        // One that comes too early, while the last one is still being cleared away, ends at once.
        if (child.exitCode !== null) child = launch();
        return inDoubt();
      }, PATIENCE);
    },
    doubtful: () => doubtful,
    inDoubt,
  };
}

prove(
  'kill -9 of a Citus worker',
  {
    promise: `After kill -9 of a worker of a Citus cluster under load, within two-phase commits as well, the shop goes on once the worker is back: ${KEPT}`,
    how: 'eight users charge, claim, order, pay and cancel; every process of a worker, each in its turn, is killed, and the worker started again a second later',
    unit: 'kills of a worker',
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
    const workers = await Promise.all(nodes.slice(1).map((node) => workerAt(urlOf(node, name))));
    const scene = await openScene({ settings: { DATABASE_URL: url, CHARGE_POLICY: 'self' } });
    const recoveries: number[] = [];
    const inDoubt: number[] = [];
    for (let count = 0; count < tries; count += 1) {
      const worker = workers[count % workers.length];
      if (worker === undefined) throw new Error('the cluster has no workers');
      const load = await scene.startLoad();
      await someMoment(load, random);
      const failing = load.failed();
      await worker.kill();
      await failing;
      await delay(GONE_MS);
      recoveries.push(await reliefMs(load, () => worker.start()));
      inDoubt.push(worker.doubtful());
      await load.stop();
      await vi.waitFor(
        async () => expect(await Promise.all(workers.map((each) => each.inDoubt()))).toEqual(workers.map(() => 0)),
        PATIENCE,
      );
      await scene.expectKept(load);
    }
    await scene.close();
    return {
      tries,
      note: `${recoveryNote(recoveries)}; ${inDoubt.reduce((sum, count) => sum + count, 0)} transactions were in doubt when the worker came back`,
    };
  },
);
