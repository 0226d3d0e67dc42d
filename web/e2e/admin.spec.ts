/** The back office as staff use it, from the door to the trail. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import adminEn from '../src/admin/i18n/en.json' with { type: 'json' };
import adminKo from '../src/admin/i18n/ko.json' with { type: 'json' };
import { en, expect, ko, listen, test } from './support/shop.ts';

interface Staff {
  readonly page: Page;
  readonly words: typeof adminEn;
  readonly shop: typeof en;
  readonly open: (path: string) => Promise<void>;
  readonly press: (label: string) => Promise<void>;
  /** What stands in a message without its figures. */
  readonly notice: (text: string) => Promise<void>;
}

const staffTest = test.extend<{ staff: Staff }>({
  staff: async ({ page, server, locale }, use) => {
    const complaints = listen(page, server.baseUrl);
    const isKorean = locale?.startsWith('ko') === true;
    const words = isKorean ? adminKo : adminEn;
    const shop = isKorean ? ko : en;
    await page.goto(`${server.baseUrl}/admin`);
    await page.getByLabel(shop.signIn.email).fill('staff@openrun.example');
    await page.getByLabel(shop.signIn.password).fill('openrun-staff');
    await page.getByRole('button', { name: shop.signIn.submit }).click();
    await expect(page.getByRole('heading', { level: 1, name: words.dashboard.title })).toBeVisible();
    await use({
      page,
      words,
      shop,
      open: async (path) => {
        await page.goto(`${server.baseUrl}/admin${path}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      },
      press: (label) => page.getByRole('button', { name: label, exact: true }).last().click(),
      notice: (text) => expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible(),
    });
    expect(complaints, 'the browser complains of nothing').toEqual([]);
  },
});

async function expectAccessible(page: Page): Promise<void> {
  // Fonts and fades change what is measured.
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [page.url(), id, nodes.map(({ html }) => html)])).toEqual([]);
}

const PLACES = ['', 'orders', 'products', 'products/new', 'products/import', 'coupons', 'customers', 'deliveries', 'destinations'];
const MORE_PLACES = ['ranking', 'audit', 'trail', 'nowhere'];

for (const colorScheme of ['light', 'dark'] as const) {
  staffTest(`every page of the back office has nothing to object to, ${colorScheme}`, async ({ staff }) => {
    staffTest.setTimeout(180_000);
    const { page, words, open } = staff;
    await page.emulateMedia({ colorScheme });
    for (const path of [...PLACES, ...MORE_PLACES]) {
      await open(`/${path}`);
      await expect(page.locator('[class*=skeleton]')).toHaveCount(0);
      await expectAccessible(page);
    }
    for (const path of ['orders', 'products', 'coupons', 'customers']) {
      await open(`/${path}`);
      await page.locator('tbody th a').first().click();
      await expect(page).toHaveURL(new RegExp(`/admin/${path}/.+`));
      await expect(page.locator('[class*=skeleton]')).toHaveCount(0);
      await expectAccessible(page);
    }
    await open('/');
    const toTable = page.getByRole('button', { name: words.chart.table }).first();
    await toTable.press('Enter');
    await expect(page.getByRole('table').first()).toBeVisible();
    while (await toTable.isVisible()) await toTable.press('Enter');
    await expectAccessible(page);
  });
}

staffTest('customers stay outside, and staff sign out', async ({ staff, server }) => {
  const { page, words, shop } = staff;
  await staff.press(shop.me.signOut);
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.title })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel(shop.signIn.email).fill('minji@openrun.example');
  await page.getByLabel(shop.signIn.password).fill('openrun-demo');
  await page.getByRole('button', { name: shop.signIn.submit }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.staffOnly })).toBeVisible();
  await page.goto(`${server.baseUrl}/admin/orders`);
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.staffOnly })).toBeVisible();
});

staffTest('a product is made, and its stock adjusted', async ({ staff }) => {
  const { page, words } = staff;
  const sku = `E2E-ADMIN-${Date.now()}`;
  await staff.open('/products/new');
  await staff.press(words.product.create);
  await expect(page.getByText(words.field.valueMissing).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel(words.product.name, { exact: true }).fill('Lantern');
  await page.getByLabel(words.option.name, { exact: true }).fill('Small');
  await page.getByLabel(words.option.sku).fill(sku);
  await page.getByLabel(words.option.price, { exact: true }).fill('12,000');
  await page.getByLabel(words.option.stock).fill('7');
  await staff.press(words.product.create);
  await expect(page.getByRole('heading', { level: 1, name: 'Lantern' })).toBeFocused();
  await page.getByRole('button', { name: words.stock.title.replace('{name}', 'Small') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.stock.delta, { exact: true }).fill('-3');
  await dialog.getByLabel(words.stock.reason, { exact: true }).fill('Broken on the way');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: words.stock.submit }).click();
  await expect(dialog.getByRole('row', { name: /Broken on the way/ })).toContainText('-3');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: new RegExp(sku) })).toContainText('4');
  await staff.open('/trail');
  await expect(page.getByRole('row', { name: /stock\.adjust/ }).first()).toBeVisible();
});

staffTest('a coupon is made, watched and ended', async ({ staff }) => {
  const { page, words } = staff;
  await staff.open('/coupons');
  await staff.press(words.coupons.create);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.coupons.name).fill('Early bird');
  await dialog.getByLabel(words.coupons.amount).fill('5000');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: words.coupons.create }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Early bird' })).toBeVisible();
  await expect(page.getByText(words.couponStatus.open, { exact: true })).toBeVisible();
  await expect(page.getByText(words.issues.none)).toBeVisible();
  await staff.press(words.coupons.end);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.getByRole('alertdialog').getByRole('button', { name: words.coupons.end }).click();
  await staff.notice(words.coupons.ended);
  await expect(page.getByText(words.couponStatus.expired, { exact: true }).first()).toBeVisible();
});

staffTest('an order is refunded, and its timeline tells', async ({ staff }) => {
  const { page, words, shop } = staff;
  await staff.open('/orders?status=paid');
  await page.locator('tbody th a').first().click();
  await staff.press(words.order.refund);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.refund.reason).fill('Changed their mind');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: words.refund.submit }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(shop.status.refunded, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Changed their mind' }).first()).toBeVisible();
});

staffTest('a destination is made, and its secret shown once', async ({ staff }) => {
  const { page, words } = staff;
  const name = `hook-${Date.now()}`;
  await staff.open('/destinations');
  await staff.press(words.destinations.create);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.destinations.name).fill(name);
  await dialog.getByLabel(words.destinations.url).fill('https://example.com/hook');
  await dialog.getByRole('button', { name: words.destinations.create }).click();
  await expect(dialog.getByText(words.destinations.secretOnce)).toBeVisible();
  expect((await dialog.getByLabel(words.destinations.secret).inputValue()).length).toBeGreaterThan(20);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: words.destinations.secretKept }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: words.destinations.turnOffOf.replace('{name}', name) }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.destinations.turnOff }).click();
  await staff.notice(words.destinations.turnedOff.replace('{name}', name));
});

staffTest('a file with bad rows is shown row by row, and a good one comes in', async ({ staff }) => {
  const { page, words } = staff;
  await staff.open('/products/import');
  const bad = 'product,sku,option,price,stock\nBroom,BR-1,One,abc,5\nBroom,,Two,1000,-1\n';
  await page.getByLabel(words.import.choose).setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from(bad) });
  const errors = page.getByRole('table', { name: words.import.errors });
  await expect(errors.getByRole('row').nth(1)).toContainText('price');
  await expect(page.getByRole('button', { name: words.import.submit })).toHaveCount(0);
  await expectAccessible(page);
  const good = `product,sku,option,price,stock\nBroom,BR-${Date.now()},One,1000,5\n`;
  await page.getByLabel(words.import.choose).setInputFiles({ name: 'good.csv', mimeType: 'text/csv', buffer: Buffer.from(good) });
  await expect(page.getByText(words.import.good)).toBeVisible();
  await staff.press(words.import.submit);
  await page.getByRole('alertdialog').getByRole('button', { name: words.import.submit }).click();
  await expect(page.getByRole('link', { name: 'Broom' })).toBeVisible();
});

staffTest('the audit runs, and a balance is charged', async ({ staff }) => {
  const { page, words } = staff;
  await staff.open('/audit');
  await staff.press(words.audit.run);
  await expect(page.getByText(words.audit.addsUp).first()).toBeVisible();
  await staff.open('/customers?search=alex');
  await page.getByRole('link', { name: 'Alex Park' }).click();
  await staff.press(words.charge.open);
  await page.getByRole('dialog').getByLabel(words.charge.amount).fill('3000');
  await page.getByRole('dialog').getByRole('button').last().click();
  await expect(page.getByRole('cell', { name: '+₩3,000' }).first()).toBeVisible();
});
