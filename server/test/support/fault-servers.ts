/**
 * The servers of a race: one or several processes' worth on one database, at which callers take turns. After every test the
 * audit must be clean, and no flow may have met another in a deadlock.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import type { Config } from '../../src/config.ts';
import { type Answered, type Caller, callingBy, createCaller } from './caller.ts';
import { openShop, type Shop } from './shop.ts';

/** How the servers of a race are run. */
export interface Setting {
  readonly name: string;
  readonly servers: number;
  /** `GROUP_COMMIT_MAX`, where it is not the default. */
  readonly batchMax?: number;
  /** What share of a race's numbers to run: one transaction after the other on a hot row would outlast the patience of the queue. */
  readonly share: number;
}

const ONE_SERVER: Setting = { name: 'one server', servers: 1, share: 1 };
const TWO_SERVERS: Setting = { name: 'two servers', servers: 2, share: 1 };
/** Everyone contends for the rows themselves: as many transactions at once as two servers have connections for. */
const NO_BATCHES: Setting = { name: 'two servers, one transaction a request', servers: 2, batchMax: 1, share: 0.3 };
export const ALL_SETTINGS: readonly Setting[] = [ONE_SERVER, TWO_SERVERS, NO_BATCHES];

export interface Servers {
  /** The first server, with its staff and its customers. */
  readonly shop: Shop;
  readonly all: readonly Shop[];
  /** The caller, whose requests go to each server in turn. */
  readonly spread: (caller: Caller) => Caller;
  /** New customers, whose requests go to each server in turn. */
  readonly crowd: (count: number) => Promise<Caller[]>;
  /** Moves the time of all servers. */
  readonly moveClock: (ms: number) => void;
}

const OVERLOADED_TIMES_MAX = 60;

/** Asks again where a busy server turned the request away before anything happened, as `Retry-After` says. */
async function patiently(ask: () => Promise<Answered>): Promise<Answered> {
  for (let count = 1; ; count += 1) {
    const answer = await ask();
    if (answer.body.code !== 'OVERLOADED' || count === OVERLOADED_TIMES_MAX) return answer;
    await delay(Number(answer.headers.get('retry-after')) * 1000);
  }
}

function serversOf(all: readonly Shop[]): Servers {
  const [shop] = all;
  if (shop === undefined) throw new Error('a race needs a server');
  let turns = 0;
  const spread = (caller: Caller): Caller => {
    const callers = all.map((server) => createCaller(server.baseUrl, caller.userId, caller.token));
    return callingBy(caller, (...request) => {
      turns += 1;
      const server = callers[turns % callers.length] ?? caller;
      return patiently(() => server.call(...request));
    });
  };
  return {
    shop,
    all,
    spread,
    crowd: (count) => Promise.all(times(count, async () => spread(await shop.customer()))),
    moveClock: (ms) => {
      for (const server of all) server.moveClock(ms);
    },
  };
}

/** Opens the servers for the tests of a describe; gives a function that tests get them by. */
export function useServers({ servers, batchMax }: Setting, overrides: Partial<Config> = {}): () => Servers {
  let opened: Servers | undefined;
  const present = (): Servers => {
    if (opened === undefined) throw new Error('servers open before the tests');
    return opened;
  };
  beforeAll(async () => {
    const shop = await openShop({ maxPendingOrders: 1000, ...overrides, ...(batchMax === undefined ? {} : { groupCommitMax: batchMax }) });
    const others: Shop[] = [];
    while (others.length < servers - 1) others.push(await shop.second());
    opened = serversOf([shop, ...others]);
  });
  afterEach(async () => {
    expect(await audit(present().shop.database), 'the audit finds no differences').toEqual([]);
    for (const { anyone } of present().all) {
      // Everyone locks in one order. Only products that name the same new SKUs may meet head on.
      expect((await anyone.get('/metrics')).body.text).not.toMatch(/reruns_total\{(?!queue="product").*reason="40P01"/);
    }
  });
  afterAll(() => opened?.shop.close());
  return present;
}

/** What `make` makes, so many times. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Makes so many requests at once, and waits for all answers. */
export function atOnce(count: number, request: (index: number) => Promise<Answered>): Promise<Answered[]> {
  return Promise.all(times(count, request));
}
