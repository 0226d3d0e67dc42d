/** The typed client on a real shop: every call by its path, refusals as typed problems, lists page by page. */
import { randomUUID } from 'node:crypto';
import { type Client, createClient, items, type Order, Problem, type ProblemCode, pages } from '@openrun/client';
import { expect, test } from 'vitest';
import type { Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { option, richCustomer, tag } from '../support/goods.ts';
import { openWire } from '../support/http-wire.ts';

const shop = useShop();

const clientOf = ({ token }: Pick<Caller, 'token'>, baseUrl = shop().baseUrl): Client => createClient({ baseUrl, token: token ?? '' });

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const outcome: unknown = await call.catch((error: unknown) => error);
  if (!(outcome instanceof Problem)) throw new Error(`no problem, but ${String(outcome)}`);
  return outcome;
}

test('a shop is stocked, bought from, and refunded', async () => {
  const staff = clientOf(shop().staff);
  const customer = clientOf(await richCustomer(shop(), 100_000));
  const product = await staff.post('/products', {
    body: { name: `Ring ${tag()}`, options: [{ sku: tag(), name: 'one', price: 300, stock: 2 }] },
  });
  const [sold] = product.options;
  if (sold === undefined) throw new Error('the product has an option');
  await staff.patch('/options/{optionId}', { params: { path: { optionId: sold.id } }, body: { price: 400 } });
  const order: Order = await customer.post('/orders', { body: { lines: [{ optionId: sold.id, quantity: 2 }] } });
  expect(order).toMatchObject({ status: 'pending', total: 800 });
  const payment = await customer.post('/payments', { body: { orderId: order.id } });
  expect(payment).toMatchObject({ orderId: order.id, amount: 800 });
  const path = { paymentId: payment.id };
  expect(await staff.post('/payments/{paymentId}/refunds', { params: { path }, body: { restock: true, reason: 'a test' } })).toMatchObject({
    amount: 800,
  });
  expect(await customer.get('/orders/{orderId}', { params: { path: { orderId: order.id } } })).toMatchObject({ status: 'refunded' });
});

test('refusals are problems, whose codes tell what else they say', async () => {
  const customer = clientOf(await richCustomer(shop(), 100_000));
  const optionId = await option(shop(), { stock: 3 });
  const problem = await problemOf(customer.post('/orders', { body: { lines: [{ optionId, quantity: 5 }] } }));
  expect(problem).toMatchObject({ code: 'OUT_OF_STOCK', status: 409, retryAfterSeconds: null, isOpen: false, name: 'Problem' });
  expect(problem.message).toBe('OUT_OF_STOCK: Out of stock');
  expect(problem.requestId).toMatch(/^[\x21-\x7e]+$/);
  if (problem.document?.code !== 'OUT_OF_STOCK') throw new Error('the document has the code of its problem');
  expect(problem.document.available).toBe(3);
  expect(problem.document.optionId).toBe(optionId);

  const invalid = await problemOf(customer.post('/orders', { body: { lines: [] } }));
  if (invalid.document?.code !== 'VALIDATION_FAILED') throw new Error('an order has lines');
  expect(invalid.document.errors.map(({ path }) => path)).toEqual(['/lines']);

  const korean = createClient({ baseUrl: shop().baseUrl, language: () => 'ko' });
  const { document } = await problemOf(korean.get('/balance'));
  expect(document?.code).toBe('UNAUTHENTICATED');
  expect(document?.title).toMatch(/\p{Script=Hangul}/u);
});

