/** Two servers in processes of their own, each behind its own wire to the one database, and what may happen to them. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { audit } from '../../server/src/audit/audit.ts';
import { type ConnectionTarget, DEFAULT_LIMITS, openDatabase } from '../../server/src/database/database.ts';
import { createServerProcess, type ServerProcess } from '../../server/test/support/fault-process.ts';
import { type Fate, openProxy, type Proxy } from '../../server/test/support/fault-proxy.ts';
import { createDatabase } from '../../server/test/support/shop.ts';
import type { Random } from '../support/random.ts';
import { MAX_BALANCE } from './floor.ts';

interface Place {
  readonly server: ServerProcess;
  readonly proxy: Proxy;
}

export interface FaultyServers {
  readonly baseUrls: readonly string[];
  /** Lets something happen to one of the servers; gives what. Both serve when it resolves. */
  strike(random: Random): Promise<string>;
  /** Lets both end what they do, and starts the first one again: nothing is under way any more. */
  settle(): Promise<void>;
  /** Stops all, and expects the audit to find nothing. */
  close(): Promise<void>;
}

const FATES: readonly [Fate, ...Fate[]] = ['cutBefore', 'cutAfter', 'fatal', 'cutAfter', 'cutBefore', 'loseAnswer'];
const FATES_MAX = 3;
const FREEZE_MS = 400;

function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url;
  const { host, port, user, database } = target;
  return `postgres://${user}@${host}:${port}/${database}`;
}

const FAULTS: Readonly<Record<string, (place: Place, random: Random) => Promise<void>>> = {
  'kill -9 of a server': async ({ server }) => {
    await server.kill(false);
    await server.start();
  },
  'cut of all connections': async ({ proxy }) => {
    proxy.freeze();
    proxy.thaw();
  },
  'COMMIT that fails': async ({ proxy }, random) => {
    for (let count = random.below(FATES_MAX); count >= 0; count -= 1) proxy.doom(random.pick(FATES));
  },
  'frozen wire': async ({ proxy }) => {
    proxy.freeze();
    await delay(FREEZE_MS);
    proxy.thaw();
  },
};
const NAMES = Object.keys(FAULTS);

export async function openFaultyServers(): Promise<FaultyServers> {
  const { target, drop } = await createDatabase();
  const open = async (): Promise<Place> => {
    const proxy = await openProxy(target);
    const settings = { MAX_BALANCE: `${MAX_BALANCE}`, MAX_PENDING_ORDERS: '1000000', LOG_LEVEL: 'silent' };
    const server = await createServerProcess({ ...settings, DATABASE_URL: urlOf(proxy.target) });
    await server.start();
    return { server, proxy };
  };
  const [first, second] = await Promise.all([open(), open()]);
  const places = [first, second] as const;
  let struck = 0;
  return {
    baseUrls: places.map(({ server }) => server.baseUrl),
    strike: async (random) => {
      const name = NAMES[struck % NAMES.length] ?? '';
      struck += 1;
      await FAULTS[name]?.(random.pick(places), random);
      return name;
    },
    settle: async () => {
      expect(await Promise.all(places.map(({ server }) => server.terminate()))).toEqual([0, 0]);
      await first.server.start();
    },
    close: async () => {
      for (const { server, proxy } of places) {
        await server.clear();
        await proxy.close();
      }
      const database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
      const differences = await audit(database);
      await database.close();
      await drop();
      expect(differences, 'the audit finds no differences').toEqual([]);
    },
  };
}
