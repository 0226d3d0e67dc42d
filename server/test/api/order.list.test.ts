/** The list of orders as the back office narrows it: by status, user, time and id. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { expectStatus, option, paid, placed, richCustomer } from '../support/goods.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop({ orderTtlSeconds: 3600 });
let customer: Caller;
let other: Caller;
/** The orders of `customer` by their status, the newest last. */
const made: Record<string, string> = {};

const listed = async (query: string, caller: Caller = shop().staff): Promise<string[]> =>
  (await walk(caller, `/orders?${query}`, 3)).map(({ id }) => id);

beforeAll(async () => {
  customer = await richCustomer(shop(), 10_000);
  other = await shop().customer();
  const optionId = await option(shop(), { price: 10, stock: 99 });
  const refund = async (orderId: string, quantity: number): Promise<void> => {
    const body = { lines: [{ optionId, quantity }], restock: false, reason: 'x' };
    expectStatus(await shop().staff.post(`/payments/${await paid(customer, orderId)}/refunds`, body), 201);
  };
  const statuses = ['pending', 'paid', 'cancelled', 'partiallyRefunded', 'refunded'];
  for (const status of statuses) made[status] = await placed(customer, optionId, 2);
  await paid(customer, made.paid ?? '');
  expectStatus(await customer.post(`/orders/${made.cancelled}/cancel`), 200);
  await refund(made.partiallyRefunded ?? '', 1);
  await refund(made.refunded ?? '', 2);
  made.theirs = await placed(other, optionId);
});

describe('narrowed', () => {
  test.each(['paid', 'cancelled', 'partiallyRefunded', 'refunded'])('to %s, it has that one', async (status) => {
    expect(await listed(`status=${status}`)).toEqual([made[status]]);
    expect(await listed(`status=${status}`, customer)).toEqual([made[status]]);
    expect(await listed(`status=${status}&userId=${other.userId}`)).toEqual([]);
  });

  test('to pending and expired, it tells them apart by their time, swept or not', async () => {
    expect(await listed('status=pending')).toEqual([made.theirs, made.pending]);
    expect(await listed(`status=pending&userId=${customer.userId}`)).toEqual([made.pending]);
    expect(await listed('status=expired')).toEqual([]);
    await shop().database.writers.query("UPDATE orders SET expires_at = now() + interval '300 milliseconds' WHERE id = $1", [made.theirs]);
    await expect.poll(() => listed('status=expired')).toEqual([made.theirs]);
    expect(await listed('status=pending')).toEqual([made.pending]);
    await expect
      .poll(async () => (await shop().staff.get(`/orders/${made.theirs}/timeline`)).body.entries.length, { timeout: 5000 })
      .toBe(4);
    expect(await listed('status=expired')).toEqual([made.theirs]);
  });

  test('to a time, it has what was placed from its beginning to before its end', async () => {
    const { createdAt } = (await shop().staff.get(`/orders/${made.cancelled}`)).body;
    const next = new Date(Date.parse(createdAt) + 1).toISOString();
    expect(await listed(`from=${createdAt}&to=${next}&userId=${customer.userId}`)).toContain(made.cancelled);
    expect(await listed(`to=${createdAt}`)).not.toContain(made.cancelled);
    expect(await listed(`from=${next}`)).not.toContain(made.cancelled);
    const [before, after] = [await listed(`to=${createdAt}`), await listed(`from=${createdAt}`)];
    expect([...after, ...before]).toEqual(await listed(''));
    expect(await listed(`from=${createdAt}&status=cancelled`)).toEqual([made.cancelled]);
  });

  test('to an id or its beginning, it has that one', async () => {
    const id = made.paid ?? '';
    expect(await listed(`search=${id}`)).toEqual([id]);
    expect(await listed(`search=${id.replaceAll('-', '')}`)).toEqual([id]);
    expect(await listed(`search=${id.slice(0, 35)}`)).toContain(id);
    expect(await listed(`search=${id.slice(0, 6)}`)).toEqual(await listed(''));
    expect(await listed(`search=${id}`, other)).toEqual([]);
    expect(await listed('search=ffffffff-ffff')).toEqual([]);
    expect(await listed(`search=${id}&status=cancelled`)).toEqual([]);
  });
});

test('a rare status among many orders: a page looks at a bounded number, and says where to go on', async () => {
  const COUNT = 12_000;
  const { writers } = shop().database;
  await writers.query(`
    INSERT INTO orders (user_id, id, status, subtotal, discount, total, created_at, expires_at, ended_at)
    SELECT 'twin', ('ffffffff-ff00-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'cancelled', 0, 0, 0, to_timestamp(0), to_timestamp(1), to_timestamp(1)
      FROM generate_series(1, ${COUNT}) AS n`);
  await writers.query(`
    INSERT INTO order_line (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity, released)
    SELECT user_id, id, 1, gen_random_uuid(), gen_random_uuid(), 'x', 'x', 0, 1, true FROM orders WHERE user_id = 'twin'`);
  const first: Body = expectStatus(await shop().staff.get('/orders?status=refunded'), 200).body;
  expect(first.items).toEqual([]);
  expect(first.nextCursor).toBeTypeOf('string');
  expect(await listed('status=refunded')).toEqual([made.refunded]);
  expect((await walk(shop().staff, '/orders?status=cancelled', 100)).length).toBe(COUNT + 1);
  expect(await listed(`status=refunded&userId=${customer.userId}`)).toEqual([made.refunded]);
  expect(await listed(`status=refunded&to=2030-01-01T00:00:00Z`)).toEqual([made.refunded]);
});

test('takes only what it knows, of staff and customers alike', async () => {
  await expectInvalid(shop().staff, ['GET', '/orders?status=gone'], '/status');
  await expectInvalid(shop().staff, ['GET', '/orders?from=x'], '/from');
  await expectInvalid(shop().staff, ['GET', "/orders?search=';--"], '/search');
  await expectInvalid(shop().staff, ['GET', '/orders?search='], '/search');
  await expectRefusal(other, ['GET', `/orders?status=paid&userId=${customer.userId}`], '403 FORBIDDEN');
});
