/** Replays to a whole server, whose audit ends each test. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTokenMinter } from '../../src/http/auth.ts';
import { replay } from '../../src/replay/replay.ts';
import { openShop, type Shop, TEST_SECRET } from '../support/shop.ts';
import { createPage, csvOf, replayErrorOf, shoppingRows } from '../unit/replay.rows.ts';

const RETAIL = join(import.meta.dirname, '../../../../shared/data/online-retail');
const retailFiles = existsSync(RETAIL) ? readdirSync(RETAIL).filter((name) => name.endsWith('.csv')) : [];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openrun-replay-'));
  await writeFile(join(folder, 'rows.csv'), csvOf(...shoppingRows(120)));
});
afterAll(() => rm(folder, { recursive: true }));

async function replayTo(shop: Shop, files: readonly string[] = [join(folder, 'rows.csv')]) {
  const mint = createTokenMinter({ secret: TEST_SECRET, issuer: null, audience: null });
  const page = createPage();
  const { differences } = await replay({
    files,
    baseUrl: shop.baseUrl,
    mintToken: (sub, role) => mint({ sub, ttlSeconds: 600, ...(role === undefined ? {} : { role }) }),
    concurrency: 16,
    out: page.out,
  });
  const found = page
    .text()
    .split('\n')
    .filter((line) => line.startsWith('difference:'));
  expect(differences).toBe(found.length);
  return { found, text: page.text() };
}

test('a replay and its repetition leave the same books, with no difference', async () => {
  const shop = await openShop({ currency: 'GBP' });
  for (let round = 1; round <= 2; round += 1) {
    const { found, text } = await replayTo(shop);
    expect(found).toStrictEqual([]);
    expect(text).toContain('done: 123 products, 243 options, 3 customers, 8 orders and payments, 5 refunds');
    expect(text).toContain('ranking: compared, APPLE (1,300), APPLE (240), BEAR (7)');
  }
  await shop.close();
});

test('charges above the limit of the server are halved', async () => {
  const shop = await openShop({ currency: 'GBP', maxCharge: 20_000 });
  expect((await replayTo(shop)).found).toStrictEqual([]);
  const history = await shop.staff.get('/balance/history?userId=1&limit=100');
  const charges = (history.body['items'] ?? []).filter(({ kind }) => kind === 'charge');
  expect(charges.length).toBe(16);
  await shop.close();
});

test('what is done behind its back is found', async () => {
  const shop = await openShop({ currency: 'GBP' });
  await replayTo(shop);
  await shop.staff.post('/balance/charge', { amount: 5, userId: '2' });
  const { body } = await shop.staff.get('/products?search=A@100');
  await shop.staff.post(`/options/${String(body['items']?.[0]?.['options']?.[0]?.['id'])}/stock`, { delta: -1, reason: 'a thief' });
  const payments = await shop.staff.get('/payments?userId=guest-502');
  await shop.staff.post(`/payments/${String(payments.body['items']?.[0]?.['id'])}/refunds`, { restock: false, reason: 'a mistake' });
  const { found } = await replayTo(shop);
  expect(found.length).toBe(8);
  expect(found).toContain('difference: balance of 2: file 4, server 9');
  expect(found).toContain('difference: option A@100: file 1200 on hand, 0 reserved, at 100, server 1199 on hand, 0 reserved, at 100');
  expect(found).toContainEqual(expect.stringMatching(/^difference: order 502\/guest-502\/\d: status: file paid, server refunded$/));
  expect(found).toContainEqual(expect.stringMatching(/^difference: balance of guest-502: file 0, server \d+$/));
  expect(found).toContainEqual(expect.stringMatching(/^difference: money of no day: refunded: file nothing, server \d+$/));
  await shop.close();
});

test('a shop in another currency is left alone', async () => {
  const shop = await openShop();
  expect(await replayErrorOf(replayTo(shop))).toContain("the server's currency is KRW");
  expect((await shop.staff.get('/products')).body).toEqual({ items: [], nextCursor: null });
  await shop.close();
});

test.skipIf(retailFiles.length === 0)('seven days of retail go through with no difference', { timeout: 300_000 }, async () => {
  const shop = await openShop({ currency: 'GBP' });
  const { found, text } = await replayTo(
    shop,
    retailFiles.map((name) => join(RETAIL, name)),
  );
  expect(found).toStrictEqual([]);
  expect(text).toContain('rows: 19,632 = 19,241 sold + 256 cancelling + 135 dropped');
  expect(text).toContain('done: 2,368 products, 4,196 options, 555 customers, 790 orders and payments, 29 refunds');
  expect(text).toContain('ranking: compared, WORLD WAR 2 GLIDERS ASSTD DESIGNS (3,707), CREAM HEART CARD HOLDER (2,160)');
  await shop.close();
});
