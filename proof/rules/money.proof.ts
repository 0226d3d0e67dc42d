/** The arithmetic of money, against whole numbers of any size. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_MONEY, mulDivFloor } from '../../server/src/kernel/money.ts';
import { prove } from '../support/proof.ts';

const money = fc.integer({ min: 0, max: MAX_MONEY });

prove(
  'a share of an amount is exact',
  {
    promise: 'No won is lost in a division: a share is rounded down, once',
    how: 'random amounts up to the largest, against integers of any size',
    unit: 'cases',
    short: 50_000,
    long: 1_000_000,
  },
  async ({ tries, seed }) => {
    const property = fc.property(money, money, fc.integer({ min: 1, max: MAX_MONEY }), (amount, part, whole) => {
      fc.pre(part <= whole);
      expect(mulDivFloor(amount, part, whole)).toBe(Number((BigInt(amount) * BigInt(part)) / BigInt(whole)));
    });
    fc.assert(property, { numRuns: tries, seed });
    return { tries };
  },
);
