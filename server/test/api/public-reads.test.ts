/** What everyone may see is answered from memory: as fresh as the contract says, with ETags, and never what staff see. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { useSecond, useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, NO_ID, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { ANY_TEXT } from '../support/matchers.ts';
import { verdict } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';

const shop = useShop();
const second = useSecond(shop);
const LAG_MAX_MS = 1000;

const get = async (path: string, at: Shop = shop()): Promise<Body> => expectStatus(await at.anyone.get(path), 200).body;
const etagOf = async (path: string): Promise<string> => (await shop().anyone.get(path)).headers.get('etag') ?? '';
const on = (condition: string) => ({ headers: { 'if-none-match': condition } });

/** A product of one option, and all addresses at which everyone sees it. */
async function drop(stock = 10) {
  const name = `Drop ${tag()}`;
  const made = await product(shop(), [{ stock }], { name });
  const optionId = made.options[0]?.id ?? '';
  const paths = [
    `/products/${made.id}`,
    `/products?search=${encodeURIComponent(name)}`,
    `/products?search=${encodeURIComponent(name)}&sort=name`,
  ];
  /** What is shown at each address; asked twice, so that the second time it comes from memory. */
  const shown = async (): Promise<Body[]> => {
    await Promise.all(paths.map((path) => get(path)));
    const [one, ...lists] = await Promise.all(paths.map((path) => get(path)));
    return [one, ...lists.map((list) => list.items[0])].flatMap((each) => each ?? []);
  };
  const available = async () => (await shown()).map((each) => each.options.map((option) => option.available));
  return { productId: made.id, optionId, paths, shown, available, everywhere: (...units: number[]) => paths.map(() => units) };
}

describe('a read that follows an answered write shows it', () => {
  test('orders, cancellations, payments, refunds and expiries', async () => {
    const { optionId, available, everywhere } = await drop();
    const customer = await richCustomer(shop(), 1_000_000);
    expect(await available()).toEqual(everywhere(10));
    const first = await placed(customer, optionId, 3);
    expect(await available()).toEqual(everywhere(7));
    const other = await placed(customer, optionId, 2);
    expect(await available()).toEqual(everywhere(5));
    expectStatus(await customer.post(`/orders/${other}/cancel`), 200);
    expect(await available()).toEqual(everywhere(7));
    const paymentId = await paid(customer, first);
    expect(await available()).toEqual(everywhere(7));
    const refund = { lines: [{ optionId, quantity: 1 }], reason: 'x' };
    expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, { ...refund, restock: false }), 201);
    expect(await available()).toEqual(everywhere(7));
    expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, { ...refund, restock: true }), 201);
    expect(await available()).toEqual(everywhere(8));
    await placed(customer, optionId, 8);
    expect(await available()).toEqual(everywhere(0));
    shop().moveClock(601_000);
    await shop().app.services.orders.expireDue();
    expect(await available()).toEqual(everywhere(8));
  });

  test('what staff change of a product, its options and its stock', async () => {
    const { productId, optionId, paths, shown, available, everywhere } = await drop();
    const { staff, anyone } = shop();
    expect(await available()).toEqual(everywhere(10));
    expectStatus(await staff.post(`/options/${optionId}/stock`, { delta: -4, reason: 'x' }), 200);
    expect(await available()).toEqual(everywhere(6));
    expectStatus(await staff.post(`/products/${productId}/options`, { sku: tag(), name: 'two', price: 1, stock: 1 }), 201);
    expect(await available()).toEqual(everywhere(6, 1));
    expectStatus(await staff.patch(`/options/${optionId}`, { status: 'hidden' }), 200);
    expect(await available()).toEqual(everywhere(1));
    expectStatus(await staff.patch(`/products/${productId}`, { description: 'new' }), 200);
    expect((await shown()).map((each) => each.description)).toEqual(paths.map(() => 'new'));
    expectStatus(await staff.patch(`/products/${productId}`, { status: 'hidden' }), 200);
    const [one, ...lists] = await Promise.all(paths.map((path) => anyone.get(path)));
    expect([one?.status, ...lists.map(({ body }) => body.items)]).toEqual([404, [], []]);
    expectStatus(await staff.patch(`/products/${productId}`, { status: 'active' }), 200);
    expect(await available()).toEqual(everywhere(1));
  });

  test('an unknown product is not remembered as one', async () => {
    const listed = `/products?search=${tag()}`;
    expect((await get(listed)).items).toEqual([]);
    const { productId, paths } = await drop();
    expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'hidden' }), 200);
    for (let count = 0; count < 3; count += 1) expect(verdict(await shop().anyone.get(paths[0] ?? ''))).toBe('404 PRODUCT_NOT_FOUND');
    expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'active' }), 200);
    expect(verdict(await shop().anyone.get(paths[0] ?? ''))).toBe('200');
  });

  test('no reader in a crowd is shown less than was answered before it asked', async () => {
    const [buyers, rounds, readers] = [8, 12, 20];
    const stock = buyers * rounds;
    const { optionId, paths } = await drop(stock);
    const customers = await Promise.all(Array.from({ length: buyers }, () => shop().customer()));
    let answered = 0;
    const soldAt = async (path: string): Promise<number> => {
      const body = await get(path);
      return stock - ((body.items?.[0] ?? body).options[0]?.available ?? Number.NaN);
    };
    /** Gives whether everything was sold before it asked. */
    const expectAnswered = async (path: string): Promise<boolean> => {
      const before = answered;
      expect(await soldAt(path), path).toBeGreaterThanOrEqual(before);
      return before === stock;
    };
    const buying = customers.map(async (customer) => {
      for (let round = 0; round < rounds; round += 1) {
        await placed(customer, optionId);
        answered += 1;
        for (const path of paths) await expectAnswered(path);
      }
    });
    const reading = Array.from({ length: readers }, async (_, index) => {
      const path = paths[index % paths.length] ?? '';
      for (let over = false; !over; ) over = await expectAnswered(path);
    });
    await Promise.all([...buying, ...reading]);
    for (const path of paths) expect(await soldAt(path)).toBe(stock);
  });
});

