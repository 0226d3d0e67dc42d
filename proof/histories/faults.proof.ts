/** Histories of clients that hang up, at servers that are killed and cut off from their database (see checker.ts). */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { type Random, randomOf } from '../support/random.ts';
import { check } from './checker.ts';
import { type Clients, createClients, type Manner } from './clients.ts';
import { type FaultyServers, openFaultyServers } from './faulty-servers.ts';
import { openFloor } from './floor.ts';
import { tallyOf } from './tally.ts';

const SHORT: Manner = { clients: 16, operations: 600, keyed: 1, cut: 0.05, pauseMs: 0 };
const LONG: Manner = { ...SHORT, operations: 4000 };
/** So many requests between one fault and the next, at least and at most. */
const BETWEEN = [60, 260] as const;
const POLL_MS = 5;

/** Lets something happen again and again until all operations are done; counts what. */
async function strikeOn(
  servers: FaultyServers,
  clients: Clients,
  { operations }: Manner,
  random: Random,
  counts: Map<string, number>,
): Promise<void> {
  const [least, most] = BETWEEN;
  for (let next = least; next < operations; next = clients.made() + least + random.below(most - least)) {
    while (clients.made() < next) await delay(POLL_MS);
    const name = await servers.strike(random);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

prove(
  'histories under faults',
  {
    promise:
      'What concurrent clients are told stays true when servers die and wires break: what was answered is kept once, and a repeat with the key tells the rest',
    how: '16 clients, some of which hang up, at two server processes that are killed with -9, cut off, or lose the answer to a COMMIT; 4,000 operations a history',
    unit: 'histories',
    short: 1,
    long: 20,
    timeoutSeconds: 3600,
  },
  async ({ tries, seed }) => {
    const tally = tallyOf();
    const counts = new Map<string, number>();
    const manner = tries === 1 ? SHORT : LONG;
    for (let index = 0; index < tries; index += 1) {
      const random = randomOf(seed + index);
      const servers = await openFaultyServers();
      const floor = await openFloor(servers.baseUrls, manner.operations);
      const clients = createClients(floor.opening, floor.doors, servers.baseUrls.length, manner, random.fork(0));
      const working = clients.work();
      await Promise.all([working, strikeOn(servers, clients, manner, random.fork(1), counts)]);
      await servers.settle();
      await clients.resolve();
      const history = { opening: floor.opening, attempts: clients.attempts, closing: await floor.closing() };
      expect(check(history), `history ${index}`).toEqual([]);
      tally.add(history);
      await servers.close();
    }
    const faults = [...counts].map(([name, count]) => `${count} × ${name}`);
    return { tries, note: `${tally.note()}; ${faults.join(', ')}` };
  },
);
