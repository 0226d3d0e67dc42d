/** A session that ends in the middle of a page. */
import adminEn from '../src/admin/i18n/en.json' with { type: 'json' };
import adminKo from '../src/admin/i18n/ko.json' with { type: 'json' };
import { expect, test } from './support/shop.ts';

const SESSION_COOKIE = /session/;
const PASSWORD = 'openrun-staff';

test('staff sign in again above what they were typing, and go on', async ({ page, context, server, locale }) => {
  await page.goto(`${server.baseUrl}/admin/products/new`);
  const words = locale?.startsWith('ko') === true ? adminKo : adminEn;
  const password = page.locator('input[type=password]');
  const enter = async (): Promise<void> => {
    await password.fill(PASSWORD);
    await password.press('Enter');
    await expect(password).toBeHidden();
  };
  await page.locator('input[type=email]').fill('staff@openrun.example');
  await enter();
  const name = page.getByLabel(words.product.name, { exact: true }).first();
  await name.fill('Typed and kept');
  await page.getByLabel(words.option.name, { exact: true }).fill('One');
  await page.getByLabel(words.option.sku, { exact: true }).fill('KEPT-1');
  await page.getByLabel(words.option.price, { exact: true }).fill('1000');
  await context.clearCookies({ name: SESSION_COOKIE });
  await name.press('Enter');
  const dialog = page.locator('dialog[open]');
  await expect(dialog).toBeVisible();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await expect(dialog.locator('input[type=email]')).toHaveValue('staff@openrun.example');
  await enter();
  await expect(dialog).toHaveCount(0);
  await expect(name).toHaveValue('Typed and kept');
  await name.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Typed and kept' })).toBeVisible();
});

test('a customer does so, too, and whoever leaves sees nothing of it', async ({ page, context, server }) => {
  await page.goto(`${server.baseUrl}/shop/sign-in?next=/balance`);
  const password = page.locator('input[type=password]');
  await page.locator('input[type=email]').fill('minji@openrun.example');
  await password.fill('openrun-demo');
  await password.press('Enter');
  const amount = page.locator('input[inputmode=numeric]');
  await amount.fill('12345');
  await context.clearCookies({ name: SESSION_COOKIE });
  await amount.press('Enter');
  const dialog = page.locator('dialog[open]');
  await dialog.locator('input[type=password]').fill('openrun-demo');
  await dialog.locator('input[type=password]').press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(amount).toHaveValue('12345');
  await context.clearCookies({ name: SESSION_COOKIE });
  await amount.press('Enter');
  await dialog.getByRole('button').last().click();
  await expect(dialog).toHaveCount(0);
  await expect(amount).toHaveCount(0);
});
