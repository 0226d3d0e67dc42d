import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CouponState,
  couponStatus,
  decideCreate,
  decideIssue,
  decideUpdate,
  discountOn,
  holderKey,
  userCouponStatus,
  whyInvalid,
} from '../../src/coupon/coupon.rules.ts';
import type { Coupon, Discount } from '../../src/coupon/coupon.types.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import { MAX_MONEY } from '../../src/kernel/money.ts';
import { at, context, couponWith, NOW, outcome, userCouponWith } from '../support/rules.ts';

const state = (coupon: Coupon, holders: readonly string[] = []): CouponState => ({
  coupons: new Map([[coupon.id, coupon]]),
  holders: new Set(holders.map((userId) => holderKey(coupon.id, userId))),
  created: new Set(),
  changed: new Set(),
  granted: [],
});
const claim = { couponId: 'coupon', userId: 'user' };

describe('issuing', () => {
  const soldOut = { quantity: 3, issued: 3 };
  test.each<[string, Partial<Coupon>, string[], string]>([
    ['open', {}, [], 'ok'],
    ['not started, sold out, held', { startsAt: at(1), ...soldOut }, ['user'], 'COUPON_NOT_STARTED'],
    ['expired, sold out, held', { expiresAt: NOW, ...soldOut }, ['user'], 'COUPON_EXPIRED'],
    ['sold out, held', soldOut, ['user'], 'COUPON_SOLD_OUT'],
    ['held', {}, ['user'], 'COUPON_ALREADY_ISSUED'],
    ['held by another', {}, ['other'], 'ok'],
    ['starts now', { startsAt: NOW }, [], 'ok'],
    ['ends in a moment', { expiresAt: at(1) }, [], 'ok'],
    ['the last one', { quantity: 3, issued: 2 }, [], 'ok'],
    ['none from the start', { quantity: 0 }, [], 'COUPON_SOLD_OUT'],
  ])('%s', (_what, coupon, holders, expected) => {
    const before = state(couponWith(coupon), holders);
    expect(outcome(decideIssue(before, claim, context()))).toBe(expected);
    expect(before.granted).toHaveLength(expected === 'ok' ? 1 : 0);
    expect(before.changed.size).toBe(expected === 'ok' ? 1 : 0);
  });

  test('an unknown coupon comes before everything', () => {
    expect(outcome(decideIssue(state(couponWith(soldOut)), { ...claim, couponId: 'other' }, context()))).toBe('COUPON_NOT_FOUND');
  });

  test('whatever the claims of a batch, each user gets one, numbered without gaps, up to the quantity', () => {
    const users = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 80 });
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.nat({ max: 40 }), users, (quantity, already, claimants) => {
        const issued = Math.min(already, quantity);
        const batch = state(couponWith({ quantity, issued }));
        for (const userId of claimants) decideIssue(batch, { ...claim, userId }, context());
        const granted = Math.min(quantity - issued, new Set(claimants).size);
        expect(batch.granted.map(({ sequence }) => sequence)).toEqual(Array.from({ length: granted }, (_, n) => issued + n + 1));
        expect(new Set(batch.granted.map(({ userId }) => userId)).size).toBe(granted);
        expect(batch.coupons.get('coupon')?.issued).toBe(issued + granted);
      }),
    );
  });
});

describe('what staff write', () => {
  const terms = { name: 'x', discount: { type: 'fixed', amount: 1 }, minOrderAmount: 0, quantity: 1 } as const;
  test.each([
    [null, at(1), 'ok'],
    [null, NOW, 'VALIDATION_FAILED'],
    [at(5), at(5), 'VALIDATION_FAILED'],
    [at(-9), at(-8), 'ok'],
  ])('a new coupon from %s to %s', (startsAt, expiresAt, expected) => {
    const decided = decideCreate(state(couponWith()), { ...terms, startsAt, expiresAt }, context());
    expect(outcome(decided).split(' ')[0]).toBe(expected);
  });

  test.each([
    [{ quantity: 5 }, 'ok'],
    [{ quantity: 4 }, 'COUPON_BELOW_ISSUED'],
    [{ quantity: 4, expiresAt: at(-2000) }, 'COUPON_BELOW_ISSUED'],
    [{ expiresAt: at(-1000) }, 'VALIDATION_FAILED'],
    [{ expiresAt: at(-999) }, 'ok'],
    [{ startsAt: at(1000) }, 'VALIDATION_FAILED'],
  ])('the patch %j', (patch, expected) => {
    const batch = state(couponWith({ quantity: 10, issued: 5 }));
    expect(outcome(decideUpdate(batch, { couponId: 'coupon', patch })).split(' ')[0]).toBe(expected);
    expect(batch.changed.size).toBe(expected === 'ok' ? 1 : 0);
  });
});

describe('statuses', () => {
  test.each<[Partial<Coupon>, string]>([
    [{}, 'open'],
    [{ startsAt: NOW }, 'open'],
    [{ quantity: 0 }, 'soldOut'],
    [{ startsAt: at(1), quantity: 0 }, 'scheduled'],
    [{ startsAt: at(1), expiresAt: NOW, quantity: 0 }, 'expired'],
  ])('a coupon %j is %s', (coupon, expected) => {
    expect(couponStatus(couponWith(coupon), NOW)).toBe(expected);
  });

  test.each([
    ['issued', at(1), 'issued', null],
    ['issued', NOW, 'expired', 'expired'],
    ['held', NOW, 'held', 'held'],
    ['used', NOW, 'used', 'used'],
  ] as const)('a user’s coupon that is %s until %s is %s', (status, expiresAt, shown, reason) => {
    const coupon = userCouponWith({ status, expiresAt, orderId: status === 'issued' ? null : 'order' });
    expect(userCouponStatus(coupon, NOW)).toBe(shown);
    expect(whyInvalid(coupon, 0, NOW)).toBe(reason);
  });

  test('a minimum is looked at last', () => {
    const coupon = userCouponWith({ minOrderAmount: 100 });
    expect([undefined, coupon, coupon, { ...coupon, expiresAt: NOW }].map((each, n) => whyInvalid(each, 98 + n, NOW))).toEqual([
      'notFound',
      'belowMinimum',
      null,
      'expired',
    ]);
  });
});

describe('discounts', () => {
  const money = fc.integer({ min: 1, max: MAX_MONEY });
  const percent = fc.record(
    { type: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }), maxAmount: money },
    { requiredKeys: ['type', 'percent'] },
  );
  const discount: fc.Arbitrary<Discount> = fc.oneof(fc.record({ type: fc.constant('fixed' as const), amount: money }), percent);

  test('are whole, and between nothing and the subtotal', () => {
    fc.assert(
      fc.property(discount, fc.maxSafeNat(), (terms, subtotal) => {
        const taken = discountOn(terms, subtotal);
        expect(Number.isSafeInteger(taken)).toBe(true);
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(subtotal);
      }),
    );
  });

  test('of a percentage are rounded down, and capped', () => {
    fc.assert(
      fc.property(percent, fc.maxSafeNat(), (terms, subtotal) => {
        const exact = (BigInt(subtotal) * BigInt(terms.percent)) / 100n;
        const cap = BigInt(terms.maxAmount ?? subtotal);
        expect(BigInt(discountOn(terms, subtotal))).toBe(exact < cap ? exact : cap);
      }),
    );
  });

  test('a refusal is a value', () => {
    expect(decideUpdate(state(couponWith()), { couponId: 'other', patch: {} })).toEqual(new Refusal('COUPON_NOT_FOUND'));
  });
});
