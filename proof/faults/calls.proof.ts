/** Every write, with every kind of fault at every call of the database that it makes. */
import { expect } from 'vitest';
import type { CallFault } from '../../server/test/support/fault-proxy.ts';
import type { Shop } from '../../server/test/support/shop.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { countsNote, countsOf } from './counts.ts';
import {
  type Behind,
  behindWire,
  type Case,
  expectClean,
  ONE_EFFECT,
  openUndisturbed,
  tryCase,
  type Undisturbed,
  undisturbed,
} from './scene.ts';
import { writeRoutesOf } from './writes.ts';

const FAULTS: readonly CallFault[] = ['40001', '40P01', '57P01', 'cutBefore', 'cutAfter', 'reset', 'delay'];
const ALL = 1_000_000;

/** What each route usually does, learnt when it is needed. */
function learning(shop: Shop, behind: Behind): (route: string) => Promise<Undisturbed> {
  const known = new Map<string, Undisturbed>();
  return async (route) => {
    const usual = known.get(route) ?? (await undisturbed(shop, behind, route));
    known.set(route, usual);
    return usual;
  };
}

prove(
  'a fault at every call',
  {
    promise: `Whatever fails between server and database in the middle of a write, ${ONE_EFFECT}`,
    how: 'every write route × every call of the database that it makes × each fault; the short form draws some',
    unit: 'faulty writes',
    short: 42,
    long: ALL,
  },
  async ({ tries, seed }) => {
    const shop = await openUndisturbed();
    const behind = await behindWire(shop);
    const usualOf = learning(shop, behind);
    const routes = writeRoutesOf(shop);
    const counts = countsOf(FAULTS);
    const broken: string[] = [];
    const tryOne = async (one: Case): Promise<void> => {
      const usual = await usualOf(one.route);
      if (!(await tryCase(shop, behind, one, usual))) {
        throw new Error(`${one.fault} never happened at call ${one.call} of ${one.route}, which usually makes ${usual.calls.join(', ')}`);
      }
      counts.add(one.fault);
    };

    if (tries === ALL) {
      for (const route of routes) {
        const { calls } = await usualOf(route);
        for (let call = 1; call <= calls.length; call += 1) {
          // One that fails is no reason not to learn of the others.
          for (const fault of FAULTS) await tryOne({ route, call, fault }).catch((error: unknown) => broken.push(String(error)));
        }
        await expectClean(shop, route);
      }
    } else {
      const random = randomOf(seed);
      for (let index = 0; index < tries; index += 1) {
        const route = routes[random.below(routes.length)] ?? '';
        const { calls } = await usualOf(route);
        const fault = FAULTS[index % FAULTS.length] ?? 'delay';
        await tryOne({ route, call: 1 + random.below(calls.length), fault });
      }
    }
    expect(broken).toEqual([]);
    expect(counts.never(), 'faults that never happened').toEqual([]);
    return { tries: counts.sum(), note: `${routes.length} routes; ${countsNote(counts)}` };
  },
);