test('another server shows it within a second', async () => {
  const there = await second();
  const { productId, optionId, paths } = await drop();
  const customer = await shop().customer();
  const availableThere = async (path: string): Promise<unknown> => {
    const body = await get(path, there);
    return (body.items?.[0] ?? body).options[0]?.available;
  };
  for (let left = 9; left > 5; left -= 1) {
    for (const path of paths) await availableThere(path);
    await placed(customer, optionId);
    await Promise.all(paths.map((path) => expect.poll(() => availableThere(path), { timeout: LAG_MAX_MS, interval: 20 }).toBe(left)));
  }
  expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'hidden' }), 200);
  const statusThere = async (): Promise<number> => (await there.anyone.get(paths[0] ?? '')).status;
  await expect.poll(statusThere, { timeout: LAG_MAX_MS, interval: 20 }).toBe(404);
});

describe('ETags', () => {
  const bodies = async (path: string) => {
    const answers = await Promise.all([shop().anyone, await shop().customer()].map((caller) => caller.get(path)));
    return new Set(answers.map(({ headers, body }) => `${headers.get('etag')} ${JSON.stringify(body)}`));
  };

  test('are stable while nothing changes, alike for everyone, and change with the body', async () => {
    const { productId, optionId, paths } = await drop();
    const before = await Promise.all(paths.map(bodies));
    for (const each of before) expect([each.size, [...each].join('')]).toEqual([1, expect.stringMatching(/^"[\w-]{22}" \{/)]);
    // Another product ends the epoch and changes none of these bodies; nor does time.
    await drop();
    expect(await Promise.all(paths.map(bodies))).toEqual(before);
    await delay(150);
    expect(await Promise.all(paths.map(bodies))).toEqual(before);
    await placed(await shop().customer(), optionId);
    const after = await Promise.all(paths.map(etagOf));
    before.forEach((each, index) => expect([...each][0]).not.toContain(after[index]));
    expect(new Set(after).size).toBe(2);
    expect(await etagOf(`/products/${productId}`)).toBe(after[0]);
  });

  const pathsOf = async (): Promise<string[]> => ['/products/rank', ...(await drop()).paths];

  test('304 for each way to name what the client has, without a body', async () => {
    const customer = await shop().customer();
    for (const path of await pathsOf()) {
      const etag = await etagOf(path);
      for (const condition of [etag, `W/${etag}`, '*', ` * `, `"other", ${etag}`, `"a,b",W/"c" , W/${etag},"d"`]) {
        for (const caller of [shop().anyone, customer]) {
          const { status, headers, body } = await caller.get(path, on(condition));
          expect([status, body.text], `${path} ${condition}`).toEqual([304, '']);
          expect(headers.get('etag')).toBe(etag);
          expect(headers.get('cache-control')).toBe(caller === customer ? 'private, no-cache' : 'no-cache');
          expect(headers.get('vary')).toBe('authorization, cookie');
          expect(headers.get('x-content-type-options')).toBe('nosniff');
          expect([headers.get('content-type'), headers.get('content-length')]).toEqual([null, null]);
        }
      }
    }
  });

  test('200 for whatever does not name it', async () => {
    for (const path of await pathsOf()) {
      const etag = await etagOf(path);
      for (const condition of ['', '"other"', etag.replaceAll('"', ''), etag.toUpperCase(), `"${etag.slice(2)}`, '"*"', '**', 'W/*']) {
        const { status, headers } = await shop().anyone.get(path, on(condition));
        expect([status, headers.get('etag')], `${path} ${condition}`).toEqual([200, etag]);
        expect(headers.get('vary')).toBe('authorization, cookie');
      }
    }
    expect(verdict(await shop().anyone.get(`/products/${NO_ID}`, on('*')))).toBe('404 PRODUCT_NOT_FOUND');
    expect(verdict(await shop().anyone.get('/products?cursor=x', on('*')))).toBe('400 VALIDATION_FAILED');
  });

  test('HEAD has the headers of GET, on condition too', async () => {
    for (const path of await pathsOf()) {
      const told = ({ status, headers }: Answered) => [
        status,
        ...['etag', 'cache-control', 'vary', 'content-type', 'content-length'].map((name) => headers.get(name)),
      ];
      const etag = await etagOf(path);
      for (const options of [on('"other"'), on(etag), on('*')]) {
        const head = await shop().anyone.call('HEAD', path, undefined, options);
        expect(told(head)).toEqual(told(await shop().anyone.get(path, options)));
        expect(head.body).toEqual({ text: '' });
      }
    }
  });

  test('the ranking keeps its own until it is computed anew, or a product of it is hidden', async () => {
    const { productId, optionId } = await drop();
    const customer = await richCustomer(shop(), 1_000_000);
    await paid(customer, await placed(customer, optionId, 5));
    expectStatus(await shop().staff.post('/rankings/refresh'), 200);
    const before = await etagOf('/products/rank');
    await delay(1100);
    expect(await etagOf('/products/rank')).toBe(before);
    expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'hidden' }), 200);
    await eventually(async () => (await etagOf('/products/rank')) === before).toBe(false);
    expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'active' }), 200);
    await eventually(async () => (await etagOf('/products/rank')) === before).toBe(true);
    expectStatus(await shop().staff.post('/rankings/refresh'), 200);
    expect(await etagOf('/products/rank')).not.toBe(before);
  });
});

