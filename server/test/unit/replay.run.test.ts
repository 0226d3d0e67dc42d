/** Whole replays against a small shop in memory that speaks the replay's part of the wire contract. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/replay/replay.ts';
import { createPage, csvOf, replayErrorOf, shoppingRows } from './replay.rows.ts';
import { MemoryShop, mintToken, type ShopCall, type ShopReply, type ShopSettings, withShop } from './replay.shop.ts';

const REFUNDED = 1200 * 100 + 7 * 255 + 2 * 199 + 2 * 2;
const WIDE = 120;
const NARROW = 3;

const isOrder = ({ method, path }: ShopCall): boolean => method === 'POST' && path === '/orders';
const isPayment = ({ method, path }: ShopCall): boolean => method === 'POST' && path === '/payments';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openrun-replay-'));
  for (const width of [WIDE, NARROW]) await writeFile(join(folder, `${width}.csv`), csvOf(...shoppingRows(width)));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly differences: number;
  readonly text: string;
}

/** Replays the rows of `width` to a shop; `concurrency` is that of the replay. */
async function run(shop: MemoryShop, concurrency = 4, width = NARROW): Promise<Outcome> {
  const page = createPage();
  const files = [join(folder, `${width}.csv`)];
  const { differences } = await withShop(shop, (baseUrl) => replay({ files, baseUrl, mintToken, concurrency, out: page.out }));
  return { differences, text: page.text() };
}

const differencesOf = ({ text }: Outcome): string[] => text.split('\n').filter((line) => line.startsWith('difference:'));

