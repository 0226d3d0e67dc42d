/** A server of its own process and database under load, which is held to what it answered, whatever is done to it. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { type Asked, expectExactly, type Load, repeatAll, startLoad, stockUp } from '../../server/test/support/fault-load.ts';
import { createServerProcess, type ServerProcess } from '../../server/test/support/fault-process.ts';
import { times } from '../../server/test/support/fault-servers.ts';
import { verdict } from '../../server/test/support/refusal.ts';
import type { Random } from '../support/random.ts';
import { timesNote } from '../support/times.ts';

/** What the load was told in the end. */
interface Outcome {
  /** The verdict of each request; `lost` where no answer came. */
  readonly told: readonly string[];
  /** Requests that had an effect and no answer, until they were repeated. */
  readonly doneUnheard: number;
}

export interface Scene {
  readonly server: ServerProcess;
  /** Starts a load of new users. */
  startLoad(): Promise<Load>;
  /**
   * Ends the load and repeats all of it with its keys; expects every acknowledged effect to be there exactly once, of this load and of all before,
   * and the audit to find nothing.
   */
  expectKept(load: Load): Promise<Outcome>;
  close(): Promise<void>;
}

/** What every strike must leave behind. */
export const KEPT = 'every acknowledged effect is there exactly once, its key has no second one, and the audit finds nothing';
/** So many strikes a server. */
export const STRIKES_A_SCENE = 10;
const STOCK = 1_000_000;
const USERS = 8;
/** Strikes are not to fall into the same phase of the work every time. */
const MOMENT_MS = 150;
const ACKNOWLEDGED_FIRST = 25;

/** `settings` are the server's, over those of every scene; `prepare` is called before it starts for the first time. */
export async function openScene(
  options: { readonly settings?: Readonly<Record<string, string>>; readonly prepare?: (server: ServerProcess) => Promise<void> } = {},
): Promise<Scene> {
  const server = await createServerProcess({ LOG_LEVEL: 'error', MAX_PENDING_ORDERS: '1000000', ...options.settings });
  onTestFinished(() => server.clear());
  await options.prepare?.(server);
  await server.start();
  const wares = await stockUp(await server.staff(), STOCK);
  const kept: Asked[] = [];
  let loads = 0;
  return {
    server,
    startLoad: async () => {
      loads += 1;
      return startLoad(await Promise.all(times(USERS, (index) => server.customer(`user ${loads}-${index}`))), wares);
    },
    expectKept: async (load) => {
      const asked = await load.stop();
      const told = asked.map(({ answer }) => (answer === null ? 'lost' : verdict(answer)));
      const lost = asked.filter(({ answer }) => answer === null);
      kept.push(...(await repeatAll(asked)));
      await expectExactly(kept, await server.staff(), STOCK);
      expect((await (await server.staff()).post('/audit')).body['differences']).toEqual([]);
      return { told, doneUnheard: lost.filter(({ answer }) => answer?.headers.get('idempotent-replayed') === 'true').length };
    },
    close: () => server.clear(),
  };
}

/** Resolves at some moment under a load that has got going. */
export async function someMoment(load: Load, random: Random): Promise<void> {
  await load.acknowledgedMore(ACKNOWLEDGED_FIRST);
  await delay(random.below(MOMENT_MS));
}

/** The time from the strike to the first write that is asked for and acknowledged after one has failed. */
export async function recoveryMs(load: Load, strike: () => Promise<void>): Promise<number> {
  const failed = load.failed();
  const startedAt = performance.now();
  await strike();
  await failed;
  await load.acknowledgedAnew();
  return performance.now() - startedAt;
}

/** The time from the moment at which a server gets back what it was missing to the first write that is asked for and acknowledged then. */
export async function reliefMs(load: Load, relieve: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await relieve();
  await load.acknowledgedAnew();
  return performance.now() - startedAt;
}

/** `0.8 s in the median and 2.1 s at most until the next write`. */
export function recoveryNote(recoveriesMs: readonly number[]): string {
  return `${timesNote(recoveriesMs)} until the next write`;
}

/** Strikes so often, each time a new server has been struck so often. All that a database holds is compared after each strike, so that one does not serve for all of them. */
export async function inScenes(tries: number, lasts: number, strike: (scene: Scene, index: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < tries; first += lasts) {
    const scene = await openScene();
    for (let index = first; index < Math.min(tries, first + lasts); index += 1) await strike(scene, index);
    await scene.close();
  }
}
