import { describe, expect, it } from 'vitest';
import { DIRT_RULES, LINE_QUANTITY_MAX, LINES_MAX, mostFrequent, packLines, planReplay } from '../../src/replay/replay.rules.ts';
import type { PlannedLine, ReplayPlan, RetailRow } from '../../src/replay/replay.types.ts';
import { cancelled, planOf, row } from './replay.rows.ts';

const dirtOf = (plan: ReplayPlan): Record<string, [count: number, units: number, pence: number]> =>
  Object.fromEntries([...plan.dirt].map(([kind, { count, units, pence }]) => [kind, [count, units, pence]]));

const ordersOf = (plan: ReplayPlan): string[] =>
  plan.orders.map(({ key, total, lines }) => `${key} ${total}: ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}`);

const refundsOf = (plan: ReplayPlan): string[] =>
  plan.refunds.map(({ key, amount, lines }) => `${key} ${amount}: ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}`);

const line = (sku: string, quantity: number): PlannedLine => ({ sku, code: sku, unitPrice: 1, quantity });

describe('rows that are no sale are dropped and counted under the first rule that fits', () => {
  const cases: [string, RetailRow, Record<string, [number, number, number]>][] = [
    ['zero quantity', row({ quantity: 0, price: 0 }), { zeroQuantity: [1, 0, 0] }],
    ['a write-off', row({ quantity: -320, price: 0, customer: null }), { negativeOutsideCancellation: [1, 320, 0] }],
    ['a negative quantity with a price', row({ quantity: -3 }), { negativeOutsideCancellation: [1, 3, 300] }],
    ['a gift', row({ price: 0 }), { priceNotPositive: [1, 2, 0] }],
    ['a negative price', row({ price: -50, customer: null }), { priceNotPositive: [1, 2, 100] }],
    ['a cancellation of a gift', cancelled({ price: 0 }), { priceNotPositive: [1, 1, 0] }],
    ['a cancellation that adds', cancelled({ quantity: 1 }), { positiveInCancellation: [1, 1, 100] }],
  ];
  it.each(cases)('%s', (_, dirty, dirt) => {
    const plan = planOf(dirty);
    expect(dirtOf(plan)).toStrictEqual(dirt);
    expect([plan.products, plan.orders, plan.customers, plan.refunds]).toStrictEqual([[], [], [], []]);
    expect([plan.rowCount, plan.saleRowCount, plan.cancellationRowCount]).toStrictEqual([1, 0, 0]);
  });

  it('unreadable rows count as rows', () => {
    const plan = planReplay({ rows: [row()], unreadable: [{ where: 'f:1', reason: 'x' }], digest: 'd' });
    expect([plan.rowCount, plan.saleRowCount, dirtOf(plan)]).toStrictEqual([2, 1, { unreadable: [1, 0, 0] }]);
  });

  it('an invoice whose rows are all dropped makes no order, another row of it does', () => {
    expect(ordersOf(planOf(row({ price: 0 })))).toStrictEqual([]);
    expect(ordersOf(planOf(row({ price: 0 }), row({ code: 'B' })))).toStrictEqual(['500/1/1 200: 2 B@100']);
  });

  it('every sort of dirt has a rule', () => {
    for (const { counts, rule } of Object.values(DIRT_RULES)) expect([counts, rule].every((text) => text.length > 3)).toBe(true);
  });
});

describe('sales', () => {
  it('without a customer go to one guest per invoice', () => {
    const plan = planOf(row({ customer: null }), row({ customer: null, code: 'B' }), row({ customer: null, invoice: '501' }));
    expect(ordersOf(plan)).toStrictEqual(['500/guest-500/1 400: 2 A@100, 2 B@100', '501/guest-501/1 200: 2 A@100']);
    expect(dirtOf(plan)).toStrictEqual({ noCustomer: [3, 6, 600] });
  });

  it('of one invoice number to two customers are two orders', () => {
    expect(ordersOf(planOf(row(), row({ customer: '2' })))).toStrictEqual(['500/1/1 200: 2 A@100', '500/2/1 200: 2 A@100']);
  });

  it('that repeat code and price are added up; another price is another option', () => {
    const plan = planOf(row(), row({ quantity: 5 }), row({ price: 90 }));
    expect(ordersOf(plan)).toStrictEqual(['500/1/1 880: 7 A@100, 2 A@90']);
    expect(dirtOf(plan)).toStrictEqual({ repeatedOption: [1, 5, 500] });
    expect(plan.products[0]?.options).toStrictEqual([
      { sku: 'A@100', name: 'GBP 1.00', price: 100, stock: 7 },
      { sku: 'A@90', name: 'GBP 0.90', price: 90, stock: 2 },
    ]);
  });

  it('of one invoice at several times are ordered at the first', () => {
    const plan = planOf(row({ minute: 3 }), row({ minute: 1, code: 'B' }), row({ minute: 3, code: 'C' }));
    expect(plan.orders.map(({ at }) => at)).toStrictEqual([row({ minute: 1 }).at]);
    expect(dirtOf(plan)).toStrictEqual({ severalTimes: [1, 0, 0] });
  });

  it('codes that differ in case are different products', () => {
    expect(planOf(row(), row({ code: 'a' })).products.map(({ code }) => code)).toStrictEqual(['A', 'a']);
  });

  it('give a customer one charge and the steps in the order of time', () => {
    const plan = planOf(
      row({ minute: 5, invoice: '502' }),
      row({ invoice: '501' }),
      cancelled({ minute: 2 }),
      row({ customer: '2', minute: 1 }),
    );
    expect(plan.customers.map(({ userId, charge, steps }) => [userId, charge, steps.map(({ key }) => key)])).toStrictEqual([
      ['1', 400, ['501/1/1', 'C900/501/1/1', '502/1/1']],
      ['2', 200, ['500/2/1']],
    ]);
  });
});

