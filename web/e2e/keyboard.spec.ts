/** The shop without a mouse, and as somebody likes to have it. */
import { expect, makeProduct, test } from './support/shop.ts';

test('a purchase needs no mouse', async ({ visitor, server }) => {
  const { page, words, open } = visitor;
  const goods = await makeProduct(server, { name: 'Needle', price: 1000, stock: 5 });
  await visitor.signUp('/me');
  await visitor.charge(5000);
  await open(`/products/${goods.productId}`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: words.shop.skip })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: words.product.buy }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('complementary').getByRole('button').press('Enter');
  await expect(page.getByRole('timer')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('button', { name: words.pay.pay.replace('{total}', '₩1,000') }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('language and light are changed in place and remembered', async ({ visitor }) => {
  const { page, open } = visitor;
  await open('/me');
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeVisible();
  await page.getByRole('radio', { name: '한국어' }).click();
  await page.getByRole('radio', { name: '어둡게' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(17, 19, 21)');
});
