/** Every page, to screen readers and keyboards: in both languages by the projects, and in both lights here. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, makeProduct, test, type Visitor } from './support/shop.ts';

async function expectAccessible({ page }: Visitor): Promise<void> {
  // Fonts and fades change what is measured.
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(100);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page has nothing to object to, ${colorScheme}`, async ({ visitor, server }) => {
    test.setTimeout(180_000);
    const { page, words, open, button } = visitor;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of ['/', '/?search=nothing+of+the+kind', '/coupons', '/basket', '/orders', '/me', '/sign-in', '/nowhere']) {
      await open(path);
      await expect(page.locator('[class*=skeleton]')).toHaveCount(0);
      await expectAccessible(visitor);
    }
    await open('/sign-up');
    await button(words.signUp.submit).click();
    await expect(page.getByText(words.signUp.nameMissing)).toBeVisible();
    await expectAccessible(visitor);

    await visitor.signUp('/balance');
    await visitor.charge(100_000);
    await expectAccessible(visitor);
    const goods = await makeProduct(server, { name: 'Stool', price: 3000, stock: 5 });
    const gone = await makeProduct(server, { name: 'Bench', price: 3000, stock: 0 });
    for (const { productId } of [goods, gone]) {
      await open(`/products/${productId}`);
      await expectAccessible(visitor);
    }
    await open('/coupons');
    await page.getByRole('button', { name: words.coupons.claim }).last().click();
    await expect(page.getByRole('article').getByRole('status').first()).toBeVisible();
    await expectAccessible(visitor);
    await open(`/products/${goods.productId}`);
    await button(words.product.add).click();
    await open('/basket');
    await expect(page.getByRole('link', { name: 'Stool' })).toBeVisible();
    await expectAccessible(visitor);
    await open('/checkout');
    await expect(page.getByRole('link', { name: 'Stool' })).toBeVisible();
    await expectAccessible(visitor);
    await page.getByRole('complementary').getByRole('button').click();
    await expect(page.getByRole('timer')).toBeVisible();
    await expectAccessible(visitor);
    await page.goto(page.url().replace('/pay', ''));
    await button(words.order.cancel).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectAccessible(visitor);
    await page.keyboard.press('Escape');
    await open('/orders');
    await expectAccessible(visitor);
    await open('/me');
    await expectAccessible(visitor);
  });
}

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
