import { expect, test } from 'vitest';
import { coupon, tally } from '../support/goods.ts';
import { openShop } from '../support/shop.ts';

test('1,000 claims on 100 coupons give 100, numbered without gaps', async () => {
  const shop = await openShop();
  const couponId = await coupon(shop, { quantity: 100 });
  const customers = await Promise.all(Array.from({ length: 1000 }, () => shop.customer()));
  const answers = await Promise.all(customers.map((customer) => customer.post(`/coupons/${couponId}/issue`)));
  expect(tally(answers)).toEqual({ 201: 100, '409 COUPON_SOLD_OUT': 900 });
  const sequences = answers.filter((answer) => answer.status === 201).map((answer) => Number(answer.body['sequence']));
  expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  await shop.close();
});