describe('a replay', () => {
  it('feeds everything through and finds no difference', async () => {
    const shop = new MemoryShop();
    const outcome = await run(shop, 4, WIDE);
    expect(differencesOf(outcome)).toStrictEqual([]);
    expect(outcome.differences).toBe(0);
    expect(shop.products.size).toBe(3 + WIDE);
    expect(shop.options.size).toBe(3 + 2 * WIDE);
    const buyers = [...shop.orders.values()].map(({ userId }) => userId).toSorted();
    expect(buyers).toStrictEqual(['1', '1', '1', '1', '2', '2', 'guest-502', 'guest-502']);
    expect(shop.refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(REFUNDED);
    expect([...shop.balances.values()].reduce((sum, amount) => sum + amount, 0)).toBe(REFUNDED);
    expect(outcome.text).toContain('rows: 250 = 244 sold + 5 cancelling + 1 dropped');
    expect(outcome.text).toContain('done: 123 products, 243 options, 3 customers, 8 orders and payments, 5 refunds');
    expect(outcome.text).toContain('ranking: compared, APPLE (1,300), APPLE (240), BEAR (7)');
    expect(outcome.text).toMatch(/differences: 0\n$/);
    // One request holds a hundred options at most; the other twenty of D follow one by one.
    expect(shop.calls.filter(({ path }) => path.endsWith('/options')).length).toBe(WIDE - 100);
  });

  it('gives every write a key of its own, orders as the customer, and does everything else as staff', async () => {
    const shop = new MemoryShop();
    await run(shop);
    const writes = shop.calls.filter(({ method }) => method === 'POST');
    expect(new Set(writes.map(({ key }) => key)).size).toBe(writes.length);
    for (const { key } of writes) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
    for (const call of writes) expect(call.role).toBe(isOrder(call) || isPayment(call) ? 'customer' : 'staff');
    expect(writes.filter(({ path }) => path === '/balance/charge').length).toBe(3);
  });
});

describe('a replay that is repeated', () => {
  it('after its end changes nothing and finds no difference', async () => {
    const shop = new MemoryShop();
    await run(shop);
    const before = [shop.orders.size, shop.payments.size, shop.refunds.length, [...shop.balances]];
    const again = await run(shop, 1);
    expect(differencesOf(again)).toStrictEqual([]);
    expect([shop.orders.size, shop.payments.size, shop.refunds.length, [...shop.balances]]).toStrictEqual(before);
    expect(again.text).toContain('ranking: compared');
  });

  it('serves the customers whom it could not serve before, and has the ranking computed anew', async () => {
    const settings: ShopSettings = { intercept: (call) => (isOrder(call) ? { status: 403, body: { code: 'FORBIDDEN' } } : undefined) };
    const shop = new MemoryShop(settings);
    expect((await run(shop)).text).toMatch(/ranking: compared, \n/);
    delete settings.intercept;
    const outcome = await run(shop);
    expect(differencesOf(outcome)).toStrictEqual([]);
    expect(outcome.text).toContain('ranking: compared, APPLE (1,300)');
  });

  it('continues where it was interrupted, at any write, though orders have expired since', async () => {
    const whole = new MemoryShop();
    await run(whole, 1);
    const writes = whole.calls.filter(({ method }) => method === 'POST').length;
    for (let kept = 0; kept < writes; kept += 1) {
      const settings: ShopSettings = {};
      const shop = new MemoryShop(settings);
      let seen = 0;
      settings.intercept = ({ method }) => {
        if (method === 'POST') seen += 1;
        return seen > kept ? { status: 403, body: { code: 'FORBIDDEN' } } : undefined;
      };
      expect((await run(shop, 1).catch(() => null))?.differences).not.toBe(0);
      shop.expire();
      delete settings.intercept;
      expect(differencesOf(await run(shop, 1))).toStrictEqual([]);
      expect([shop.payments.size, shop.refunds.length]).toStrictEqual([whole.payments.size, whole.refunds.length]);
    }
  });
});

describe('a replay copes with', () => {
  it('a limit on charges, by halving them', async () => {
    const shop = new MemoryShop({ maxCharge: 20_000 });
    expect((await run(shop)).differences).toBe(0);
    expect(shop.calls.filter(({ path, body }) => path === '/balance/charge' && (body.amount ?? 0) <= 20_000).length).toBeGreaterThan(3);
  });

  it('a server that is overloaded, and loses answers after the effect', async () => {
    let calls = 0;
    const shop = new MemoryShop({
      intercept: () => {
        calls += 1;
        return calls % 3 === 0 ? { status: 503, body: { code: 'OVERLOADED' }, headers: { 'retry-after': '0' } } : undefined;
      },
      tamper: (_, reply) => (calls % 7 === 0 ? { status: 503, body: { code: 'OUTCOME_UNKNOWN' }, headers: { 'retry-after': '0' } } : reply),
    });
    const outcome = await run(shop, 1);
    expect(differencesOf(outcome)).toStrictEqual([]);
    expect(shop.orders.size).toBe(6);
  });
});

describe('a replay stops when', () => {
  it('the currency is another', async () => {
    const shop = new MemoryShop({ currency: 'KRW' });
    expect(await replayErrorOf(run(shop))).toContain("the server's currency is KRW; the files are in GBP");
    expect(shop.calls.filter(({ method }) => method === 'POST')).toStrictEqual([]);
  });

  it('the products are there from another replay', async () => {
    const shop = new MemoryShop();
    shop.answer({
      method: 'POST',
      path: '/products',
      user: 'x',
      role: 'staff',
      key: 'x',
      body: { name: 'x', options: [{ sku: 'A@100', name: 'x', price: 1, stock: 1 }] },
    });
    expect(await replayErrorOf(run(shop))).toContain('the server has products with the SKUs of A already');
  });
});

describe('the reconciliation finds', () => {
  /** The differences when the first answer to a path that matches is changed, in an otherwise honest shop. */
  const lie = async (matches: RegExp, change: (body: object) => void): Promise<string[]> => {
    let lied = false;
    const tamper = ({ method, path }: ShopCall, reply: ShopReply): ShopReply => {
      const read = method === 'GET' || path === '/rankings/refresh';
      if (lied || !read || !matches.test(path) || typeof reply.body !== 'object' || reply.body === null) return reply;
      lied = true;
      change(reply.body);
      return reply;
    };
    const outcome = await run(new MemoryShop({ tamper }), 1);
    const found = differencesOf(outcome);
    expect(outcome.differences).toBe(found.length);
    return found.map((line) => line.replace(/ \([0-9a-f-]{36}\)/g, ''));
  };
  const set = (field: string, value: unknown) => (body: object) => Object.assign(body, { [field]: value });
  const inFirst = (list: string, field: string, value: unknown) => (body: object) => {
    const items: unknown = Object.entries(body).find(([name]) => name === list)?.[1];
    if (Array.isArray(items)) Object.assign(Object(items.at(0)), { [field]: value });
  };

  it.each([
    ['a wrong owner', /^\/orders\//, set('userId', 'x'), ['order 500/1/1: customer: file 1, server x']],
    ['a wrong status', /^\/orders\//, set('status', 'paid'), ['order 500/1/1: status: file partiallyRefunded, server paid']],
    [
      'a wrong total',
      /^\/orders\//,
      set('total', 1),
      ['order 500/1/1: total: file 101685, server 1', 'invoice 500/1: money: file 251785, server 150101'],
    ],
    [
      'a lost unit',
      /^\/orders\//,
      inFirst('lines', 'quantity', 998),
      ['order 500/1/1: line A@100: file 999 at 100, server 998 at 100', 'invoice 500/1: units of A@100: file 2500, server 2499'],
    ],
    ['a wrong price', /^\/orders\//, inFirst('lines', 'unitPrice', 1), ['order 500/1/1: line A@100: file 999 at 100, server 999 at 1']],
    [
      'a wrong payment',
      /^\/payments\/[^/]+$/,
      set('amount', 1),
      ['order 500/1/1: payment: file 101685, server 1', 'money of 2010-12-01: sold: file 253600, server 151916'],
    ],
    ['a payment of wrong refunds', /^\/payments\/[^/]+$/, set('refunded', 1), ['order 500/1/1: refunded: file 1785, server 1']],
    [
      'a wrong refund',
      /^\/payments\/.*refunds/,
      inFirst('items', 'amount', 1),
      [
        'refund C900/500/1/1: file 1785 for 7 of B@255, restocked, server 1 for 7 of B@255, restocked',
        'money of 2010-12-01: refunded: file 122187, server 120403',
      ],
    ],
    ['a wrong balance', /^\/balance\?userId=2/, set('amount', 1), ['balance of 2: file 4, server 1']],
    ['a wrong name', /^\/products\//, set('name', 'x'), ['product A: file APPLE, server x']],
    [
      'wrong stock',
      /^\/products\//,
      inFirst('options', 'onHand', 1),
      ['option A@100: file 1200 on hand, 0 reserved, at 100, server 1 on hand, 0 reserved, at 100'],
    ],
    [
      'units that stay reserved',
      /^\/products\//,
      inFirst('options', 'reserved', 1),
      ['option A@100: file 1200 on hand, 0 reserved, at 100, server 1200 on hand, 1 reserved, at 100'],
    ],
    [
      'a wrong ranking',
      /^\/rankings/,
      inFirst('items', 'quantity', 1),
      ['rank 1: file APPLE: 1300 units, 130000, server APPLE: 1 units, 130000'],
    ],
  ])('%s', async (_, matches, change, expected) => {
    expect(await lie(matches, change)).toStrictEqual(expected.map((text) => `difference: ${text}`));
  });
});

describe('the report', () => {
  it('says that a ranking is not compared when others have sold too', async () => {
    const shop = new MemoryShop();
    shop.payments.set('p', { id: 'p', orderId: 'o', amount: 1, refunded: 0, paidAt: '2030-01-01T00:00:00.000Z' });
    const outcome = await run(shop);
    expect(outcome.differences).toBe(0);
    expect(outcome.text).toContain('ranking: NOT compared, for the server has payments that are not of this replay');
  });

  it('says that a ranking is not compared when its window does not hold the whole replay', async () => {
    const tamper = ({ path }: ShopCall, reply: ShopReply): ShopReply => {
      if (path === '/rankings/refresh') Object.assign(Object(reply.body), { from: '2100-01-01T00:00:00.000Z', items: [] });
      return reply;
    };
    const outcome = await run(new MemoryShop({ tamper }));
    expect(outcome.differences).toBe(0);
    expect(outcome.text).toContain('ranking: NOT compared, for a part of this replay was paid before the window of the ranking');
  });

  it('shows a payment that was refused, which is not tried with another order', async () => {
    const intercept = (call: ShopCall) => (isPayment(call) ? { status: 409, body: { code: 'INSUFFICIENT_BALANCE' } } : undefined);
    const shop = new MemoryShop({ intercept });
    const outcome = await run(shop);
    expect(outcome.text).toContain('difference: order 500/1/1: file accepted, server 409 INSUFFICIENT_BALANCE\n');
    expect(shop.orders.size).toBe(3);
  });

  it('shows what was refused, and what is missing for it', async () => {
    let orders = 0;
    const shop = new MemoryShop({
      intercept: (call) => {
        if (isOrder(call)) orders += 1;
        return isOrder(call) && orders === 1 ? { status: 409, body: { code: 'OPTION_NOT_FOR_SALE' } } : undefined;
      },
    });
    const outcome = await run(shop, 1);
    expect(outcome.text).toContain('difference: order 500/1/1: file accepted, server 409 OPTION_NOT_FOR_SALE\n');
    expect(outcome.text).toContain('difference: order 503/1/1: file paid 1791, server nothing\n');
    expect(outcome.differences).toBeGreaterThan(10);
  });

  it('shows fifty differences and counts the others', async () => {
    const isProduct = ({ method, path }: ShopCall): boolean => method === 'GET' && path.startsWith('/products/');
    const tamper = (call: ShopCall, { status, body }: ShopReply): ShopReply => ({
      status,
      body: isProduct(call) ? Object.assign(Object(body), { name: 'x' }) : body,
    });
    const outcome = await run(new MemoryShop({ tamper }), 4, WIDE);
    expect(outcome.differences).toBe(123);
    expect(differencesOf(outcome).length).toBe(50);
    expect(outcome.text).toContain('… and 73 more\ndifferences: 123\n');
  });
});
