/** The trail of staff: every write of staff leaves one row, in its own transaction; nobody else's does. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, issued, later, NO_ID, option, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();

let customer: Caller;
beforeAll(async () => {
  customer = await richCustomer(shop(), 100_000);
});

const listed = (query = ''): Promise<Body[]> => walk(shop().staff, `/staff-actions${query}`, 100);
const on = (object: string): Promise<Body[]> => listed(`?object=${encodeURIComponent(object)}`);

/** The actions that `work` leaves, the oldest first. */
async function leftBy(work: () => Promise<unknown>): Promise<Body[]> {
  const before = (await listed()).length;
  await work();
  const all = await listed();
  return all.slice(0, all.length - before).toReversed();
}

const action = (operation: string, kind: string, id: unknown, before: unknown, after: unknown): object => ({
  id: ANY_ID,
  staffId: 'staff',
  operation,
  object: { kind, id },
  before,
  after,
  createdAt: ANY_TIME,
});

describe('leaves a row with the object before and after:', () => {
  test('products, options and stock', async () => {
    const made = await product(shop(), [{ sku: 'trail-1', stock: 5 }], { name: 'Trail', description: 'x' });
    const optionId = made.options[0]?.id ?? '';
    const actions = await leftBy(async () => {
      expectStatus(await shop().staff.patch(`/products/${made.id}`, { name: 'Trail 2', status: 'hidden' }), 200);
      expectStatus(await shop().staff.patch(`/options/${optionId}`, { price: 7 }), 200);
      expectStatus(await shop().staff.post(`/options/${optionId}/stock`, { delta: 3, reason: 'found' }), 200);
      expectStatus(await shop().staff.post(`/products/${made.id}/options`, { sku: 'trail-2', name: 'two', price: 1, stock: 9 }), 201);
    });
    const chosen = { sku: 'trail-1', name: 'one', price: 1000, status: 'active', maxPerUser: null };
    const added = { sku: 'trail-2', name: 'two', price: 1, status: 'active', maxPerUser: null, productId: made.id, onHand: 9 };
    expect(actions).toEqual([
      action(
        'product.update',
        'product',
        made.id,
        { name: 'Trail', description: 'x', status: 'active' },
        { name: 'Trail 2', description: 'x', status: 'hidden' },
      ),
      action('option.update', 'option', optionId, chosen, { ...chosen, price: 7 }),
      action('stock.adjust', 'option', optionId, { onHand: 5 }, { onHand: 8, delta: 3, reason: 'found' }),
      action('option.create', 'option', ANY_ID, null, added),
    ]);
    const created = { name: 'Trail', description: 'x', status: 'active', options: [{ id: optionId, ...chosen, onHand: 5 }] };
    expect((await on(`product:${made.id}`)).at(-1)).toEqual(action('product.create', 'product', made.id, null, created));
    expect(await on(`option:${optionId}`)).toHaveLength(2);
  });

  test('coupons', async () => {
    const expiresAt = later(3_600_000);
    const terms = { name: 'x', discount: { type: 'fixed', amount: 5 }, minOrderAmount: 0, quantity: 3, startsAt: ANY_TIME, expiresAt };
    const couponId = await couponOf(shop(), { name: 'x', discount: { type: 'fixed', amount: 5 }, quantity: 3, expiresAt });
    expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { quantity: 4 }), 200);
    expect((await on(`coupon:${couponId}`)).toReversed()).toEqual([
      action('coupon.create', 'coupon', couponId, null, terms),
      action('coupon.update', 'coupon', couponId, terms, { ...terms, quantity: 4 }),
    ]);
  });

  test('charges by staff, and not their repeats under the same reference', async () => {
    const [own, ...others] = await leftBy(async () => {
      const body = { amount: 30, userId: customer.userId, reference: 'cash' };
      expectStatus(await shop().staff.post('/balance/charge', body), 200);
      expectStatus(await shop().staff.post('/balance/charge', body), 200);
      expectStatus(await customer.post('/balance/charge', { amount: 1 }), 200);
    });
    const after = { balance: 100_030, charged: 30, reference: 'cash', entryId: ANY_ID };
    expect(own).toEqual(action('balance.charge', 'balance', customer.userId, { balance: 100_000 }, after));
    expect(others).toEqual([]);
  });

  test('refunds, and cancellations of what is not theirs', async () => {
    const optionId = await option(shop(), { price: 100, stock: 9 });
    const orderId = await placed(customer, optionId, 2);
    const paymentId = await paid(customer, orderId);
    const theirs = await placed(customer, optionId);
    const own = await placed(shop().staff, optionId);
    const refund = { lines: [{ optionId, quantity: 1 }], restock: true, reason: 'broken' };
    const actions = await leftBy(async () => {
      expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, refund), 201);
      expectStatus(await shop().staff.post(`/orders/${theirs}/cancel`), 200);
      expectStatus(await shop().staff.post(`/orders/${own}/cancel`), 200);
    });
    const { lines, reason } = refund;
    expect(actions).toEqual([
      action(
        'payment.refund',
        'payment',
        paymentId,
        { refunded: 0 },
        { refunded: 100, refundId: ANY_ID, orderId, amount: 100, lines, restocked: true, reason, orderStatus: 'partiallyRefunded' },
      ),
      action('order.cancel', 'order', theirs, { status: 'pending' }, { status: 'cancelled', userId: customer.userId }),
    ]);
  });

  test('replays, destinations without their secrets, and refreshes of the ranking', async () => {
    const free = await option(shop(), { price: 0, stock: 1 });
    await paid(customer, await placed(customer, free));
    await eventually(async () => (await shop().staff.get('/deliveries?status=pending')).body.items).toEqual([]);
    const [delivery] = (await shop().staff.get('/deliveries?limit=1')).body.items;
    const name = `hook-${tag()}`;
    const actions = await leftBy(async () => {
      expectStatus(await shop().staff.post(`/deliveries/${delivery?.id}/replay`), 202);
      await eventually(async () => (await shop().staff.get('/deliveries?status=pending')).body.items).toEqual([]);
      expectStatus(await shop().staff.post('/deliveries/replay', { destination: 'log', to: '2020-01-01T00:00:00Z' }), 202);
      expectStatus(await shop().staff.post('/deliveries/replay', { destination: 'log', from: delivery?.createdAt }), 202);
      const body = { name, kind: 'webhook', url: 'https://example.com/hook', eventTypes: ['ranking.updated'] };
      expectStatus(await shop().staff.post('/destinations', body), 201);
      expectStatus(await shop().staff.patch(`/destinations/${name}`, { enabled: false }), 200);
      expectStatus(await shop().staff.post(`/destinations/${name}/secret`, {}), 200);
      expectStatus(await shop().staff.post('/rankings/refresh'), 200);
    });
    expect(actions.map(({ operation, object }) => ({ operation, object }))).toEqual([
      { operation: 'delivery.replay', object: { kind: 'delivery', id: delivery?.id } },
      { operation: 'destination.replay', object: { kind: 'destination', id: 'log' } },
      { operation: 'destination.create', object: { kind: 'destination', id: name } },
      { operation: 'destination.update', object: { kind: 'destination', id: name } },
      { operation: 'destination.rotateSecret', object: { kind: 'destination', id: name } },
      { operation: 'ranking.refresh', object: { kind: 'ranking', id: ANY_ID } },
    ]);
    expect(actions[3]).toMatchObject({ before: { enabled: true }, after: { enabled: false } });
    expect(JSON.stringify(actions)).not.toContain('whsec_');
  });
});