describe('a refund of the minute of its sale', () => {
  it('follows the sale', () => {
    const [customer] = planOf(cancelled({ minute: 0 }), row()).customers;
    expect(customer?.steps.map(({ kind }) => kind)).toStrictEqual(['order', 'refund']);
  });
});

describe('names of products', () => {
  it.each([
    [[], null, 0],
    [['', ''], null, 0],
    [['B', 'A', 'A'], 'A', 2],
    [['B', 'A', 'A', 'B'], 'B', 2],
    [['', '', '', 'A'], 'A', 1],
  ])('%j is %j', (descriptions, name, different) => {
    expect(mostFrequent(descriptions)).toStrictEqual({ name, different });
  });

  it('come from sales alone, and are the code where there is none', () => {
    const plan = planOf(
      row({ description: 'damages', price: 0 }),
      row({ description: '' }),
      row({ code: 'B', description: 'x' }),
      row({ code: 'B', description: 'y' }),
    );
    expect(plan.products.map(({ name }) => name)).toStrictEqual(['A', 'x']);
    expect(dirtOf(plan)).toMatchObject({ noDescription: [1, 0, 0], severalDescriptions: [1, 0, 0] });
  });

  it('are cut to 200 characters', () => {
    const plan = planOf(row({ description: `${'한'.repeat(199)}😀${'x'.repeat(9)}` }));
    expect(plan.products[0]?.name).toBe(`${'한'.repeat(199)}😀`);
    expect(dirtOf(plan)).toStrictEqual({ longDescription: [1, 0, 0] });
  });
});

describe('orders keep to the limits of the wire', () => {
  const pack = (...quantities: number[]): string[] =>
    packLines(quantities.map((quantity, index) => line(`${index}`, quantity))).map((lines) =>
      lines.map(({ sku, quantity }) => `${sku}:${quantity}`).join(' '),
    );

  it.each([
    [[], []],
    [[999], ['0:999']],
    [[1000], ['0:999', '0:1']],
    [
      [1, 2880, 3],
      ['0:1 1:999 2:3', '1:999', '1:882'],
    ],
    [
      [1998, 1998],
      ['0:999 1:999', '0:999 1:999'],
    ],
  ])('%j', (quantities, orders) => {
    expect(pack(...quantities)).toStrictEqual(orders);
  });

  it('101 options make two orders, and units over the limit go where there is room', () => {
    const orders = pack(...Array.from({ length: 100 }, () => 1), 1500);
    expect(orders.length).toBe(3);
    expect(orders.slice(1)).toStrictEqual(['100:999', '100:501']);
    expect(pack(1500, ...Array.from({ length: 100 }, () => 1)).map((order) => order.split(' ').length)).toStrictEqual([100, 2]);
  });

  it('lose no unit, for any invoice', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const quantities = Array.from(
        { length: (seed * 7) % 350 },
        (_, index) => 1 + ((index * 613 + seed * 1009) % (seed % 3 === 0 ? 5000 : 900)),
      );
      const orders = packLines(quantities.map((quantity, index) => line(`${index}`, quantity)));
      const sums = quantities.map(() => 0);
      for (const order of orders) {
        expect(order.length).toBeLessThanOrEqual(LINES_MAX);
        expect(new Set(order.map(({ sku }) => sku)).size).toBe(order.length);
        for (const { sku, quantity } of order) {
          expect(quantity).toBeLessThanOrEqual(LINE_QUANTITY_MAX);
          sums[Number(sku)] = (sums[Number(sku)] ?? 0) + quantity;
        }
      }
      expect(sums).toStrictEqual(quantities);
    }
  });

  it('a split invoice is counted and keeps one key', () => {
    const plan = planOf(row({ quantity: 1200 }));
    expect(ordersOf(plan)).toStrictEqual(['500/1/1 99900: 999 A@100', '500/1/2 20100: 201 A@100']);
    expect(new Set(plan.orders.map(({ invoiceKey }) => invoiceKey))).toStrictEqual(new Set(['500/1']));
    expect(dirtOf(plan)).toStrictEqual({ overLimits: [1, 0, 0] });
    expect([...plan.books.invoices]).toStrictEqual([
      ['500/1', { invoice: '500', userId: '1', day: '2010-12-01', units: new Map([['A@100', 1200]]), pence: 120_000 }],
    ]);
  });
});

