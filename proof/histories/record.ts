/** Records histories of two servers that share a process with their clients. */
import { openShop, type Shop } from '../../server/test/support/shop.ts';
import { randomOf } from '../support/random.ts';
import { createClients, type Manner } from './clients.ts';
import { MAX_BALANCE, openFloor } from './floor.ts';
import type { History } from './history.ts';

/** Commands in one batch. With one, everyone contends for the rows themselves. */
const BATCHES = [256, 256, 4, 1] as const;

export interface TwoServers {
  readonly shop: Shop;
  readonly baseUrls: readonly string[];
}

/** Two servers on a new database; `count` chooses how large their batches are. */
export async function openTwoServers(count: number): Promise<TwoServers> {
  const groupCommitMax = BATCHES[count % BATCHES.length] ?? 1;
  const shop = await openShop({ maxBalance: MAX_BALANCE, maxPendingOrders: 1_000_000, groupCommitMax });
  const second = await shop.second();
  return { shop, baseUrls: [shop.baseUrl, second.baseUrl] };
}

export async function record({ baseUrls }: Pick<TwoServers, 'baseUrls'>, manner: Manner, seed: number): Promise<History> {
  const floor = await openFloor(baseUrls, manner.operations);
  const clients = createClients(floor.opening, floor.doors, baseUrls.length, manner, randomOf(seed));
  await clients.work();
  await clients.resolve();
  return { opening: floor.opening, attempts: clients.attempts, closing: await floor.closing() };
}
