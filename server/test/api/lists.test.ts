import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { documentOf, operationsOf, useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, option, paid, placed, richCustomer } from '../support/goods.ts';
import { expectInvalid } from '../support/refusal.ts';
import { walk, withQuery } from '../support/walk.ts';

const shop = useShop();
const COUNT = 21;

let customer: Caller;
let refundsPath: string;
let journalPath: string;
/** Every list with at least {@link COUNT} items, by a name; each sort of the products has cursors of its own. */
const paths = {
  productsNewest: () => '/products',
  productsByName: () => '/products?sort=name',
  productsCheapest: () => '/products?sort=priceAsc',
  productsDearest: () => '/products?sort=priceDesc',
  coupons: () => '/coupons',
  history: () => '/balance/history',
  ownCoupons: () => '/me/coupons',
  orders: () => '/orders',
  payments: () => '/payments',
  refunds: () => refundsPath,
  deliveries: () => '/deliveries',
  staffActions: () => '/staff-actions',
  customers: () => '/customers',
  stockJournal: () => journalPath,
} as const;
const LISTS = Object.entries(paths);
const callerOf = (path: string): Caller => (/^\/(deliveries|staff-actions|customers|options)/.test(path) ? shop().staff : customer);
const cursors = new Map<string, string>();

const page = async (path: string, query = ''): Promise<Body> => expectStatus(await callerOf(path).get(`${path}${query}`), 200).body;
const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const unpacked = (cursor: string): readonly unknown[] => {
  const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return isList(value) ? value : [];
};

beforeAll(async () => {
  customer = await richCustomer(shop(), 1_000_000);
  const buy = async (_: unknown, count: number) => {
    await issued(customer, await couponOf(shop(), {}));
    await paid(customer, await placed(customer, await option(shop(), { price: count % 5, stock: 9 })));
  };
  await Promise.all(Array.from({ length: COUNT }, buy));
  await Promise.all(Array.from({ length: COUNT }, () => richCustomer(shop(), 1)));
  const optionId = await option(shop(), { price: 10, stock: COUNT });
  refundsPath = `/payments/${await paid(customer, await placed(customer, optionId, COUNT))}/refunds`;
  const body = { lines: [{ optionId, quantity: 1 }], restock: false, reason: 'x' };
  const refunds = await Promise.all(Array.from({ length: COUNT }, () => shop().staff.post(refundsPath, body)));
  for (const refund of refunds) expectStatus(refund, 201);
  const journalled = await option(shop(), { price: 0, stock: 2 * COUNT });
  journalPath = `/options/${journalled}/stock-journal`;
  for (let count = 0; count < COUNT; count += 1) await placed(customer, journalled);
  while ((await page('/deliveries', '?status=pending')).items.length > 0) await sleep(50);
  for (const [name, path] of LISTS) cursors.set(name, (await page(withQuery(path(), 'limit', '2'))).nextCursor);
});

test('the table above has every list of the document', () => {
  const known = new Set(LISTS.map(([, path]) => path().split('?')[0]));
  const lists = operationsOf(documentOf(shop())).filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'cursor'));
  expect(lists).toHaveLength(known.size);
  for (const { pattern } of lists) expect([...known].filter((path) => pattern.test(path ?? ''))).toHaveLength(1);
});

describe.each(LISTS)('%s', (name, path) => {
  test('shows 20 unless told, 1 to 100 when told, and ends with null', async () => {
    const preset = await page(path());
    expect(preset.items).toHaveLength(20);
    const all = await page(withQuery(path(), 'limit', '100'));
    expect(all.nextCursor).toBeNull();
    expect(all.items.slice(0, 20)).toEqual(preset.items);
    const exactly = await page(withQuery(path(), 'limit', String(all.items.length)));
    expect(exactly).toEqual(all);
    const rest = await page(withQuery(path(), 'cursor', preset.nextCursor));
    expect(rest.items).toEqual(all.items.slice(20, 40));
  });

  test('walked through in pages of any size, shows everything once, in one order', async () => {
    const { items } = await page(withQuery(path(), 'limit', '100'));
    for (const limit of [1, 7, 99]) expect(await walk(callerOf(path()), path(), limit)).toEqual(items);
  });

  test.each(['0', '-1', '101', '1.5', 'x', '', '1e1000', 'NaN', 'null', '1&limit=1'])('refuses limit=%s', async (limit) => {
    const separator = path().includes('?') ? '&' : '?';
    await expectInvalid(callerOf(path()), ['GET', `${path()}${separator}limit=${limit}`], '/limit');
  });

  test('refuses the cursors of other lists and orders', async () => {
    for (const [, cursor] of [...cursors].filter(([other]) => other !== name)) {
      await expectInvalid(callerOf(path()), ['GET', withQuery(path(), 'cursor', cursor)], '/cursor');
    }
  });

  test('refuses cursors that are not ours', async () => {
    const own = unpacked(cursors.get(name) ?? '');
    const [list] = own;
    const wrong = [
      null,
      {},
      [],
      [[]],
      '\0',
      '\ud800',
      1e300,
      'x'.repeat(2500),
      // Among the customers, whose ids may be any text, these have a place.
      ...(name === 'customers' ? [] : ['01900000-0000-7000-8000-00000000000G', '; DROP TABLE orders']),
    ];
    const made = wrong.map((value) => forged([...own.slice(0, -1), value]));
    const strange = ['x', '{}', '', 'null', '%00', 'é', 'x'.repeat(5000), forged(null), forged({}), forged([]), forged([list])];
    const longer = forged([...own, own.at(-1)]);
    for (const cursor of [...made, ...strange, longer]) {
      await expectInvalid(callerOf(path()), ['GET', withQuery(path(), 'cursor', cursor)], '/cursor');
    }
  });
});

test('a cursor of another user is a place in one’s own list', async () => {
  const other = await shop().customer();
  for (const name of ['orders', 'payments', 'ownCoupons', 'history'] as const) {
    const { body } = expectStatus(await other.get(withQuery(paths[name](), 'cursor', cursors.get(name) ?? '')), 200);
    expect(body).toEqual({ items: [], nextCursor: null });
  }
});
