/** One idempotency key, many times at once: one effect, and the same answer for everyone. */
import { describe, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { ALL_SETTINGS, atOnce, useServers } from '../support/fault-servers.ts';
import { coupon, option, paid, placed, richCustomer, stockOf, tag, tally } from '../support/goods.ts';

const COUNT = 50;

/** Repeats one keyed request; expects one effect, answered equally to all, and gives its body. */
async function repeated(caller: Caller, path: string, body: unknown, status: number): Promise<Answered['body']> {
  const key = tag();
  const answers = await atOnce(COUNT, () => caller.post(path, body, { key }));
  expect(tally(answers)).toEqual({ [status]: COUNT });
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null).length).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length).toBe(COUNT - 1);
  const [first] = answers;
  if (first === undefined) throw new Error('nobody was answered');
  return first.body;
}

describe.each(ALL_SETTINGS)(`one key ${COUNT} times at once, $name`, (setting) => {
  const servers = useServers(setting);

  test('charge', async () => {
    const { shop, spread } = servers();
    const user = spread(await shop.customer());
    expect(await repeated(user, '/balance/charge', { amount: 11 }, 200)).toMatchObject({ amount: 11, charged: 11 });
    expect((await user.get('/balance')).body.amount).toBe(11);
    expect((await user.get('/balance/history')).body.items.length).toBe(1);
  });

  test('issue, of the last coupon', async () => {
    const { shop, spread } = servers();
    const couponId = await coupon(shop, { quantity: 1 });
    const user = spread(await shop.customer());
    expect(await repeated(user, `/coupons/${couponId}/issue`, undefined, 201)).toMatchObject({ couponId, sequence: 1 });
    expect((await user.get('/me/coupons')).body.items.length).toBe(1);
  });

  test('order, of the last units', async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: 2, maxPerUser: 2 });
    const user = spread(await shop.customer());
    await repeated(user, '/orders', { lines: [{ optionId, quantity: 2 }] }, 201);
    expect((await user.get('/orders')).body.items.length).toBe(1);
    expect(await stockOf(shop, optionId)).toEqual({ onHand: 2, reserved: 2 });
  });

  test('pay, and cancel', async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: 2, price: 100 });
    const customer = await richCustomer(shop, 100);
    const user = spread(customer);
    const orderId = await placed(customer, optionId);
    await repeated(user, '/payments', { orderId }, 201);
    expect((await user.get('/payments')).body.items.length).toBe(1);
    expect((await user.get('/balance')).body.amount).toBe(0);
    const cancelled = await placed(customer, optionId);
    await repeated(user, `/orders/${cancelled}/cancel`, undefined, 200);
    expect(await stockOf(shop, optionId)).toEqual({ onHand: 1, reserved: 0 });
  });

  test('refund, product and coupon creation, which lock no row that they share', async () => {
    const { shop, spread } = servers();
    const staff = spread(shop.staff);
    const sku = tag();
    const created = await repeated(staff, '/products', { name: sku, options: [{ sku, name: 'one', price: 1, stock: 3 }] }, 201);
    expect((await staff.get(`/products?search=${sku}`)).body.items).toMatchObject([{ id: created.id }]);
    // Without a SKU in the way, nothing but the key itself keeps a second product from being made.
    const { id } = await repeated(staff, '/products', { name: `bare ${sku}`, options: [] }, 201);
    expect((await staff.get(`/products?search=bare%20${sku}`)).body.items.map((each) => each.id)).toEqual([id]);
    await repeated(
      staff,
      '/coupons',
      { name: sku, discount: { type: 'fixed', amount: 1 }, quantity: 1, expiresAt: new Date(Date.now() + 60_000) },
      201,
    );
    const customer = await richCustomer(shop, 100);
    const paymentId = await paid(customer, await placed(customer, created.options[0]?.id ?? '', 3));
    await repeated(staff, `/payments/${paymentId}/refunds`, { restock: true, reason: 'returned' }, 201);
    expect((await customer.get('/balance')).body.amount).toBe(100);
  });

  test('one key with two bodies: one of them is done, the other is told', async () => {
    const { shop, spread } = servers();
    const user = spread(await shop.customer());
    const key = tag();
    const answers = await atOnce(COUNT, (index) => user.post('/balance/charge', { amount: 1 + (index % 2) }, { key }));
    expect(tally(answers)).toEqual({ 200: COUNT / 2, '422 IDEMPOTENCY_KEY_REUSED': COUNT / 2 });
    const done = answers.find(({ status }) => status === 200)?.body.charged;
    expect((await user.get('/balance')).body.amount).toBe(done);
  });
});
