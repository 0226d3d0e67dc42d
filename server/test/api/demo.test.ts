/** The demo: what it fills an empty shop with, once, whoever else starts. Every shop's end is the audit. */
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_LINES, seedDemo } from '../../src/demo/demo.ts';
import { refuse } from '../../src/kernel/errors.ts';
import type { OrderService } from '../../src/order/order.service.ts';
import { option } from '../support/goods.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const PRODUCTS = 30;
const HIDDEN = 1;
const PAID_ORDERS = 10;

/** How much of everything there is. */
async function countAll(): Promise<Record<string, number>> {
  const tables = [
    'product',
    'product_option',
    'stock_adjustment',
    'coupon',
    'user_coupon',
    'account_user',
    'balance_entry',
    'orders',
    'payment',
    'refund',
  ];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await shop.database.readers.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      return [table, rows[0]?.n ?? -1] as const;
    }),
  );
  return Object.fromEntries(counts);
}

describe('the demo', () => {
  it('fills an empty shop, and leaves one that has something alone', async () => {
    shop = await openShop();
    expect(await seedDemo(shop.app.services)).toBe(true);
    const products = await shop.anyone.get('/products?limit=100');
    expect(products.body['items']).toHaveLength(PRODUCTS - HIDDEN);
    const counts = await countAll();
    expect(counts).toMatchObject({ product: PRODUCTS, coupon: 3, account_user: 3, orders: PAID_ORDERS, payment: PAID_ORDERS, refund: 1 });

    const coupons = await shop.anyone.get('/coupons');
    expect(coupons.body['items']).toMatchObject([
      { status: 'open', quantity: 10_000 },
      { status: 'open', quantity: 100, issued: 97, remaining: 3 },
      { status: 'scheduled', issued: 0 },
    ]);
    const ranking = await shop.anyone.get('/products/rank');
    expect(ranking.body['items']).toHaveLength(5);

    expect(await seedDemo(shop.app.services)).toBe(false);
    expect(await countAll()).toEqual(counts);
  });

  it('has accounts that the printed passwords open', async () => {
    shop = await openShop();
    await seedDemo(shop.app.services);
    expect(DEMO_LINES).toHaveLength(3);
    const roles: string[] = [];
    for (const line of DEMO_LINES) {
      const [, email, password] = /: (\S+), password (\S+)$/.exec(line) ?? [];
      const { status, body, headers } = await shop.anyone.post('/auth/sign-in', { email, password });
      expect(status).toBe(200);
      roles.push(String(body['user']?.['role']));
      const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
      const balance = await shop.anyone.get('/balance', { headers: { cookie } });
      expect((balance.body['amount'] ?? 0) > 0).toBe(body['user']?.['role'] === 'customer');
    }
    expect(roles).toEqual(['customer', 'customer', 'staff']);
  });

  it('is made once by two processes that start at once', async () => {
    shop = await openShop();
    const second = await shop.second();
    const seeded = await Promise.all([seedDemo(shop.app.services), seedDemo(second.app.services)]);
    expect(seeded).toContain(true);
    const together = await countAll();
    await shop.close();
    shop = await openShop();
    await seedDemo(shop.app.services);
    expect(together).toEqual(await countAll());
  });

  it('leaves out what the settings forbid', async () => {
    shop = await openShop({
      maxCharge: 1000,
      auth: { secret: null, previousSecret: null, jwksUrl: 'http://127.0.0.1:9/keys', issuer: null, audience: null },
    });
    expect(await seedDemo(shop.app.services)).toBe(true);
    expect(await countAll()).toMatchObject({ product: PRODUCTS, account_user: 0, balance_entry: 0, payment: 0 });
  });

  it('leaves out orders that somebody else has made impossible', async () => {
    shop = await openShop();
    const { services } = shop.app;
    const soldOut: OrderService = { ...services.orders, write: async () => refuse('OUT_OF_STOCK') };
    expect(await seedDemo({ ...services, orders: soldOut })).toBe(true);
    expect(await countAll()).toMatchObject({ product: PRODUCTS, orders: 0, refund: 0 });
  });

  it('is not made where the only product is hidden', async () => {
    shop = await openShop();
    await option(shop);
    const [product] = (await shop.app.services.products.list({}, true)).items;
    await shop.staff.patch(`/products/${product?.id}`, { status: 'hidden' });
    expect(await seedDemo(shop.app.services)).toBe(false);
    expect(await countAll()).toMatchObject({ product: 1, coupon: 0, account_user: 0 });
  });
});