test('what is no answer of the API is no refusal of it', async () => {
  const wire = await openWire(shop().baseUrl);
  const client = createClient({ baseUrl: wire.baseUrl });
  wire.doom({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in to the hotel</html>' });
  expect(await problemOf(client.get('/products'))).toMatchObject({ code: 'NO_ANSWER', status: 0 });
  wire.doom({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>blocked</html>' });
  expect(await problemOf(client.get('/products'))).toMatchObject({ code: 'UNREADABLE', status: 403, document: null, isOpen: false });
  wire.doom({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(await problemOf(client.get('/products'))).toMatchObject({ code: 'UNREADABLE', status: 200, isOpen: true });
});

test('a list is walked page by page, as far as one goes', async () => {
  const caller = await richCustomer(shop(), 100_000);
  const optionId = await option(shop(), { stock: 100 });
  const placed: string[] = [];
  const direct = clientOf(caller);
  for (let count = 0; count < 7; count += 1) {
    placed.unshift((await direct.post('/orders', { body: { lines: [{ optionId, quantity: 1 }] } })).id);
  }
  const wire = await openWire(shop().baseUrl);
  const client = clientOf(caller, wire.baseUrl);

  const sizes: number[] = [];
  for await (const page of pages((query) => client.get('/orders', { params: { query: { status: 'pending', ...query } } }), 3)) {
    sizes.push(page.items.length);
  }
  expect(sizes).toEqual([3, 3, 1]);
  expect(wire.requests).toHaveLength(3);
  expect(wire.requests.every(({ route }) => route.startsWith('GET /orders?status=pending&limit=3'))).toBe(true);

  const ids: string[] = [];
  for await (const order of items((query) => client.get('/orders', { params: { query } }), 2)) ids.push(order.id);
  expect(ids).toEqual(placed);
  expect(wire.requests).toHaveLength(7);

  for await (const order of items((query) => client.get('/orders', { params: { query } }))) {
    expect(order.id).toBe(placed[0]);
    break;
  }
  expect(wire.requests.slice(7)).toMatchObject([{ route: 'GET /orders?limit=100' }]);

  for await (const page of pages((query) => client.get('/orders', { params: { query: { ...query, search: randomUUID() } } }))) {
    expect(page.items).toEqual([]);
  }
  for (const limit of [0, 101, 1.5]) {
    await expect(pages((query) => client.get('/orders', { params: { query } }), limit).next()).rejects.toThrow(RangeError);
  }
});

test('a list that goes round in circles ends', async () => {
  const walk = items(async () => ({ items: ['again'], nextCursor: 'the same' }));
  const seen: string[] = [];
  await expect(
    (async () => {
      for await (const item of walk) seen.push(item);
    })(),
  ).rejects.toThrow('circles');
  expect(seen).toEqual(['again', 'again']);
});

test('exports are text or a stream, as the caller wants them; signing out has no answer to read', async () => {
  const staff = clientOf(shop().staff);
  const text: string = await staff.get('/exports/orders.csv', { parseAs: 'text' });
  expect(text).toContain('userCouponId');
  const stream: ReadableStream<Uint8Array> | null = await staff.get('/exports/orders.csv', { parseAs: 'stream' });
  expect(await new Response(stream).text()).toBe(text);
  expect(await staff.get('/metrics', { parseAs: 'text' })).toContain('# HELP');
  expect(await createClient({ baseUrl: shop().baseUrl }).post('/auth/sign-out')).toBeUndefined();
});

test('every answer can be watched', async () => {
  const seen: string[] = [];
  const client = createClient({
    baseUrl: shop().baseUrl,
    onAnswer: ({ request, response, sentAtMs }) => seen.push(`${request.method} ${response.status} ${sentAtMs <= Date.now()}`),
  });
  await client.get('/products');
  await problemOf(client.get('/balance'));
  expect(seen).toEqual(['GET 200 true', 'GET 401 true']);
});

/** Never called: the compiler reads it, and fails where one of these mistakes is none. */
export async function mistakes(client: Client, problem: Problem): Promise<void> {
  const code: ProblemCode = problem.code;
  // @ts-expect-error A misspelt code.
  if (code === 'OUT_OF_STOK') return;
  // @ts-expect-error A member of another code.
  if (problem.document?.code === 'COUPON_SOLD_OUT') void problem.document.available;
  // @ts-expect-error A path that there is not.
  await client.get('/product');
  // @ts-expect-error A body that lacks what is required.
  await client.post('/orders', { body: {} });
  // @ts-expect-error A path parameter is missing.
  await client.get('/orders/{orderId}');
  // @ts-expect-error A filter that there is not.
  await client.get('/orders', { params: { query: { status: 'payed' } } });
  // @ts-expect-error An export is no JSON: how it is read is for the caller to say.
  await client.get('/exports/orders.csv');
  // @ts-expect-error An amount is a number.
  const amount: string = (await client.get('/balance')).amount;
  void amount;
}