describe('staff', () => {
  const expectStaffs = (answer: Answered): void => {
    expect([answer.status, answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([200, null, 'private, no-store']);
  };
  const alternating = async (customer: Caller, path: string): Promise<{ staffs: Answered[]; theirs: Answered[] }> => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? shop().staff : customer).get(path)));
    return { staffs: answers.filter((_, index) => index % 2 === 0), theirs: answers.filter((_, index) => index % 2 === 1) };
  };

  test('see more, have no ETag, and nobody else is answered what they are', async () => {
    const { productId, paths } = await drop();
    const hidden = { sku: tag(), name: 'hidden', price: 1, stock: 1, status: 'hidden' };
    expectStatus(await shop().staff.post(`/products/${productId}/options`, hidden), 201);
    for (const customer of [shop().anyone, await shop().customer()]) {
      for (const path of paths) {
        const { staffs, theirs } = await alternating(customer, path);
        for (const { body, ...rest } of staffs) {
          expectStaffs({ body, ...rest });
          expect((body.items?.[0] ?? body).options).toMatchObject([{ onHand: 10, reserved: 0 }, { sku: hidden.sku }]);
        }
        for (const { status, headers, body } of theirs) {
          expect([status, headers.get('etag')]).toEqual([200, ANY_TEXT]);
          expect(JSON.stringify(body)).not.toMatch(new RegExp(`onHand|reserved|${hidden.sku}`));
        }
      }
    }
  });

  test('read the database, whatever condition they send', async () => {
    const { paths } = await drop();
    for (const path of ['/products/rank', ...paths]) {
      for (const condition of ['*', await etagOf(path)]) expectStaffs(await shop().staff.get(path, on(condition)));
    }
  });

  test('alone see a hidden product, also right after staff have', async () => {
    const { productId, paths } = await drop();
    expectStatus(await shop().staff.patch(`/products/${productId}`, { status: 'hidden' }), 200);
    const { staffs, theirs } = await alternating(shop().anyone, paths[0] ?? '');
    expect([...staffs, ...theirs].map(({ status }) => status)).toEqual([...staffs.map(() => 200), ...theirs.map(() => 404)]);
    expect((await get(paths[1] ?? '')).items).toEqual([]);
  });
});

test('lists that are asked for differently are never taken for one another', async () => {
  const { paths } = await drop();
  const [, list = ''] = paths;
  const all = await get('/products?limit=1');
  expect(verdict(await shop().anyone.get('/products?limit=1&cursor='))).toBe('400 VALIDATION_FAILED');
  const next = await get(`/products?limit=1&cursor=${all.nextCursor}`);
  expect(next.items[0]?.id).not.toBe(all.items[0]?.id);
  expect((await get(`/products?limit=1&search=${all.nextCursor}`)).items).toEqual([]);
  const sorted = await Promise.all(['newest', 'name', 'priceAsc', 'priceDesc'].map((sort) => get(`/products?limit=1&sort=${sort}`)));
  expect(new Set(sorted.map((each) => each.nextCursor)).size).toBe(4);
  const [option] = (await get(list)).items[0]?.options ?? [];
  await placed(await shop().customer(), option?.id ?? '', 10);
  const [sold, left] = await Promise.all([get(`${list}&inStock=false`), get(`${list}&inStock=true`)]);
  expect([sold.items.length, left.items.length]).toEqual([1, 0]);
});
