/** What the pages reckon themselves, held to what the server would say; no browser is needed for it. */
import { expect, test } from '@playwright/test';
import { discountOn } from '../../server/src/coupon/coupon.rules.ts';
import { learnServerTime, serverNow } from '../src/api/server-clock.ts';
import { savingOf } from '../src/shop/discount.ts';

const AMOUNTS = [0, 1, 3, 99, 100, 101, 12_345, 219_000, 10_000_000, 90_071_992_547_409, Number.MAX_SAFE_INTEGER];

test('a saving is what the server takes off', () => {
  for (const subtotal of AMOUNTS) {
    for (const amount of AMOUNTS.filter((value) => value > 0)) {
      const fixed = { type: 'fixed', amount } as const;
      expect([fixed, subtotal, savingOf(fixed, subtotal)]).toEqual([fixed, subtotal, discountOn(fixed, subtotal)]);
    }
    for (const percent of [1, 7, 10, 33, 50, 99, 100]) {
      for (const limit of [{}, { maxAmount: 1 }, { maxAmount: 20_000 }, { maxAmount: Number.MAX_SAFE_INTEGER }]) {
        const discount = { type: 'percent', percent, ...limit } as const;
        expect([discount, subtotal, savingOf(discount, subtotal)]).toEqual([discount, subtotal, discountOn(discount, subtotal)]);
      }
    }
  }
});

test('answers with whole seconds tell the server’s clock to a fraction of one', () => {
  const offset = 3_723_456;
  const answer = (at: number): Response => new Response(null, { headers: { date: new Date(at + offset).toUTCString() } });
  const start = Date.now();
  for (let count = 0; count < 40; count += 1) {
    const sentAt = start + count * 173;
    learnServerTime(answer(sentAt + 15), sentAt, sentAt + 30);
  }
  expect(Math.abs(serverNow() - Date.now() - offset)).toBeLessThan(120);

  // Somebody sets the clock of one of the two: what was learnt before counts no more.
  const late = start + 60_000;
  learnServerTime(answer(late - 600_000), late, late + 30);
  expect(Math.abs(serverNow() - Date.now() - (offset - 600_000))).toBeLessThan(1100);
});