describe('cancellations', () => {
  const cases: [string, RetailRow[], string[], Record<string, [number, number, number]>][] = [
    ['take back units of the sale', [row(), cancelled()], ['C900/500/1/1 100: 1 A@100'], {}],
    ['take back all of it', [row(), cancelled({ quantity: -2 })], ['C900/500/1/1 200: 2 A@100'], {}],
    [
      'may follow in the same minute, even if they come first in the file',
      [cancelled({ minute: 0 }), row()],
      ['C900/500/1/1 100: 1 A@100'],
      {},
    ],
    ['of nobody are not refunded', [row(), cancelled({ customer: null })], [], { cancelledWithoutCustomer: [1, 1, 100] }],
    [
      'of nobody are not refunded to a guest either',
      [row({ customer: null }), cancelled({ customer: null })],
      [],
      { cancelledWithoutCustomer: [1, 1, 100], noCustomer: [1, 2, 200] },
    ],
    ['of another customer are not refunded', [row(), cancelled({ customer: '2' })], [], { cancelledWithoutSale: [1, 1, 100] }],
    ['of another code are not refunded', [row(), cancelled({ code: 'B' })], [], { cancelledWithoutSale: [1, 1, 100] }],
    ['of a code in other case are not refunded', [row(), cancelled({ code: 'a' })], [], { cancelledWithoutSale: [1, 1, 100] }],
    ['before the sale are not refunded', [row({ minute: 61 }), cancelled({ quantity: -3 })], [], { cancelledBeforeSale: [1, 3, 300] }],
    [
      'of more than was sold are refunded as far as there are units',
      [row(), cancelled({ quantity: -5 }), cancelled({ invoice: 'C901' })],
      ['C900/500/1/1 200: 2 A@100'],
      { cancelledInPart: [1, 3, 300], cancelledMoreThanSold: [1, 1, 100] },
    ],
    [
      'take the latest sale first, across invoices',
      [row(), row({ invoice: '501', minute: 1 }), row({ invoice: '502', minute: 99 }), cancelled({ quantity: -3 })],
      ['C900/501/1/1 200: 2 A@100', 'C900/500/1/1 100: 1 A@100'],
      {},
    ],
    [
      'take sales at their own price before later ones at another',
      [row(), row({ invoice: '501', price: 90, minute: 1 }), cancelled({ quantity: -3 })],
      ['C900/500/1/1 200: 2 A@100', 'C900/501/1/1 90: 1 A@90'],
      { refundedAtSalePrice: [1, 1, 10] },
    ],
    [
      'of split lines take the last part first',
      [row({ quantity: 1000 }), cancelled({ quantity: -2 })],
      ['C900/500/1/2 100: 1 A@100', 'C900/500/1/1 100: 1 A@100'],
      { overLimits: [1, 0, 0] },
    ],
    [
      'of one invoice and one order are one refund',
      [row(), row({ code: 'B' }), cancelled(), cancelled({ code: 'B' }), cancelled()],
      ['C900/500/1/1 300: 2 A@100, 1 B@100'],
      {},
    ],
    [
      'of two invoices are two refunds',
      [row(), cancelled(), cancelled({ invoice: 'C901' })],
      ['C900/500/1/1 100: 1 A@100', 'C901/500/1/1 100: 1 A@100'],
      {},
    ],
  ];
  it.each(cases)('%s', (_, rows, refunds, dirt) => {
    const plan = planOf(...rows);
    expect(refundsOf(plan)).toStrictEqual(refunds);
    expect(dirtOf(plan)).toStrictEqual(dirt);
  });
});

describe('the books of the files', () => {
  it('say what is left of everything', () => {
    const { books } = planOf(
      row({ quantity: 10 }),
      row({ invoice: '501', price: 90, minute: 24 * 60 }),
      row({ code: 'B', customer: null, invoice: '502', price: 7, minute: 24 * 60 }),
      cancelled({ quantity: -4, minute: 48 * 60 }),
    );
    expect(Object.fromEntries(books.days)).toStrictEqual({
      '2010-12-01': { sold: 1000, refunded: 0 },
      '2010-12-02': { sold: 194, refunded: 0 },
      '2010-12-03': { sold: 0, refunded: 400 },
    });
    expect(Object.fromEntries(books.balances)).toStrictEqual({ 1: 400, 'guest-502': 0 });
    expect(Object.fromEntries(books.stock)).toStrictEqual({ 'A@100': 4, 'A@90': 0, 'B@7': 0 });
    expect(Object.fromEntries(books.products)).toStrictEqual({ A: { units: 8, revenue: 780 }, B: { units: 2, revenue: 14 } });
  });
});
