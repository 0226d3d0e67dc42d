/** The checker of histories is tried on spoilt ones: it must see each kind of fault, or its silence means nothing. */
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { check } from './checker.ts';
import { MUTATIONS } from './mutations.ts';
import { openTwoServers, record } from './record.ts';

prove(
  'spoilt histories',
  {
    promise: 'The checker of histories sees what it is for',
    how: `correct histories are spoilt in ${MUTATIONS.length} ways, each as a fault of the product would; it must be silent before and name the fault afterwards`,
    unit: 'spoilt histories',
    short: 1,
    long: 30,
  },
  async ({ tries, seed }) => {
    const servers = await openTwoServers(256);
    const applied = new Map(MUTATIONS.map(({ name }) => [name, 0]));
    for (let index = 0; index < tries || (index < tries + 5 && [...applied.values()].includes(0)); index += 1) {
      const history = await record(servers, seed + index);
      expect(check(history)).toEqual([]);
      for (const { name, seen, spoil } of MUTATIONS) {
        const spoilt = spoil(history);
        if (spoilt === null) continue;
        expect([...new Set(check(spoilt).map(({ kind }) => kind))], name).toContain(seen);
        applied.set(name, (applied.get(name) ?? 0) + 1);
      }
    }
    await servers.shop.close();
    const never = [...applied].filter(([, count]) => count === 0).map(([name]) => name);
    expect(never, 'every way was tried').toEqual([]);
    return { tries: [...applied.values()].reduce((sum, count) => sum + count, 0), note: `${applied.size} ways` };
  },
);
