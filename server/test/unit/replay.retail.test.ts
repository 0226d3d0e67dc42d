/**
 * The rules on seven days of a real export (UCI Online Retail, 1–8 December 2010). The figures were derived from the
 * files by a separate program, written from the stated rules, not by running this code. Where the files are not at
 * hand the tests are skipped.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRetailFiles } from '../../src/replay/replay.csv.ts';
import { rankFiles } from '../../src/replay/replay.reconcile.rules.ts';
import { planReplay } from '../../src/replay/replay.rules.ts';
import type { ReplayPlan, RetailFiles } from '../../src/replay/replay.types.ts';
import { emptyLedger } from './replay.rows.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/data/online-retail');
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.csv')) : [];

describe.skipIf(files.length === 0)('seven days of retail', () => {
  let content: RetailFiles;
  let plan: ReplayPlan;
  beforeAll(async () => {
    content = await readRetailFiles(files.map((name) => join(FOLDER, name)));
    plan = planReplay(content);
  });

  it('are read in full', () => {
    expect(files.length).toBe(7);
    expect([content.rows.length, content.unreadable.length]).toStrictEqual([19_632, 0]);
    expect(new Set(content.rows.map(({ invoice }) => invoice)).size).toBe(905);
    expect(new Set(content.rows.map(({ code }) => code)).size).toBe(2403);
    expect(content.rows.filter(({ customer }) => customer === null).length).toBe(6651);
    expect(content.rows.filter(({ quantity }) => quantity < 0).length).toBe(303);
    expect(content.rows.filter(({ price }) => price <= 0).length).toBe(135);
  });

  it('have every row sold, cancelling or dropped under a rule', () => {
    const dirt = Object.fromEntries([...plan.dirt].map(([kind, { count, units }]) => [kind, [count, units]]));
    expect(dirt).toStrictEqual({
      negativeOutsideCancellation: [47, 1983],
      priceNotPositive: [88, 689],
      noCustomer: [6486, 20_076],
      repeatedOption: [543, 1427],
      severalTimes: [1, 0],
      overLimits: [24, 0],
      severalDescriptions: [10, 0],
      cancelledWithoutCustomer: [31, 114],
      cancelledWithoutSale: [147, 11_033],
      cancelledBeforeSale: [25, 44],
      cancelledMoreThanSold: [4, 16],
    });
    expect([plan.saleRowCount, plan.cancellationRowCount]).toStrictEqual([19_241, 256]);
    expect(plan.saleRowCount + plan.cancellationRowCount + 47 + 88).toBe(plan.rowCount);
  });

  it('lose only the stated money to cancellations that find no sale', () => {
    expect(plan.dirt.get('cancelledWithoutCustomer')?.pence).toBe(5_410_955);
    expect(plan.dirt.get('cancelledWithoutSale')?.pence).toBe(481_048);
    expect(plan.dirt.get('cancelledBeforeSale')?.pence).toBe(22_417);
    expect(plan.dirt.get('cancelledMoreThanSold')?.pence).toBe(16_720);
  });

  it('make products, options, customers, invoices and orders', () => {
    expect(plan.products.length).toBe(2368);
    expect(plan.products.flatMap(({ options }) => options).length).toBe(4196);
    expect(plan.customers.length).toBe(506 + 49);
    expect(plan.customers.filter(({ userId }) => userId.startsWith('guest-')).length).toBe(49);
    expect(plan.books.invoices.size).toBe(727);
    expect(plan.orders.length).toBe(790);
    expect(plan.orders.flatMap(({ lines }) => lines).length).toBe(18_706);
    expect(plan.orders.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0)).toBe(161_029);
    expect(Math.max(...plan.customers.map(({ charge }) => charge))).toBe(2_592_037);
  });

  it('refund 49 cancelled rows of 26 cancellation invoices', () => {
    expect(new Set(plan.refunds.map(({ cancellation }) => cancellation)).size).toBe(26);
    expect(plan.refunds.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0)).toBe(311);
    expect(plan.refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(99_875);
    expect([...plan.books.balances.values()].filter((amount) => amount > 0).length).toBe(25);
  });

  it('sell and refund so much a day', () => {
    const days = [...plan.books.days].map(([day, { sold, refunded }]) => [day, sold, refunded]);
    expect(days).toStrictEqual([
      ['2010-12-01', 5_896_079, 2_550],
      ['2010-12-02', 4_774_838, 3_125],
      ['2010-12-03', 4_694_371, 7_935],
      ['2010-12-05', 3_177_495, 4_790],
      ['2010-12-06', 5_483_046, 42_235],
      ['2010-12-07', 9_961_820, 23_822],
      ['2010-12-08', 4_538_998, 15_418],
    ]);
    expect(days.reduce((sum, [, sold]) => sum + Number(sold), 0)).toBe(38_526_647);
    expect(plan.orders.reduce((sum, { total }) => sum + total, 0)).toBe(38_526_647);
  });

  it('rank five products', () => {
    expect(rankFiles(plan, emptyLedger()).map(({ rank, name, quantity, revenue }) => [rank, name, quantity, revenue])).toStrictEqual([
      [1, 'WORLD WAR 2 GLIDERS ASSTD DESIGNS', 3707, 73_673],
      [2, 'CREAM HEART CARD HOLDER', 2160, 522_612],
      [3, 'BLACK HEART CARD HOLDER', 2093, 495_451],
      [4, 'ASSORTED COLOUR T-LIGHT HOLDER', 1878, 105_258],
      [5, 'RED HARMONICA IN BOX', 1780, 198_924],
    ]);
  });

  it('are planned alike whatever the order of the files', async () => {
    const reversed = planReplay(await readRetailFiles(files.toReversed().map((name) => join(FOLDER, name))));
    expect(reversed.digest).toBe(plan.digest);
    expect(reversed.orders).toStrictEqual(plan.orders);
    expect(reversed.refunds).toStrictEqual(plan.refunds);
    expect(reversed.products).toStrictEqual(plan.products);
  });
});