test('what is refused or repeated with its key, and what customers do, leaves none', async () => {
  const optionId = await option(shop(), { price: 10, stock: 5 });
  const actions = await leftBy(async () => {
    await expectRefusal(shop().staff, ['PATCH', `/products/${NO_ID}`, { name: 'x' }], '404 PRODUCT_NOT_FOUND');
    await expectRefusal(shop().staff, ['POST', `/options/${optionId}/stock`, { delta: -6, reason: 'x' }], '409 STOCK_BELOW_RESERVED');
    const key = tag();
    for (let times = 0; times < 3; times += 1) {
      expectStatus(await shop().staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'x' }, { key }), 200);
    }
    await issued(customer, await couponOf(shop(), {}));
    const orderId = await placed(customer, optionId);
    expectStatus(await customer.post(`/orders/${orderId}/cancel`), 200);
    await paid(customer, await placed(customer, optionId));
  });
  expect(actions.map(({ operation }) => operation)).toEqual(['stock.adjust', 'coupon.create']);
});

test('many at once leave one each, whatever batches they share', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => option(shop(), { stock: 1 })));
  const actions = await leftBy(() =>
    Promise.all(ids.map(async (id) => expectStatus(await shop().staff.post(`/options/${id}/stock`, { delta: 1, reason: id }), 200))),
  );
  expect(actions.map((each) => JSON.stringify(each['after']).includes(JSON.stringify(each['object']).slice(23, 59)))).toEqual(
    ids.map(() => true),
  );
  expect(new Set(actions.map(({ id }) => id)).size).toBe(20);
});

describe('the list', () => {
  test('is narrowed by staff, object and time, and walked through', async () => {
    const all = await listed();
    expect(all.length).toBeGreaterThan(10);
    expect(await walk(shop().staff, '/staff-actions', 3)).toEqual(all);
    expect(await listed('?staffId=staff')).toEqual(all);
    expect(await listed('?staffId=nobody')).toEqual([]);
    const kinds = (await listed('?object=coupon')).map((each) => JSON.stringify(each['object']));
    expect(kinds.length).toBeGreaterThan(1);
    expect(kinds.every((object) => object.includes('"coupon"'))).toBe(true);
    expect(await listed('?object=coupon&staffId=staff')).toHaveLength(kinds.length);
    const middle = all[5];
    const from = await listed(`?from=${middle?.createdAt}`);
    const to = await listed(`?to=${middle?.createdAt}`);
    expect(from.at(-1)?.createdAt).toBe(middle?.createdAt);
    expect([...from, ...to]).toEqual(all);
    expect(await listed(`?object=${encodeURIComponent(`balance:${customer.userId}`)}&staffId=staff`)).toHaveLength(1);
  });

  test('is for staff, by objects there are', async () => {
    await expectRefusal(shop().anyone, ['GET', '/staff-actions?object=x'], '401 UNAUTHENTICATED');
    await expectRefusal(customer, ['GET', '/staff-actions?object=x'], '403 FORBIDDEN');
    await expectInvalid(shop().staff, ['GET', '/staff-actions?object=x'], '/object');
    await expectInvalid(shop().staff, ['GET', '/staff-actions?object=orders:1'], '/object');
    await expectInvalid(shop().staff, ['GET', '/staff-actions?from=yesterday'], '/from');
    await expectInvalid(shop().staff, ['GET', '/staff-actions?staffId='], '/staffId');
  });
});
