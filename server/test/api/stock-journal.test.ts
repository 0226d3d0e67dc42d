/** The journal of an option's stock: what staff, orders and refunds did to it, the newest first. */
import { expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, NO_ID, option, paid, placed, richCustomer, stockOf } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop({ orderTtlSeconds: 60 });

const pathOf = (optionId: string): string => `/options/${optionId}/stock-journal`;
const journal = async (optionId: string, query = ''): Promise<readonly Body[]> =>
  expectStatus(await shop().staff.get(`${pathOf(optionId)}${query}`), 200).body.items;
const refunded = async (paymentId: string, optionId: string, restock: boolean): Promise<Body> => {
  const body = { lines: [{ optionId, quantity: 1 }], restock, reason: 'broken' };
  return expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, body), 201).body;
};

/** What the movements say the stock is. */
function reckoned(movements: readonly Body[]): { onHand: number; reserved: number } {
  const sum = (of: (movement: Body) => number): number => movements.reduce((total, movement) => total + of(movement), 0);
  const units = ({ quantity }: Body): number => quantity;
  return {
    onHand: sum((each) => {
      if (each['kind'] === 'adjustment') return each['delta'];
      if (each['kind'] === 'restock') return units(each);
      return each['outcome'] === 'sold' ? -units(each) : 0;
    }),
    reserved: sum((each) => (each['outcome'] === 'held' ? units(each) : 0)),
  };
}

test('everything that moved the stock of an option is in it, once, and adds up to the stock', async () => {
  const customer = await richCustomer(shop(), 100_000);
  const { userId } = customer;
  const [optionId, another] = [await option(shop(), { stock: 10 }), await option(shop(), { stock: 10 })];
  await placed(customer, another);
  const lines = [another, optionId].map((id) => ({ optionId: id, quantity: 2 }));
  const { body: bought } = expectStatus(await customer.post('/orders', { lines }), 201);
  const paymentId = await paid(customer, bought.id);
  const cancelled = await placed(customer, optionId, 3);
  expectStatus(await customer.post(`/orders/${cancelled}/cancel`), 200);
  await refunded(paymentId, another, true);
  await refunded(paymentId, optionId, false);
  const restock = await refunded(paymentId, optionId, true);
  expectStatus(await shop().staff.post(`/options/${optionId}/stock`, { delta: -4, reason: 'water' }), 200);
  const open = await placed(customer, optionId, 1);

  const { paidAt } = (await customer.get(`/orders/${bought.id}`)).body;
  const at = ANY_TIME;
  const movements = await journal(optionId);
  expect(movements).toEqual([
    { id: open, at, kind: 'order', quantity: 1, outcome: 'held', settledAt: null, userId },
    { id: ANY_ID, at, kind: 'adjustment', delta: -4, onHandAfter: 5, reason: 'water', staffId: 'staff' },
    {
      id: restock.id,
      at: restock.createdAt,
      kind: 'restock',
      quantity: 1,
      orderId: bought.id,
      paymentId,
      userId,
      reason: 'broken',
      staffId: 'staff',
    },
    { id: cancelled, at, kind: 'order', quantity: 3, outcome: 'givenBack', settledAt: at, userId },
    { id: bought.id, at: bought.createdAt, kind: 'order', quantity: 2, outcome: 'sold', settledAt: paidAt, userId },
    { id: ANY_ID, at, kind: 'adjustment', delta: 10, onHandAfter: 10, reason: 'first stock', staffId: 'staff' },
  ]);
  expect(reckoned(movements)).toEqual(await stockOf(shop(), optionId));
  expect(await walk(shop().staff, pathOf(optionId), 1)).toEqual(movements);
  const since = `?from=${String(movements[3]?.['at'])}`;
  expect(await journal(optionId, since)).toEqual(movements.filter((each) => String(each['at']) >= String(movements[3]?.['at'])));
  expect(await journal(optionId, '?to=2020-01-01T00:00:00Z')).toEqual([]);
});

test('an order past its time holds its units until it is swept, and gave them back then', async () => {
  const customer = await shop().customer();
  const optionId = await option(shop(), { stock: 2 });
  const orderId = await placed(customer, optionId, 2);
  shop().moveClock(61_000);
  await eventually(async () => (await journal(optionId))[0]?.['outcome']).toBe('givenBack');
  const { expiresAt } = (await customer.get(`/orders/${orderId}`)).body;
  expect(String((await journal(optionId))[0]?.['settledAt']) >= expiresAt).toBe(true);
  expect(reckoned(await journal(optionId))).toEqual(await stockOf(shop(), optionId));
});

test('behind many orders and refunds of others: a page looks at a bounded number, and says where to go on', async () => {
  const COUNT = 12_000;
  const customer = await richCustomer(shop(), 10_000);
  const optionId = await option(shop(), { stock: 5 });
  const paymentId = await paid(customer, await placed(customer, optionId, 2));
  await refunded(paymentId, optionId, true);
  const known = await journal(optionId);
  const { writers } = shop().database;
  await writers.query(`
    INSERT INTO orders (user_id, id, status, subtotal, discount, total, created_at, expires_at, ended_at)
    SELECT 'twin', ('ffffffff-ff00-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'cancelled', 0, 0, 0, to_timestamp(0), to_timestamp(1), to_timestamp(1)
      FROM generate_series(1, ${COUNT}) AS n`);
  await writers.query(`
    INSERT INTO order_line (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity, released)
    SELECT user_id, id, 1, gen_random_uuid(), gen_random_uuid(), 'x', 'x', 0, 1, true FROM orders WHERE user_id = 'twin'`);
  const { body: first } = expectStatus(await shop().staff.get(pathOf(optionId)), 200);
  expect(first.items).toEqual([]);
  expect(first.nextCursor).toBeTypeOf('string');
  expect(await walk(shop().staff, pathOf(optionId), 100)).toEqual(known);
  expect(await walk(shop().staff, pathOf(optionId), 1)).toEqual(known);

  await writers.query(`
    INSERT INTO refund (user_id, payment_id, id, order_id, amount, lines, restocked, balance_after, reason, staff_id, created_at)
    SELECT 'twin', gen_random_uuid(), ('ffffffff-fe00-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(), 0,
           jsonb_build_array(jsonb_build_object('optionId', gen_random_uuid(), 'quantity', 1)), true, 0, 'x', 'x', to_timestamp(0)
      FROM generate_series(1, ${COUNT}) AS n`);
  expect(await walk(shop().staff, pathOf(optionId), 3)).toEqual(known);
  await writers.query("DELETE FROM refund WHERE user_id = 'twin'");
});

test('is for staff, of options there are', async () => {
  const customer = await shop().customer();
  const path = pathOf(await option(shop()));
  await expectRefusal(shop().anyone, ['GET', path], '401 UNAUTHENTICATED');
  await expectRefusal(customer, ['GET', path], '403 FORBIDDEN');
  await expectRefusal(shop().staff, ['GET', pathOf(NO_ID)], '404 OPTION_NOT_FOUND');
  await expectInvalid(shop().staff, ['GET', pathOf('x')], '/optionId');
  await expectInvalid(shop().staff, ['GET', `${path}?from=x`], '/from');
});
