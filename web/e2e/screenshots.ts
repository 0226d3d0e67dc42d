/** Pictures of the main pages for the documents, of a shop in the middle of a sale. */
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { buyOne, gatherCrowd } from './support/crowd.ts';
import { DESK, ENGLISH, KOREAN, PHONE } from './support/places.ts';
import type { TestServer } from './support/server.ts';
import { en, expect, ko, listAt, test, textAt } from './support/shop.ts';
import { signIn } from './support/staff.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const ON_PHONE = { ...PHONE, deviceScaleFactor: 1 };
const LIGHT = { colorScheme: 'light' } as const;
const DARK = { colorScheme: 'dark' } as const;
/** Enough for lines in the charts of the dashboard. */
const SALE_SECONDS = 75;
const TICK_MS = 300;
const BALANCE = 3_000_000;

test('pictures', async ({ browser, server }) => {
  const dashboards = [
    await openDashboard(browser, server, { ...DESK, ...ENGLISH, ...DARK }),
    await openDashboard(browser, server, { ...DESK, ...KOREAN, ...LIGHT }),
  ] as const;
  await sell(server);
  await take(dashboards[0], 'admin-dashboard-desk-dark');
  await take(dashboards[1], 'admin-dashboard-desk-korean');
  await server.staff('POST', '/rankings/refresh');
  await takeOffice(dashboards[0], server.baseUrl);
  await dashboards[1].goto(`${server.baseUrl}/admin/coupons`);
  await dashboards[1].getByRole('link', { name: DROP.name }).click();
  await expect(dashboards[1].getByRole('row').nth(5)).toBeVisible();
  await take(dashboards[1], 'admin-coupon-desk-korean');
  await takeShop(browser, server);
});

const DROP = { name: '밤의 드롭 15% · Night drop 15%', discount: { type: 'percent', percent: 15 }, quantity: 150 };

async function openDashboard(browser: Browser, { baseUrl }: TestServer, options: BrowserContextOptions): Promise<Page> {
  const page = await pageOf(browser, { ...options, viewport: { width: 1280, height: 960 } });
  await signIn(page, baseUrl, options.locale === KOREAN.locale);
  return page;
}

async function pageOf(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  return context.newPage();
}

/** Customers claim, order, pay, hesitate and come too late, in waves. */
async function sell(server: TestServer): Promise<void> {
  const crowd = await gatherCrowd(server, 'fan', 90, BALANCE);
  const optionIds = await optionsForSale(server);
  const expiresAt = new Date(Date.now() + 6 * 3_600_000).toISOString();
  const couponId = textAt(await server.staff('POST', '/coupons', { ...DROP, expiresAt }), 'id');
  const comeBy = (turn: number): Promise<unknown> => {
    const sub = crowd[turn % crowd.length] ?? 'fan';
    const optionId = optionIds[(turn * turn) % optionIds.length] ?? '';
    if (turn % 9 === 0) return server.customer(sub, 'POST', '/orders', { lines: [{ optionId, quantity: 1 }] });
    if (turn % 3 === 0) return server.customer(`${sub}-${turn}`, 'POST', `/coupons/${couponId}/issue`);
    return buyOne(server, sub, optionId);
  };
  let turn = 0;
  const endsAt = Date.now() + SALE_SECONDS * 1000;
  for (let tick = 0; Date.now() < endsAt; tick += 1) {
    const shoppers = 2 + Math.round(2 * Math.sin(tick / 12)) + (tick % 40 > 34 ? 4 : 0);
    const first = turn;
    const turns = Array.from({ length: shoppers }, (_nobody, index) => first + index);
    turn += shoppers;
    await Promise.all([...turns.map(comeBy), delay(TICK_MS)]);
  }
}

/** What the crowd buys: all options, the newest product's more often than others. */
async function optionsForSale(server: TestServer): Promise<readonly string[]> {
  const { body } = await server.customer('fan', 'GET', '/products?limit=100&inStock=true');
  const products = listAt(body, 'items').map((product) => listAt(product, 'options').map((option) => textAt(option, 'id')));
  const newest = products[0] ?? [];
  return products.flatMap((options) => options.concat(newest.slice(0, 2)));
}

/** The pages of the back office, on from its dashboard. */
async function takeOffice(page: Page, baseUrl: string): Promise<void> {
  await page.goto(`${baseUrl}/admin/orders?status=partiallyRefunded`);
  await page.locator('tbody th a').first().click();
  await expect(page.getByRole('listitem').filter({ hasText: 'exchanged' }).first()).toBeVisible();
  await take(page, 'admin-order-desk-dark');
}

async function takeShop(browser: Browser, { baseUrl }: TestServer): Promise<void> {
  const minji = await pageOf(browser, { ...ON_PHONE, ...KOREAN, ...LIGHT });
  await signInToShop(minji, baseUrl, ko, 'minji@openrun.example');
  await minji.goto(`${baseUrl}/shop`);
  await take(minji, 'shop-home-phone-korean');
  await minji.goto(`${baseUrl}/shop/coupons`);
  await take(minji, 'shop-coupons-phone-korean');

  const alex = await pageOf(browser, { ...ON_PHONE, ...ENGLISH, ...DARK });
  await signInToShop(alex, baseUrl, en, 'alex@openrun.example');
  await alex.goto(`${baseUrl}/shop/?search=Fog+hoodie`);
  await alex
    .getByRole('link', { name: /Fog hoodie/ })
    .last()
    .click();
  await alex.getByRole('radio', { name: /^L/ }).click();
  await take(alex, 'shop-product-phone-dark');
  await alex.getByRole('button', { name: en.product.buy }).click();
  await alex.getByRole('button', { name: en.checkout.order.replace('{total}', '') }).click();
  await expect(alex.getByRole('timer')).toBeVisible();
  await alex.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await take(alex, 'shop-pay-phone');

  const desk = await pageOf(browser, { ...DESK, ...ENGLISH, ...LIGHT });
  await desk.goto(`${baseUrl}/shop`);
  await take(desk, 'shop-home-desk');
}

async function signInToShop(page: Page, baseUrl: string, words: typeof en, email: string): Promise<void> {
  await page.goto(`${baseUrl}/shop/sign-in`);
  await page.getByLabel(words.signIn.email).fill(email);
  await page.getByLabel(words.signIn.password).fill('openrun-demo');
  await page.getByRole('button', { name: words.signIn.submit }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.title })).toHaveCount(0);
  await page.goto(`${baseUrl}/shop/me`);
  await expect(page.getByText(email)).toBeVisible();
}

async function take(page: Page, name: string): Promise<void> {
  await expect(page.locator('[class*=skeleton]')).toHaveCount(0);
  await page.evaluate(async () => {
    scrollTo(0, 0);
    await document.fonts.ready;
  });
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
}
