/** What an attacker tried with success once. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { option, placed, richCustomer } from '../support/goods.ts';
import { openShop, type Shop } from '../support/shop.ts';

const HUGE = 9_000_000_000_000_000;
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ maxCharge: HUGE, maxBalance: HUGE });
});
afterAll(() => shop.close());

test('no user id and reference are taken for another pair', async () => {
  const [victim, thief] = [await shop.customer('victim'), await shop.customer('b\nvictim')];
  // Others open a batch, so that the two wait for the next one together.
  const crowd = await Promise.all(Array.from({ length: 20 }, () => shop.customer()));
  const others = crowd.map((customer) => customer.post('/balance/charge', { amount: 1 }));
  await others[0];
  const charges = [
    victim.post('/balance/charge', { amount: 100, reference: 'a\nb' }),
    thief.post('/balance/charge', { amount: 100, reference: 'a' }),
  ];
  const [first, second] = await Promise.all(charges);
  await Promise.all(others);
  expect([first?.body.userId, second?.body.userId]).toEqual(['victim', 'b\nvictim']);
  expect(second?.body.entryId).not.toBe(first?.body.entryId);
  expect((await thief.get('/balance')).body.amount).toBe(100);
});

test('sales beyond the largest money are ranked at the largest money', async () => {
  const optionId = await option(shop, { price: HUGE, stock: 2 });
  for (const customer of [await richCustomer(shop, HUGE), await richCustomer(shop, HUGE)]) {
    const paid = await customer.post('/payments', { orderId: await placed(customer, optionId) });
    expect(paid.status).toBe(201);
  }
  const ranking = await shop.staff.post('/rankings/refresh');
  expect(ranking.status).toBe(200);
  expect(ranking.body.items[0]).toMatchObject({ quantity: 2, revenue: Number.MAX_SAFE_INTEGER });
});

test('what is cancelled counts for no limit and is not looked at again', async () => {
  const optionId = await option(shop, { price: 1, stock: 100, maxPerUser: 2 });
  const customer = await shop.customer();
  for (let round = 0; round < 5; round += 1) {
    const orderId = await placed(customer, optionId, 2);
    expect((await customer.post('/orders', { lines: [{ optionId, quantity: 1 }] })).body).toMatchObject({ remaining: 0 });
    expect((await customer.post(`/orders/${orderId}/cancel`)).status).toBe(200);
  }
  const { rows } = await shop.database.readers.query('SELECT 1 FROM order_line WHERE user_id = $1 AND NOT released', [customer.userId]);
  expect(rows).toEqual([]);
});

test('a connection that sends on without reading is cut off', async () => {
  const socket = net.connect(Number(new URL(shop.baseUrl).port), '127.0.0.1');
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /products HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  socket.resume();
  await closed;
  expect((await shop.anyone.get('/products')).status).toBe(200);
});

test('half a request does not hold up the end of the server', async () => {
  const other = await shop.second();
  const socket = net.connect(Number(new URL(other.baseUrl).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /balance/charge HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{');
  await delay(100);
  await other.app.close();
  socket.destroy();
  expect((await shop.anyone.get('/healthz')).status).toBe(200);
});

test('what is answered to somebody is for no cache but their own, and what staff see for none', async () => {
  const customer = await shop.customer();
  expect((await customer.get('/balance')).headers.get('cache-control')).toBe('private, no-store');
  expect((await shop.staff.get('/products')).headers.get('cache-control')).toBe('private, no-store');
  expect((await customer.get('/products')).headers.get('cache-control')).toBe('private, no-cache');
  expect((await shop.anyone.get('/products')).headers.get('cache-control')).toBe('no-cache');
});

test('nobody cancels or pays the order of another by standing in one batch with its owner', async () => {
  const optionId = await option(shop, { price: 10, stock: 1000 });
  const [owner, thief] = [await richCustomer(shop, 1000), await richCustomer(shop, 1000)];
  const crowd = await Promise.all(Array.from({ length: 10 }, () => richCustomer(shop, 1000)));
  for (let round = 0; round < 5; round += 1) {
    const [cancelled, bought] = [await placed(owner, optionId), await placed(owner, optionId)];
    const others = await Promise.all(crowd.map(async (customer) => ({ customer, orderId: await placed(customer, optionId) })));
    // Others open a batch of each queue, so that thief and owner wait for the next one together.
    const busy = others.flatMap(({ customer, orderId }) => [
      customer.post('/payments', { orderId }),
      customer.post('/orders', { lines: [{ optionId, quantity: 1 }] }),
    ]);
    const answers = await Promise.all([
      thief.post(`/orders/${cancelled}/cancel`),
      owner.post(`/orders/${cancelled}/cancel`),
      thief.post('/payments', { orderId: bought }),
      owner.post('/payments', { orderId: bought }),
    ]);
    await Promise.all(busy);
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 404, 201]);
  }
  expect((await thief.get('/balance')).body.amount).toBe(1000);
});
