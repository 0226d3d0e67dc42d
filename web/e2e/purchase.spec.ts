/** The whole way: sign-up, charge, claim, basket, order, pay, history. */
import { expect, test } from './support/shop.ts';

test('a newcomer charges, claims, orders, pays, and finds it all again', async ({ visitor }) => {
  const { page, words, open, button, heading } = visitor;
  await visitor.signUp('/balance');
  await visitor.charge(500_000);

  await open('/coupons');
  const welcome = page.getByRole('article').filter({ hasText: 'Opening 10%' });
  await welcome.getByRole('button', { name: words.coupons.claim }).click();
  await expect(welcome.getByText(/13|14|15|16|17|18|19|2\d/).first()).toBeVisible();
  await expect(welcome.getByRole('button', { name: words.coupons.claim })).toHaveCount(0);

  await open('/');
  await page.getByRole('searchbox').fill('TEE-TWO');
  await expect(page).toHaveURL(/search=TEE-TWO/);
  await page
    .getByRole('link', { name: /Two-line tee/ })
    .last()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: /Two-line tee/ })).toBeFocused();
  await page.getByRole('radio', { name: /^M/ }).click();
  await button(words.product.add).click();

  await open('/basket');
  await page.reload();
  await expect(page.getByRole('link', { name: /Two-line tee/ })).toBeVisible();
  await page.getByRole('button', { name: words.quantity.more.replace('{what}', '') }).click();
  await expect(page.getByText('70,000').last()).toBeVisible();
  await page.getByRole('link', { name: words.basket.checkout }).click();

  // The best coupon is proposed, and what it saves is shown before anything is ordered.
  await expect(page.getByRole('term').filter({ hasText: words.checkout.saving })).toBeVisible();
  await button(words.checkout.order.replace('{total}', '₩63,000')).click();
  await expect(heading(words.pay.title)).toBeVisible();
  await expect(page.getByRole('timer', { name: words.pay.timeLeft })).toHaveText(/^9:\d\d$/);
  await button(words.pay.pay.replace('{total}', '₩63,000')).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await open('/orders');
  await expect(page.getByRole('link', { name: words.status.paid })).toBeVisible();
  await open('/balance');
  await expect(page.getByText('₩437,000').first()).toBeVisible();
  await expect(page.getByText('−₩63,000')).toBeVisible();
  await open('/basket');
  await expect(page.getByText(words.basket.empty)).toBeVisible();
});

test('what is missing is charged on the spot', async ({ visitor }) => {
  const { page, words, open, button } = visitor;
  await visitor.signUp('/me');
  await open('/?search=PAP-GRID');
  await page
    .getByRole('link', { name: /Grid notebook/ })
    .last()
    .click();
  await page.getByRole('radio', { name: /A5/ }).click();
  await button(words.product.buy).click();
  await button(words.checkout.order.replace('{total}', '₩9,000')).click();
  await expect(page.getByText(words.pay.missing, { exact: true })).toBeVisible();
  await button(words.charge.chargeAmount.replace('{amount}', '₩9,000')).click();
  await expect(button(words.pay.pay.replace('{total}', '₩9,000'))).toBeFocused();
  await button(words.pay.pay.replace('{total}', '₩9,000')).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
});

test('an order is cancelled after a question, and lets go of what it held', async ({ visitor }) => {
  const { page, words, open, button } = visitor;
  await visitor.signUp('/me');
  await open('/?search=PAP-BOOKMARK');
  await page
    .getByRole('link', { name: /Gap bookmark/ })
    .last()
    .click();
  await button(words.product.buy).click();
  await button(words.checkout.order.replace('{total}', '₩12,000')).click();
  await expect(page.getByRole('timer')).toBeVisible();
  await page.goto(page.url().replace('/pay', ''));
  await button(words.order.cancel).click();
  await expect(page.getByRole('alertdialog')).toContainText(words.order.cancelTitle);
  await page.getByRole('alertdialog').getByRole('button', { name: words.order.keep }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await button(words.order.cancel).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.order.cancel }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.cancelled);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('signing out leaves nothing of the customer behind', async ({ visitor }) => {
  const { page, words, open, button } = visitor;
  await visitor.signUp('/me');
  await expect(page.getByText('이하나')).toBeVisible();
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await button(words.me.signOut).click();
  await expect(page.getByText(words.signIn.first)).toBeVisible();
  await open('/orders');
  await expect(page.getByText(words.signIn.first)).toBeVisible();
  await page.getByRole('link', { name: words.signIn.signUp }).click();
  await expect(page).toHaveURL(/\/shop\/sign-up\?next=%2Forders$/);
});
