/** The rules of first-come coupons: no coupon over its limit, none twice to one user, numbers without gaps. */
import fc from 'fast-check';
import { type CouponState, decideIssue, decideUpdate, holderKey } from '../../server/src/coupon/coupon.rules.ts';
import type { Coupon } from '../../server/src/coupon/coupon.types.ts';
import { at, context, couponWith, outcome } from '../../server/test/support/rules.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, tryCases } from './cases.ts';

const time = fc.integer({ min: -3, max: 9 });
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ issueTo: fc.nat(5), isUnknown: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ quantity: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ expiresAt: time }) },
  { weight: 1, arbitrary: fc.record({ startsAt: time }) },
  { weight: 1, arbitrary: fc.record({ later: fc.nat(3) }) },
);
const batch = fc.record({
  quantity: fc.nat(6),
  already: fc.nat(3),
  startsAt: fc.integer({ min: -3, max: 2 }),
  lasts: fc.integer({ min: 1, max: 9 }),
  commands: fc.array(command, { minLength: 1, maxLength: 12 }),
});

type Batch = typeof batch extends fc.Arbitrary<infer T> ? T : never;

function stateOf({ quantity, already, startsAt, lasts }: Batch): CouponState {
  const issued = Math.min(already, quantity);
  const coupon = couponWith({ quantity, issued, startsAt: at(startsAt), expiresAt: at(startsAt + lasts) });
  const holders = Array.from({ length: issued }, (_, n) => holderKey('coupon', String(n)));
  return { coupons: new Map([['coupon', coupon]]), holders: new Set(holders), created: new Set(), changed: new Set(), granted: [] };
}

function couponOf(state: CouponState): Coupon {
  const coupon = state.coupons.get('coupon');
  if (coupon === undefined) throw new Error('the coupon is gone');
  return coupon;
}

/** The refusals that the contract has for a claim, in its order. */
function refusalOf({ startsAt, expiresAt, quantity, issued }: Coupon, has: boolean, now: Date): string {
  if (now.getTime() < startsAt.getTime()) return 'COUPON_NOT_STARTED';
  if (now.getTime() >= expiresAt.getTime()) return 'COUPON_EXPIRED';
  if (issued === quantity) return 'COUPON_SOLD_OUT';
  return has ? 'COUPON_ALREADY_ISSUED' : 'ok';
}

function refusalOfPatch(coupon: Coupon, patch: Partial<Coupon>): string {
  const { quantity, issued, startsAt, expiresAt } = { ...coupon, ...patch };
  if (quantity < issued) return 'COUPON_BELOW_ISSUED';
  return expiresAt.getTime() > startsAt.getTime() ? 'ok' : 'VALIDATION_FAILED';
}

function patchOf(drawn: Exclude<Batch['commands'][number], { issueTo: number } | { later: number }>): Partial<Coupon> {
  if ('quantity' in drawn) return drawn;
  return 'expiresAt' in drawn ? { expiresAt: at(drawn.expiresAt) } : { startsAt: at(drawn.startsAt) };
}

prove(
  'claims of a coupon',
  {
    promise: 'No coupon is issued over its limit or twice to one user, and its numbers have no gaps',
    how: 'random batches of claims, changes by staff and passing time on the rules alone; every answer predicted',
    unit: 'batches',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, batch, (each) => {
      const state = stateOf(each);
      const before = couponOf(state).issued;
      const owners = new Set(Array.from({ length: before }, (_, n) => String(n)));
      let ms = 0;
      for (const drawn of each.commands) {
        const coupon = couponOf(state);
        if ('later' in drawn) {
          ms += drawn.later;
          continue;
        }
        const isClaim = 'issueTo' in drawn;
        const isUnknown = isClaim && drawn.isUnknown === 10;
        const userId = isClaim ? String(drawn.issueTo) : '';
        const expected = isClaim ? refusalOf(coupon, owners.has(userId), at(ms)) : refusalOfPatch(coupon, patchOf(drawn));
        const decided = isClaim
          ? decideIssue(state, { couponId: isUnknown ? 'unknown' : 'coupon', userId }, context(ms))
          : decideUpdate(state, { couponId: 'coupon', patch: patchOf(drawn) });
        const [said] = outcome(decided).split(' ');
        hold(said === (isUnknown ? 'COUPON_NOT_FOUND' : expected), () => `${said} instead of ${expected}`);
        if (said !== 'ok') hold(couponOf(state) === coupon, 'a refusal changes nothing');
        if (said === 'ok' && isClaim) owners.add(userId);
        const { issued, quantity } = couponOf(state);
        hold(issued <= quantity && issued === owners.size && issued === before + state.granted.length, () => `${issued} are issued`);
      }
      for (const [index, { sequence, userId }] of state.granted.entries()) {
        hold(sequence === before + index + 1, () => `${sequence} comes as number ${before + index + 1}`);
        hold(owners.has(userId), 'a coupon is its claimant’s');
      }
    }),
);
