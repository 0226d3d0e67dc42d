/** The arithmetic of money: shares and discounts, by what they have to satisfy, not by how they are worked out. */
import fc from 'fast-check';
import { discountOn } from '../../server/src/coupon/coupon.rules.ts';
import type { Discount } from '../../server/src/coupon/coupon.types.ts';
import { MAX_MONEY, mulDivFloor } from '../../server/src/kernel/money.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, tryCases } from './cases.ts';

const amount = fc.oneof(fc.nat(5000), fc.integer({ min: 0, max: MAX_MONEY }));

/** Whether `given` is the largest whole number with given × whole ≤ amount × part. */
function isFloor(given: number, total: number, part: number, whole: number): boolean {
  const exact = BigInt(total) * BigInt(part);
  return BigInt(given) * BigInt(whole) <= exact && (BigInt(given) + 1n) * BigInt(whole) > exact;
}

prove(
  'shares of an amount',
  {
    promise: 'No won is lost in a division: in whatever steps a whole is taken, the shares add up to the amount',
    how: 'random amounts up to the largest, wholes cut into random parts',
    unit: 'divided amounts',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, fc.tuple(amount, fc.array(amount, { minLength: 1, maxLength: 6 })), ([total, drawn]) => {
      const limit = Math.floor(MAX_MONEY / drawn.length);
      const parts = drawn.map((part) => part % limit);
      const whole = parts.reduce((sum, part) => sum + part, 0);
      if (whole === 0) return;
      let taken = 0;
      let given = 0;
      for (const part of parts) {
        taken += part;
        const soFar = mulDivFloor(total, taken, whole);
        hold(soFar >= given, 'a share is never negative');
        hold(isFloor(soFar, total, taken, whole), 'a share is the floor');
        given = soFar;
      }
      hold(given === total, () => `${given} of ${total} was given`);
    }),
);

const terms: fc.Arbitrary<Discount> = fc.oneof(
  fc.record({ type: fc.constant('fixed' as const), amount: fc.integer({ min: 1, max: MAX_MONEY }) }),
  fc.record(
    {
      type: fc.constant('percent' as const),
      percent: fc.integer({ min: 1, max: 100 }),
      maxAmount: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: MAX_MONEY })),
    },
    { requiredKeys: ['type', 'percent'] },
  ),
);

prove(
  'discounts',
  {
    promise: 'A discount is whole, rounded down, within its bounds, and buying more never costs less',
    how: 'random terms on pairs of random subtotals',
    unit: 'pairs of orders',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, fc.tuple(terms, amount, amount), ([discount, one, other]) => {
      const [less, more] = one < other ? [one, other] : [other, one];
      const [offLess, offMore] = [discountOn(discount, less), discountOn(discount, more)];
      hold(Number.isSafeInteger(offMore) && offMore >= 0 && offMore <= more, () => `${offMore} off ${more}`);
      hold(offLess <= offMore, () => `${offLess} off ${less}, ${offMore} off ${more}`);
      hold(less - offLess <= more - offMore, () => `${less} costs ${less - offLess}, ${more} costs ${more - offMore}`);
      const most = discount.type === 'fixed' ? discount.amount : (discount.maxAmount ?? MAX_MONEY);
      hold(offMore <= most, () => `${offMore} is more than ${most}`);
      if (offMore === most || offMore === more) return;
      hold(discount.type === 'percent', () => `a fixed discount took ${offMore} of ${most}`);
      hold(discount.type === 'percent' && isFloor(offMore, more, discount.percent, 100), () => `${offMore} off ${more}`);
    }),
);
