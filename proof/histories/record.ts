/** Records histories of two servers that share a process with their clients, and holds them against the promises. */
import { expect } from 'vitest';
import { openShop, type Shop } from '../../server/test/support/shop.ts';
import type { Trial, Tried } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { check } from './checker.ts';
import { createClients, type Manner } from './clients.ts';
import { MAX_BALANCE, openFloor } from './floor.ts';
import type { History } from './history.ts';
import { tallyOf } from './tally.ts';

export interface TwoServers {
  readonly shop: Shop;
  readonly baseUrls: readonly string[];
}

const MANNER: Manner = { clients: 16, operations: 400, keyed: 0.7, cut: 0, pauseMs: 0 };
/** Slow enough for what a server remembers to grow too old in the middle of the history. */
const SLOW: Manner = { ...MANNER, pauseMs: 300 };
/** Every so many histories one is slow. */
const SLOW_EVERY = 5;
/** Histories that share a database. */
const SHOP_LASTS = 25;

/** Two servers on a new database, which put so many commands into one batch at most. */
export async function openTwoServers(groupCommitMax: number): Promise<TwoServers> {
  const shop = await openShop({ maxBalance: MAX_BALANCE, maxPendingOrders: 1_000_000, groupCommitMax });
  const second = await shop.second();
  return { shop, baseUrls: [shop.baseUrl, second.baseUrl] };
}

export async function record({ baseUrls }: TwoServers, seed: number, manner = MANNER): Promise<History> {
  const floor = await openFloor(baseUrls, manner.operations);
  const clients = createClients(floor.opening, floor.doors, baseUrls.length, manner, randomOf(seed));
  await clients.work();
  return { opening: floor.opening, attempts: clients.attempts, closing: await floor.closing() };
}

/** Records and checks so many histories, at servers with each of the batch sizes in turn. */
export async function recordAndCheck({ tries, seed }: Trial, batches: readonly [number, ...number[]]): Promise<Tried> {
  const tally = tallyOf();
  for (let first = 0; first < tries; first += SHOP_LASTS) {
    const servers = await openTwoServers(batches[(first / SHOP_LASTS) % batches.length] ?? batches[0]);
    for (let index = first; index < Math.min(tries, first + SHOP_LASTS); index += 1) {
      const history = await record(servers, seed + index, index % SLOW_EVERY === 1 ? SLOW : MANNER);
      expect(check(history), `history ${index}`).toEqual([]);
      tally.add(history);
    }
    await servers.shop.close();
  }
  return { tries, note: tally.note() };
}
