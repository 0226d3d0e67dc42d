/** Money that is wanted at once: charges, payments and refunds of one balance. */
import { describe, expect, test } from 'vitest';
import { ALL_SETTINGS, atOnce, times, useServers } from '../support/fault-servers.ts';
import { expectStatus, option, paid, placed, richCustomer, stockOf, tally } from '../support/goods.ts';

describe.each(ALL_SETTINGS)('money at once, $name', (setting) => {
  const servers = useServers(setting);
  const many = 100 * setting.share;

  test(`${many} first charges of one user add up, each with an entry of its own`, async () => {
    const { shop, spread } = servers();
    const user = spread(await shop.customer());
    const answers = await atOnce(many, () => user.post('/balance/charge', { amount: 7 }));
    expect(tally(answers)).toEqual({ 200: many });
    const balances = answers.map(({ body }) => body.amount);
    expect(balances.toSorted((a, b) => a - b)).toEqual(times(many, (index) => 7 * (index + 1)));
    expect((await user.get('/balance')).body.amount).toBe(7 * many);
    const history = (await user.get('/balance/history?limit=100')).body;
    expect(history.nextCursor).toBe(null);
    expect(history.items.map((entry) => entry.balanceAfter)).toEqual(times(many, (index) => 7 * (many - index)));
    expect(new Set(history.items.map((entry) => entry.id))).toEqual(new Set(answers.map(({ body }) => body.entryId)));
  });

  test('20 charges with one reference are one charge', async () => {
    const { shop, spread } = servers();
    const user = spread(await shop.customer());
    const answers = await atOnce(20, () => user.post('/balance/charge', { amount: 5, reference: 'gateway-1' }));
    expect(tally(answers)).toEqual({ 200: 20 });
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await user.get('/balance')).body.amount).toBe(5);
  });

  test(`a balance that covers 10 of ${many} payments pays 10`, async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: 100, price: 100 });
    const customer = await richCustomer(shop, 1050);
    const user = spread(customer);
    const orders = await atOnce(many, () => user.post('/orders', { lines: [{ optionId, quantity: 1 }] }));
    expect(tally(orders)).toEqual({ 201: many });
    const answers = await Promise.all(orders.map(({ body }) => user.post('/payments', { orderId: body.id })));
    expect(tally(answers)).toEqual({ 201: 10, '409 INSUFFICIENT_BALANCE': many - 10 });
    const balances = answers.filter(({ status }) => status === 201).map(({ body }) => body.balanceAfter);
    expect(balances.toSorted((a, b) => a - b)).toEqual(times(10, (index) => 50 + 100 * index));
    expect((await customer.get('/balance')).body.amount).toBe(50);
    expect(await stockOf(shop, optionId)).toEqual({ onHand: 90, reserved: many - 10 });
  });

  test('one order that is paid 50 times at once is paid once', async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: 5, price: 100 });
    const customer = await richCustomer(shop, 10_000);
    const orderId = await placed(customer, optionId, 2);
    const user = spread(customer);
    const answers = await atOnce(50, () => user.post('/payments', { orderId }));
    expect(tally(answers)).toEqual({ 201: 1, '409 ORDER_ALREADY_PAID': 49 });
    expect((await customer.get('/balance')).body.amount).toBe(9800);
    expect((await customer.get('/payments')).body.items.length).toBe(1);
    expect(await stockOf(shop, optionId)).toEqual({ onHand: 3, reserved: 0 });
  });

  test('refunds of one payment, each of one unit: as many as there are units, and exactly what was paid', async () => {
    const { shop, spread } = servers();
    // 10 units at 33 won, less 100: every unit's share is a fraction of a won.
    const optionId = await option(shop, { stock: 10, price: 33 });
    const customer = await richCustomer(shop, 10_000);
    const coupon = { name: 'Coupon', discount: { type: 'fixed', amount: 100 }, quantity: 1, expiresAt: new Date(Date.now() + 3_600_000) };
    const couponId = expectStatus(await shop.staff.post('/coupons', coupon), 201).body.id;
    const userCouponId = expectStatus(await customer.post(`/coupons/${couponId}/issue`), 201).body.id;
    const paymentId = await paid(customer, await placed(customer, optionId, 10, userCouponId));
    const staff = spread(shop.staff);
    const lines = [{ optionId, quantity: 1 }];
    const answers = await atOnce(25, (index) =>
      staff.post(`/payments/${paymentId}/refunds`, { lines, restock: index % 2 === 0, reason: 'returned' }),
    );
    expect(tally(answers)).toEqual({ 201: 10, '409 REFUND_EXCEEDS_PAYMENT': 15 });
    const refunds = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(refunds.reduce((sum, refund) => sum + refund.amount, 0)).toBe(230);
    expect((await customer.get('/balance')).body.amount).toBe(10_000);
    const restocked = refunds.filter((refund) => refund.restocked).length;
    expect(await stockOf(shop, optionId)).toEqual({ onHand: restocked, reserved: 0 });
  });

  test('refunds of all that is left: one of many', async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: 3, price: 50 });
    const customer = await richCustomer(shop, 150);
    const paymentId = await paid(customer, await placed(customer, optionId, 3));
    const staff = spread(shop.staff);
    const answers = await atOnce(10, () => staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'recall' }));
    expect(tally(answers)).toEqual({ 201: 1, '409 REFUND_EXCEEDS_PAYMENT': 9 });
    expect((await customer.get('/balance')).body.amount).toBe(150);
  });
});
