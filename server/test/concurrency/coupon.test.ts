/** Many who want a few: claims on coupons. */
import { describe, expect, test } from 'vitest';
import { ALL_SETTINGS, times, useServers } from '../support/fault-servers.ts';
import { coupon, tally } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';

describe.each(ALL_SETTINGS)('claims at once, $name', (setting) => {
  const servers = useServers(setting);
  const [many, few] = [1000 * setting.share, 100 * setting.share];

  test(`${many} claims on ${few} coupons give ${few}, numbered without gaps`, async () => {
    const { shop, crowd } = servers();
    const couponId = await coupon(shop, { quantity: few });
    const customers = await crowd(many);
    const answers = await Promise.all(customers.map((customer) => customer.post(`/coupons/${couponId}/issue`)));
    expect(tally(answers)).toEqual({ 201: few, '409 COUPON_SOLD_OUT': many - few });
    const sequences = answers.filter((answer) => answer.status === 201).map((answer) => answer.body.sequence);
    expect(sequences.toSorted((a, b) => a - b)).toEqual(times(few, (index) => index + 1));
  });

  const each = 20 * setting.share;

  test(`${each} claims of each of 20 customers give each one coupon`, async () => {
    const { shop, crowd } = servers();
    const couponId = await coupon(shop, { quantity: 30 });
    const customers = await crowd(20);
    const claimants = times(each, () => customers).flat();
    const answers = await Promise.all(claimants.map((customer) => customer.post(`/coupons/${couponId}/issue`)));
    expect(tally(answers)).toEqual({ 201: 20, '409 COUPON_ALREADY_ISSUED': 20 * (each - 1) });
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.userId)).size).toBe(20);
  });

  test('claims against a smaller quantity: the cut comes in time, or is refused', async () => {
    const { shop, crowd, spread } = servers();
    const couponId = await coupon(shop, { quantity: 60 });
    const customers = await crowd(100);
    const claims = customers.map((customer) => customer.post(`/coupons/${couponId}/issue`));
    const cut = await spread(shop.staff).patch(`/coupons/${couponId}`, { quantity: 30 });
    expect(['200', '409 COUPON_BELOW_ISSUED']).toContain(verdict(cut));
    const quantity = cut.status === 200 ? 30 : 60;
    expect(tally(await Promise.all(claims))).toEqual({ 201: quantity, '409 COUPON_SOLD_OUT': 100 - quantity });
    expect((await shop.staff.get(`/coupons/${couponId}`)).body).toMatchObject({ issued: quantity, quantity, status: 'soldOut' });
  });
});
