import { beforeAll, describe, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { documentOf, operationsOf, useSecond, useShop } from '../support/document.ts';
import { couponOf, expectStatus, issued, later, option, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { expectInvalid, expectRefusal, type Request, verdict } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';

const shop = useShop();
const secondShop = useSecond(shop);
const keyed = ([method, path, body]: Request, key: string): Request => [method, path, body, { key }];
const call = (caller: Caller, request: Request, key: string): Promise<Answered> => caller.call(...keyed(request, key));
const replayed = (answer: Answered): string | null => answer.headers.get('idempotent-replayed');

/** A write that has an effect each time, with what makes it another request: other bodies and other ids in the path. */
interface Write {
  readonly caller: Caller;
  readonly request: Request;
  readonly others: readonly Request[];
}

const newProduct = () => ({ name: tag(), options: [{ sku: tag(), name: 'x', price: 1, stock: 9 }] });
const productId = async (at: Shop): Promise<string> => (await product(at, [])).id;
const charge = (amount: number): Request => ['POST', '/balance/charge', { amount }];
const stock = (optionId: string, delta: number): Request => ['POST', `/options/${optionId}/stock`, { delta, reason: 'x' }];
const added = (id: string, price: number): Request => ['POST', `/products/${id}/options`, { sku: tag(), name: 'x', price }];
const refund = (paymentId: string, reason: string): Request => ['POST', `/payments/${paymentId}/refunds`, { restock: true, reason }];

/** Of events that do not happen here. */
const newDestination = (name: string): Request => [
  'POST',
  '/destinations',
  { name, kind: 'webhook', url: 'https://example.com', eventTypes: ['order.expired'] },
];
const destination = async ({ staff }: Shop): Promise<string> => expectStatus(await staff.call(...newDestination(tag())), 201).body.name;

async function purchases(at: Shop) {
  const customer = await richCustomer(at, 10_000);
  const optionId = await option(at, { stock: 9 });
  const place = () => placed(customer, optionId);
  return { customer, optionId, place, pay: async () => paid(customer, await place()) };
}

/** Every write route but those of the accounts, as the document names it. */
const WRITES: Record<string, (at: Shop) => Promise<Write>> = {
  'POST /products': async ({ staff }) => ({
    caller: staff,
    request: ['POST', '/products', newProduct()],
    others: [['POST', '/products', newProduct()]],
  }),
  'PATCH /products/{productId}': async (at) => {
    const [a, b] = [await productId(at), await productId(at)];
    const patch = (id: string, name: string): Request => ['PATCH', `/products/${id}`, { name }];
    return { caller: at.staff, request: patch(a, 'x'), others: [patch(a, 'y'), patch(b, 'x'), ['PATCH', `/products/${a}`, {}]] };
  },
  'POST /products/{productId}/options': async (at) => {
    const request = added(await productId(at), 1);
    const elsewhere: Request = ['POST', `/products/${await productId(at)}/options`, request[2]];
    return { caller: at.staff, request, others: [elsewhere, ['POST', request[1], { sku: tag(), name: 'x', price: 1 }]] };
  },
  'PATCH /options/{optionId}': async (at) => {
    const [a, b] = [await option(at), await option(at)];
    const patch = (id: string, price: number): Request => ['PATCH', `/options/${id}`, { price }];
    return { caller: at.staff, request: patch(a, 5), others: [patch(a, 6), patch(b, 5)] };
  },
  'POST /options/{optionId}/stock': async (at) => {
    const [a, b] = [await option(at), await option(at)];
    return { caller: at.staff, request: stock(a, 5), others: [stock(a, 6), stock(b, 5)] };
  },
  'POST /balance/charge': async (at) => ({
    caller: await at.customer(),
    request: charge(5),
    others: [charge(6), ['POST', '/balance/charge', { amount: 5, reference: 'x' }]],
  }),
  'POST /coupons': async (at) => {
    const body = { name: 'x', discount: { type: 'fixed', amount: 1 }, quantity: 1, expiresAt: later(1e6) };
    return { caller: at.staff, request: ['POST', '/coupons', body], others: [['POST', '/coupons', { ...body, quantity: 2 }]] };
  },
  'PATCH /coupons/{couponId}': async (at) => {
    const [a, b] = [await couponOf(at, {}), await couponOf(at, {})];
    const patch = (id: string, quantity: number): Request => ['PATCH', `/coupons/${id}`, { quantity }];
    return { caller: at.staff, request: patch(a, 5), others: [patch(a, 6), patch(b, 5)] };
  },
  'POST /coupons/{couponId}/issue': async (at) => {
    const [a, b] = [await couponOf(at, {}), await couponOf(at, {})];
    return { caller: await at.customer(), request: ['POST', `/coupons/${a}/issue`], others: [['POST', `/coupons/${b}/issue`]] };
  },
  'POST /orders': async (at) => {
    const [customer, optionId] = [await at.customer(), await option(at, { stock: 9 })];
    const userCouponId = await issued(customer, await couponOf(at, {}));
    const order = (quantity: number, more: object = {}): Request => ['POST', '/orders', { lines: [{ optionId, quantity }], ...more }];
    return { caller: customer, request: order(1), others: [order(2), order(1, { userCouponId })] };
  },
  'POST /orders/{orderId}/cancel': async (at) => {
    const { customer, place } = await purchases(at);
    const cancel = async (): Promise<Request> => ['POST', `/orders/${await place()}/cancel`];
    return { caller: customer, request: await cancel(), others: [await cancel()] };
  },
  'POST /payments': async (at) => {
    const { customer, place } = await purchases(at);
    const pay = async (): Promise<Request> => ['POST', '/payments', { orderId: await place() }];
    return { caller: customer, request: await pay(), others: [await pay()] };
  },
  'POST /payments/{paymentId}/refunds': async (at) => {
    const { pay } = await purchases(at);
    const [a, b] = [await pay(), await pay()];
    return { caller: at.staff, request: refund(a, 'x'), others: [refund(a, 'y'), refund(b, 'x')] };
  },
  'POST /deliveries/{deliveryId}/replay': async (at) => {
    const { pay } = await purchases(at);
    await Promise.all([pay(), pay()]);
    const [a, b] = (await at.staff.get('/deliveries?limit=2')).body.items;
    const again = (id: string | undefined): Request => ['POST', `/deliveries/${id}/replay`];
    return { caller: at.staff, request: again(a?.id), others: [again(b?.id)] };
  },
  'POST /deliveries/replay': async ({ staff }) => ({
    caller: staff,
    request: ['POST', '/deliveries/replay', { destination: 'log' }],
    others: [['POST', '/deliveries/replay', { destination: 'log', status: 'failed' }]],
  }),
  'POST /destinations': async ({ staff }) => ({ caller: staff, request: newDestination(tag()), others: [newDestination(tag())] }),
  'PATCH /destinations/{name}': async (at) => {
    const [a, b] = [await destination(at), await destination(at)];
    const patch = (name: string, enabled: boolean): Request => ['PATCH', `/destinations/${name}`, { enabled }];
    return { caller: at.staff, request: patch(a, false), others: [patch(a, true), patch(b, false)] };
  },
  'POST /destinations/{name}/secret': async (at) => {
    const [a, b] = [await destination(at), await destination(at)];
    const rotate = (name: string, overlapSeconds: number): Request => ['POST', `/destinations/${name}/secret`, { overlapSeconds }];
    return { caller: at.staff, request: rotate(a, 5), others: [rotate(a, 6), rotate(b, 5)] };
  },
  'POST /rankings/refresh': async ({ staff }) => ({ caller: staff, request: ['POST', '/rankings/refresh'], others: [] }),
};

/** The audit has no effect to repeat; what an import, which is no JSON, does with its key is tested with it. */
const ELSEWHERE = ['POST /audit', 'POST /products/import'];

test('the table below has every write route of the document', () => {
  const keyedRoutes = operationsOf(documentOf(shop())).flatMap(({ method, path, operation }) =>
    operation.parameters?.some(({ name }) => name === 'Idempotency-Key') === true ? [`${method} ${path}`] : [],
  );
  expect(keyedRoutes.toSorted()).toEqual([...Object.keys(WRITES), ...ELSEWHERE].toSorted());
});

describe.each(Object.entries(WRITES))('%s', (_route, prepare) => {
  let write: Write;
  let first: Answered;
  const key = `key-${tag()}`;
  beforeAll(async () => {
    write = await prepare(shop());
    first = await call(write.caller, write.request, key);
  });

  test('answers the same again, and says so', async () => {
    expect(first.status).toBeLessThan(300);
    expect(replayed(first)).toBeNull();
    const there = await secondShop();
    const elsewhere = write.caller.userId === 'staff' ? there.staff : await there.customer(write.caller.userId);
    for (const caller of [write.caller, elsewhere, write.caller]) {
      const again = await call(caller, write.request, key);
      expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
      expect(replayed(again)).toBe('true');
    }
  });

  test('refuses the key for another request', async () => {
    for (const other of write.others) await expectRefusal(write.caller, keyed(other, key), '422 IDEMPOTENCY_KEY_REUSED');
    for (const other of write.others) {
      const own = await call(write.caller, other, `other-${tag()}`);
      expect(verdict(own)).not.toBe('422 IDEMPOTENCY_KEY_REUSED');
      expect(replayed(own)).toBeNull();
    }
  });
});

describe('a call that had no effect', () => {
  test('is not remembered: the key works once there is one', async () => {
    const customer = await shop().customer();
    const optionId = await option(shop(), { stock: 0, price: 0 });
    const order: Request = ['POST', '/orders', { lines: [{ optionId, quantity: 1 }] }];
    await expectRefusal(customer, keyed(order, 'k'), '409 OUT_OF_STOCK', { optionId, available: 0 });
    await shop().staff.call(...stock(optionId, 1));
    const placedOrder = await call(customer, order, 'k');
    expect(verdict(placedOrder)).toBe('201');
    expect(replayed(placedOrder)).toBeNull();
    expect((await call(customer, order, 'k')).body).toEqual(placedOrder.body);
    expect(verdict(await customer.call(...order))).toBe('409 OUT_OF_STOCK');
  });

  test('leaves the key to another request', async () => {
    const customer = await shop().customer();
    await expectRefusal(customer, keyed(charge(0), 'k'), '400 INVALID_CHARGE_AMOUNT');
    await expectInvalid(customer, keyed(charge(0.5), 'k'), '/amount');
    expect(verdict(await call(customer, charge(1), 'k'))).toBe('200');
  });
});

describe('a key', () => {
  test('is known before the state: a winner who repeats gets the win', async () => {
    const customer = await richCustomer(shop(), 1000);
    const couponId = await couponOf(shop(), { quantity: 1 });
    const won = await call(customer, ['POST', `/coupons/${couponId}/issue`], 'k');
    await shop().staff.patch(`/coupons/${couponId}`, { startsAt: '2020-01-01T00:00:00Z', expiresAt: '2020-01-02T00:00:00Z' });
    expect((await call(customer, ['POST', `/coupons/${couponId}/issue`], 'k')).body).toEqual(won.body);
    const orderId = await placed(customer, await option(shop(), { stock: 1 }));
    const paidFirst = await call(customer, ['POST', '/payments', { orderId }], 'k');
    expect(verdict(paidFirst)).toBe('201');
    expect((await call(customer, ['POST', '/payments', { orderId }], 'k')).body).toEqual(paidFirst.body);
    await expectRefusal(customer, ['POST', '/payments', { orderId }], '409 ORDER_ALREADY_PAID');
  });

  test('belongs to one user and to one operation', async () => {
    const [one, two] = [await shop().customer(), await shop().customer()];
    const couponId = await couponOf(shop(), {});
    const orderId = await placed(one, await option(shop(), { stock: 1 }));
    const requests: Request[] = [charge(5), ['POST', `/coupons/${couponId}/issue`], ['POST', `/orders/${orderId}/cancel`]];
    for (const request of requests) {
      const answer = await call(one, request, 'shared');
      expect([answer.status < 300, replayed(answer)], verdict(answer)).toEqual([true, null]);
    }
    const other = await call(two, charge(7), 'shared');
    expect(other.body).toMatchObject({ userId: two.userId, amount: 7 });
    expect((await one.get('/balance')).body.amount).toBe(5);
  });

  test('has 1–255 visible ASCII characters, and case matters', async () => {
    const customer = await shop().customer();
    const good = ['!', '~', 'k', 'K', `"quoted"`, 'x'.repeat(255)];
    for (const key of good) expect(verdict(await call(customer, charge(1), key))).toBe('200');
    expect((await customer.get('/balance')).body.amount).toBe(good.length);
    for (const key of ['', ' ', 'a b', 'a\tb', 'x'.repeat(256), '\u00e9', '\u00ff', '\u0080', '\u00a0']) {
      await expectInvalid(customer, keyed(charge(1), key), '/Idempotency-Key');
    }
    expect((await customer.get('/balance')).body.amount).toBe(good.length);
  });

  test('does not mind the order of members, blanks, or how numbers and letters are written', async () => {
    const { staff } = shop();
    const send = (raw: string) => staff.call('POST', '/coupons', undefined, { key: 'same', raw });
    const expiresAt = '2090-01-01T00:00:00Z';
    const first = expectStatus(
      await send(`{"name":"쿠폰","discount":{"type":"percent","percent":10},"quantity":100,"expiresAt":"${expiresAt}"}`),
      201,
    );
    const again = await send(
      `{ "expiresAt": "${expiresAt}", "quantity": 1e2,\n"discount": {"percent": 10.0, "type": "percent"}, "name": "\\ucfe0\\ud3f0" }`,
    );
    expect(replayed(again)).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  test('minds the order of lists', async () => {
    const customer = await shop().customer();
    const [a, b] = [await option(shop(), { stock: 9 }), await option(shop(), { stock: 9 })];
    const lines = [a, b].map((optionId) => ({ optionId, quantity: 1 }));
    expect(verdict(await call(customer, ['POST', '/orders', { lines }], 'k'))).toBe('201');
    await expectRefusal(customer, keyed(['POST', '/orders', { lines: lines.toReversed() }], 'k'), '422 IDEMPOTENCY_KEY_REUSED');
  });

  test('sent many times at once, to two servers, has one effect that all are answered', async () => {
    const customer = await shop().customer();
    const there = await (await secondShop()).customer(customer.userId);
    const callers = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? customer : there));
    const answers = await Promise.all(callers.map((caller) => call(caller, charge(9), 'once')));
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect(answers.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect((await customer.get('/balance')).body.amount).toBe(9);
  });
});
