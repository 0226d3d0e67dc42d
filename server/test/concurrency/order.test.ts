/** Many who want the same units: orders against orders, payments, cancellations and stock adjustments. */
import { describe, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { ALL_SETTINGS, atOnce, times, useServers } from '../support/fault-servers.ts';
import { expectStatus, option, placed, product, richCustomer, stockOf, tally } from '../support/goods.ts';
import type { Shop } from '../support/shop.ts';

/** Options of one product, in order; gives their ids. */
async function shelf(shop: Shop, options: number, stock: number): Promise<string[]> {
  const made = await product(
    shop,
    times(options, (index) => ({ stock, price: 10 + index })),
  );
  return made.options.map((each) => each.id);
}

/** Who was answered 201, with the order's id. */
function winnersOf(buyers: readonly Caller[], answers: readonly Answered[]): { buyer: Caller; orderId: string }[] {
  return buyers.flatMap((buyer, index) => {
    const answer = answers[index];
    return answer?.status === 201 ? [{ buyer, orderId: answer.body.id }] : [];
  });
}

describe.each(ALL_SETTINGS)('orders at once, $name', (setting) => {
  const servers = useServers(setting);

  const [buyersMax, units] = [200 * setting.share, 50 * setting.share];

  test(`${buyersMax} buyers of ${units} units: ${units} orders, ${units} payments, and nothing is left`, async () => {
    const { shop, crowd } = servers();
    const optionId = await option(shop, { stock: units, price: 700 });
    const buyers = await crowd(buyersMax);
    const answers = await Promise.all(buyers.map((buyer) => buyer.post('/orders', { lines: [{ optionId, quantity: 1 }] })));
    expect(tally(answers)).toEqual({ 201: units, '409 OUT_OF_STOCK': buyersMax - units });
    expect(await stockOf(shop, optionId)).toEqual({ onHand: units, reserved: units });

    const payments = await Promise.all(
      winnersOf(buyers, answers).map(async ({ buyer, orderId }) => {
        expectStatus(await buyer.post('/balance/charge', { amount: 1000 }), 200);
        return buyer.post('/payments', { orderId });
      }),
    );
    expect(payments.map(({ status, body }) => [status, body.balanceAfter])).toEqual(times(units, () => [201, 300]));
    expect(await stockOf(shop, optionId)).toEqual({ onHand: 0, reserved: 0 });
  });

  test('baskets that name the same options in opposite orders all settle, and nothing is oversold', async () => {
    const { shop, crowd, spread } = servers();
    const optionIds = await shelf(shop, 12, units);
    const buyers = await crowd(2 * units);
    const baskets = times(2 * units, (index) => {
      const basket = [...optionIds.slice(index % 5), ...optionIds.slice(0, index % 3)].map((optionId) => ({ optionId, quantity: 1 }));
      return index % 2 === 0 ? basket : basket.toReversed();
    });
    const answers = await Promise.all(buyers.map((buyer, index) => buyer.post('/orders', { lines: baskets[index] })));
    const { 201: orders = 0, '409 OUT_OF_STOCK': refusals = 0, ...others } = tally(answers);
    expect(others).toEqual({});
    expect(orders + refusals).toBe(2 * units);
    // No basket has more than two units of an option, so what there is serves half as many at the least.
    expect(orders).toBeGreaterThanOrEqual(Math.floor(units / 2));
    const sold = answers.filter(({ status }) => status === 201).flatMap(({ body }) => body.lines);
    for (const optionId of optionIds) {
      const reserved = sold.filter((line) => line.optionId === optionId).reduce((sum, line) => sum + line.quantity, 0);
      expect(reserved).toBeLessThanOrEqual(units);
      expect(await stockOf(shop, optionId)).toEqual({ onHand: units, reserved });
    }

    // The winners pay and cancel beside each other and beside new orders, in orders of rows that all differ.
    const winners = winnersOf(buyers, answers);
    await Promise.all(winners.map(({ buyer }) => buyer.post('/balance/charge', { amount: 1000 })));
    const endings = winners.map(({ buyer, orderId }, index) =>
      index % 2 === 0 ? buyer.post('/payments', { orderId }) : buyer.post(`/orders/${orderId}/cancel`),
    );
    const staff = spread(shop.staff);
    const deliveries = optionIds.map((optionId) => staff.post(`/options/${optionId}/stock`, { delta: 3, reason: 'delivery' }));
    const late = await crowd(20);
    const lateOrders = late.map((buyer, index) => buyer.post('/orders', { lines: baskets[index] }));
    expect(tally(await Promise.all(endings))).toEqual({ 200: Math.floor(orders / 2), 201: Math.ceil(orders / 2) });
    expect(tally(await Promise.all(deliveries))).toEqual({ 200: 12 });
    const { 201: _, '409 OUT_OF_STOCK': __, ...failures } = tally(await Promise.all(lateOrders));
    expect(failures).toEqual({});
  });

  test('stock adjustments against orders: what is refused did not fit', async () => {
    const { shop, crowd, spread } = servers();
    const optionId = await option(shop, { stock: 50 });
    const buyers = await crowd(60);
    const staff = spread(shop.staff);
    const orders = buyers.map((buyer) => buyer.post('/orders', { lines: [{ optionId, quantity: 1 }] }));
    const adjustments = times(20, () => staff.post(`/options/${optionId}/stock`, { delta: -2, reason: 'breakage' }));
    const ordered = tally(await Promise.all(orders));
    const adjusted = tally(await Promise.all(adjustments));
    const [sold = 0, broken = 0] = [ordered['201'], adjusted['200']];
    expect([sold, ordered['409 OUT_OF_STOCK']]).toEqual([sold, 60 - sold]);
    expect([broken, adjusted['409 STOCK_BELOW_RESERVED'] ?? 0]).toEqual([broken, 20 - broken]);
    // Both only take units away, so an order that was refused would not fit now either: nothing is left.
    expect(await stockOf(shop, optionId)).toEqual({ onHand: sold, reserved: sold });
    expect(sold + 2 * broken).toBe(50);
  });

  test('one SKU for whoever creates it first, also where products name SKUs in opposite orders', async () => {
    const { shop, spread } = servers();
    const staff = spread(shop.staff);
    const made = (skus: readonly string[]): Promise<Answered> =>
      staff.post('/products', { name: 'Product', options: skus.map((sku) => ({ sku, name: 'one', price: 1 })) });
    expect(tally(await atOnce(20, () => made([`same-${setting.name}`])))).toEqual({ 201: 1, '409 SKU_TAKEN': 19 });

    const skus = times(6, (index) => `sku-${index}-${setting.name}`);
    const answers = await atOnce(8, (index) => made(index % 2 === 0 ? skus : skus.toReversed()));
    expect(tally(answers)).toEqual({ 201: 1, '409 SKU_TAKEN': 7 });
  });
});

describe.each(ALL_SETTINGS)('limits of one user, $name', (setting) => {
  const servers = useServers(setting, { maxPendingOrders: 5 });

  test('MAX_PENDING_ORDERS holds over options and servers', async () => {
    const { shop, spread } = servers();
    const optionIds = await shelf(shop, 4, 100);
    const user = spread(await shop.customer());
    const order = (index: number): Promise<Answered> => user.post('/orders', { lines: [{ optionId: optionIds[index % 4], quantity: 1 }] });
    const answers = await atOnce(40, order);
    expect(tally(answers)).toEqual({ 201: 5, '409 TOO_MANY_PENDING_ORDERS': 35 });

    // Three of them end while the user goes on ordering: three more at most, and at least as many as still fit afterwards.
    const [first, second, third] = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []));
    const cancelled = [first, second, third].map((orderId) => user.post(`/orders/${orderId}/cancel`));
    const more = tally(await atOnce(20, order))['201'] ?? 0;
    expect(tally(await Promise.all(cancelled))).toEqual({ 200: 3 });
    expect(more).toBeLessThanOrEqual(3);
    expect(tally(await atOnce(10, order))['201'] ?? 0).toBe(3 - more);
  });

  test('maxPerUser holds over baskets and servers, while orders are paid and cancelled', async () => {
    const { shop, spread } = servers();
    const limited = await option(shop, { stock: 100, maxPerUser: 4, price: 1 });
    const others = await shelf(shop, 3, 100);
    const user = spread(await richCustomer(shop, 1000));
    const order = (index: number): Promise<Answered> => {
      const other = others[index % 4];
      const lines = [{ optionId: limited, quantity: 1 }, ...(other === undefined ? [] : [{ optionId: other, quantity: 2 }])];
      return user.post('/orders', { lines: index % 2 === 0 ? lines : lines.toReversed() });
    };
    const answers = await atOnce(40, order);
    expect(tally(answers)).toEqual({ 201: 4, '409 PURCHASE_LIMIT_EXCEEDED': 36 });

    const [first, second, third] = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []));
    const payments = [first, second].map((orderId) => user.post('/payments', { orderId }));
    const cancelled = user.post(`/orders/${third}/cancel`);
    const more = tally(await atOnce(20, order))['201'] ?? 0;
    expect(tally(await Promise.all([...payments, cancelled]))).toEqual({ 200: 1, 201: 2 });
    expect(more).toBeLessThanOrEqual(1);
    expect(tally(await atOnce(10, order))['201'] ?? 0).toBe(1 - more);
    expect(await stockOf(shop, limited)).toEqual({ onHand: 98, reserved: 2 });
  });

  test('one coupon serves one of many orders', async () => {
    const { shop, spread } = servers();
    const [optionId = ''] = await shelf(shop, 1, 100);
    const coupon = await shop.staff.post('/coupons', {
      name: 'Coupon',
      discount: { type: 'fixed', amount: 1 },
      quantity: 1,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const customer = await shop.customer();
    const userCouponId = expectStatus(await customer.post(`/coupons/${coupon.body.id}/issue`), 201).body.id;
    const user = spread(customer);
    const answers = await atOnce(20, () => user.post('/orders', { lines: [{ optionId, quantity: 1 }], userCouponId }));
    expect(tally(answers)).toEqual({ 201: 1, '409 COUPON_INVALID': 19 });
    const refusals = answers.filter(({ status }) => status === 409).map(({ body }) => body.reason);
    expect(new Set(refusals)).toEqual(new Set(['held']));
    expect(await placed(customer, optionId)).not.toBe('');
  });
});
