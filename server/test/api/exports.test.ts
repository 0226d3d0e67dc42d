/** Exports: CSV of any length for spreadsheets, streamed, harmless, narrowed by time. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, issued, option, paid, placed, tag } from '../support/goods.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';

const shop = useShop({ orderTtlSeconds: 600 });
const FILES = ['orders', 'payments', 'coupons'] as const;
type File = (typeof FILES)[number];
type Row = Readonly<Record<string, string>>;

const isRows = (value: unknown): value is Row[] => Array.isArray(value);
async function exported(file: File, query = ''): Promise<Row[]> {
  const response = await fetch(`${shop().baseUrl}/exports/${file}.csv${query}`, { headers: authorization(shop().staff) });
  expect(response.status).toBe(200);
  const rows: unknown = parse(await response.text(), { bom: true, columns: true, relax_column_count: false });
  if (!isRows(rows)) throw new Error('the file is CSV');
  return rows;
}
const authorization = ({ token }: Caller) => ({ authorization: `Bearer ${token}` });

let customer: Caller;
const made = { orderId: '', paymentId: '', userCouponId: '', pending: '', couponId: '', sku: '' };

beforeAll(async () => {
  customer = await shop().customer('=HYPERLINK("http://evil","x"),\n두번째');
  expectStatus(await shop().staff.post('/balance/charge', { amount: 10_000, userId: customer.userId }), 200);
  made.sku = `+${tag()}`;
  const body = { name: 'Hat, "blue"', options: [{ sku: made.sku, name: 'one', price: 1000, stock: 9 }] };
  const optionId = expectStatus(await shop().staff.post('/products', body), 201).body.options[0]?.id ?? '';
  const other = await option(shop(), { price: 10, stock: 5 });
  made.couponId = await couponOf(shop(), { name: '@신규 "회원"', discount: { type: 'percent', percent: 10, maxAmount: 150 } });
  made.userCouponId = await issued(customer, made.couponId);
  const lines = [
    { optionId, quantity: 2 },
    { optionId: other, quantity: 1 },
  ];
  made.orderId = expectStatus(await customer.post('/orders', { lines, userCouponId: made.userCouponId }), 201).body.id;
  made.paymentId = await paid(customer, made.orderId);
  made.pending = await placed(customer, other);
});

describe.each(FILES)('%s', (file) => {
  test('is a file of UTF-8 with a byte order mark and CRLF, for staff alone', async () => {
    const path = `/exports/${file}.csv`;
    const response = await fetch(`${shop().baseUrl}${path}`, { headers: authorization(shop().staff) });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${file}.csv"`);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString().endsWith('\r\n')).toBe(true);
    await expectRefusal(shop().anyone, ['GET', `${path}?from=x`], '401 UNAUTHENTICATED');
    await expectRefusal(customer, ['GET', `${path}?from=x`], '403 FORBIDDEN');
    await expectInvalid(shop().staff, ['GET', `${path}?from=x`], '/from');
    await expectInvalid(shop().staff, ['GET', `${path}?to=2026-02-30T00:00:00Z`], '/to');
    const head = await shop().staff.call('HEAD', path);
    expect([head.status, head.headers.get('content-type')]).toEqual([200, response.headers.get('content-type')]);
  });

  test('is narrowed to a time, its beginning included and its end not', async () => {
    const at = { orders: 'createdAt', payments: 'paidAt', coupons: 'issuedAt' }[file];
    const id = { orders: made.orderId, payments: made.paymentId, coupons: made.userCouponId }[file];
    const time = (await exported(file)).find((row) => row['id'] === id)?.[at] ?? '';
    const has = async (query: string): Promise<boolean> => (await exported(file, query)).some((row) => row['id'] === id);
    const next = new Date(Date.parse(time) + 1).toISOString();
    expect(await has(`?from=${time}&to=${next}`)).toBe(true);
    expect(await has(`?to=${time}`)).toBe(false);
    expect(await has(`?from=${next}`)).toBe(false);
    expect(await exported(file, '?from=2000-01-01T00:00:00Z&to=2001-01-01T00:00:00Z')).toEqual([]);
  });

  test('leaves no text that a spreadsheet would run', async () => {
    const fields = (await exported(file)).flatMap((row) => Object.values(row));
    expect(fields.filter((field) => /^[=+\-@]/.test(field))).toEqual([]);
    expect(fields).toContain(`'${customer.userId}`);
  });
});

test('orders, payments and coupons say what the API says', async () => {
  const { body: order } = await customer.get(`/orders/${made.orderId}`);
  const rows = await exported('orders');
  expect(rows.find((row) => row['id'] === made.orderId)).toEqual({
    id: made.orderId,
    userId: `'${customer.userId}`,
    status: 'paid',
    lines: `2 x ${made.sku}; 1 x ${order.lines[1]?.sku}`,
    subtotal: '2010',
    discount: '150',
    total: '1860',
    userCouponId: made.userCouponId,
    paymentId: made.paymentId,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    paidAt: order.paidAt,
  });
  expect(rows.find((row) => row['id'] === made.pending)).toMatchObject({ status: 'pending', paymentId: '', paidAt: '', userCouponId: '' });
  const { body: payment } = await customer.get(`/payments/${made.paymentId}`);
  const found = (await exported('payments')).find((row) => row['id'] === made.paymentId);
  const texts = Object.entries(payment).map(([name, value]) => [name, name === 'userId' ? `'${String(value)}` : String(value)]);
  expect(found).toEqual(Object.fromEntries(texts));
  expect((await exported('coupons')).find((row) => row['id'] === made.userCouponId)).toMatchObject({
    couponId: made.couponId,
    name: '\'@신규 "회원"',
    sequence: '1',
    status: 'used',
    orderId: made.orderId,
    discountAmount: '',
    discountPercent: '10',
    discountMaxAmount: '150',
  });
});

test('an order past its time is expired in the file, too', async () => {
  const second = await shop().second();
  second.moveClock(601_000);
  const response = await fetch(`${second.baseUrl}/exports/orders.csv`, { headers: authorization(shop().staff) });
  const text = await response.text();
  expect(text.split('\r\n').find((line) => line.startsWith(made.pending))).toContain(',expired,');
});

describe('files longer than a page', () => {
  const COUNT = 12_000;

  beforeAll(async () => {
    const { writers } = shop().database;
    // Twins of what the shop has made, so that the books still balance: free orders of no stock that were cancelled, and coupons of a kind.
    await writers.query(`
      INSERT INTO orders (user_id, id, status, subtotal, discount, total, created_at, expires_at, ended_at)
      SELECT 'twin', ('00000000-0001-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'cancelled', 0, 0, 0, to_timestamp(0), to_timestamp(1), to_timestamp(1)
        FROM generate_series(1, ${COUNT}) AS n`);
    await writers.query(`
      INSERT INTO order_line (user_id, order_id, line, option_id, product_id, sku, name, unit_price, quantity, released)
      SELECT user_id, id, 1, gen_random_uuid(), gen_random_uuid(), 'x', 'x', 0, 1, true FROM orders WHERE user_id = 'twin'`);
    await writers.query(
      `INSERT INTO user_coupon (user_id, id, coupon_id, sequence, name, discount, min_order_amount, expires_at, status, issued_at)
       SELECT 'twin ' || n, ('00000000-0001-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, n + 1, 'x', '{"type":"fixed","amount":1}', 0, now(), 'issued', to_timestamp(0)
         FROM generate_series(1, ${COUNT}) AS n`,
      [made.couponId],
    );
    await writers.query('UPDATE coupon SET issued = issued + $2, quantity = quantity + $2 WHERE id = $1', [made.couponId, COUNT]);
  });

  test.each(['orders', 'coupons'] as const)('%s have every row once', async (file) => {
    const all = await exported(file);
    expect(new Set(all.map((row) => row['id'])).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(COUNT);
    expect(await exported(file, '?to=1990-01-01T00:00:00Z')).toHaveLength(COUNT);
    expect((await exported(file, '?from=1990-01-01T00:00:00Z')).length).toBe(all.length - COUNT);
  });

  test('a client that does not read holds up nothing but itself, and one that leaves ends the work', async () => {
    const { hostname, port } = new URL(shop().baseUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    const { token } = shop().staff;
    socket.pause();
    socket.write(`GET /exports/coupons.csv HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await sleep(300);
    const { readers } = shop().database;
    const inUse = async (): Promise<number> => readers.totalCount - readers.idleCount;
    await eventually(inUse).toBe(0);
    expect(await exported('coupons')).not.toEqual([]);
    socket.destroy();
    await sleep(100);
    await eventually(inUse).toBe(0);
  });
});
