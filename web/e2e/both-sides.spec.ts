/** Customers and staff at the same time: what one side does, the other one sees. */
import { expectPaid, makeUmbrellas } from './support/purchase.ts';
import { expect } from './support/shop.ts';
import { expectTiles, type Staff, test } from './support/staff.ts';

/** Refunds the order in front of `staff`; where `units` are given, so many of its first line. */
async function refund({ page, words, press }: Staff, units: number | null): Promise<void> {
  await press(words.order.refund);
  const dialog = page.getByRole('dialog');
  if (units !== null) {
    await dialog.getByLabel(words.refund.extent).selectOption(words.refund.lines);
    await dialog.getByRole('spinbutton').fill(String(units));
  }
  await dialog.getByLabel(words.refund.reason).fill('It leaks');
  await dialog.getByRole('button', { name: words.refund.submit }).click();
  await expect(dialog).toBeHidden();
}

test('what staff refund, the customer finds in order, balance and history', async ({ visitor, server, colleague }) => {
  const { page, words, open, button } = visitor;
  const { productId } = await makeUmbrellas(server);
  await visitor.signUp('/me');
  await visitor.charge(100_000);
  await open(`/products/${productId}`);
  await page.getByRole('button', { name: words.quantity.more.replace('{what}', '') }).click();
  await button(words.product.buy).click();
  await button(words.checkout.order.replace('{total}', '₩16,000')).click();
  await button(words.pay.pay.replace('{total}', '₩16,000')).click();
  await expectPaid(visitor);
  await colleague.open(new URL(page.url()).pathname.replace('/shop', ''));

  // From here on the customer's page is never loaded anew: they only walk from place to place.
  const go = (place: string) => page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).first().click();
  await refund(colleague, 1);
  await go(words.place.orders);
  await page.getByRole('link', { name: words.status.partiallyRefunded }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.partiallyRefunded);
  await go(words.place.me);
  await page.getByRole('link', { name: words.me.charge }).click();
  await expect(page.getByText('₩92,000').first()).toBeVisible();
  const entries = page.getByRole('region', { name: words.balance.history }).getByRole('listitem');
  await expect(entries.first()).toContainText(words.balance.refund);
  await expect(entries.first()).toContainText('+₩8,000');

  await refund(colleague, null);
  await go(words.place.orders);
  await page.getByRole('link', { name: words.status.refunded, exact: false }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.refunded);
  await go(words.place.me);
  await page.getByRole('link', { name: words.me.charge }).click();
  await expect(page.getByText('₩100,000').first()).toBeVisible();
  await expect(entries.filter({ hasText: '+₩8,000' })).toHaveCount(2);
});

test('the dashboard follows a newcomer from the first claim to the payment, and is never loaded anew', async ({
  visitor,
  server,
  colleague,
}) => {
  const { page, words, open } = visitor;
  const { words: staffWords, page: dashboard } = colleague;
  const { ordersToday, paymentsToday, holds, revenueToday, couponTitle } = staffWords.dashboard;
  await expect(dashboard.getByText(staffWords.dashboard.source.stream, { exact: true })).toBeVisible();
  await dashboard.getByRole('button', { name: staffWords.chart.tableOf.replace('{title}', couponTitle) }).click();
  const welcome = dashboard.getByRole('table', { name: couponTitle }).getByRole('row').filter({ hasText: 'Opening 10%' });
  const issued = async () => Number((await welcome.getByRole('cell').nth(1).innerText()).replaceAll(',', ''));
  let loads = 0;
  dashboard.on('framenavigated', () => {
    loads += 1;
  });

  await visitor.signUp('/me');
  await visitor.charge(100_000);
  const issuedBefore = await issued();
  const before = await colleague.tiles();
  await open('/coupons');
  await page.getByRole('article').filter({ hasText: 'Opening 10%' }).getByRole('button', { name: words.coupons.claim }).click();
  await expect.poll(issued).toBe(issuedBefore + 1);

  const { productId } = await makeUmbrellas(server);
  await open(`/products/${productId}`);
  await visitor.button(words.product.add).click();
  await open('/basket');
  await page.getByRole('link', { name: words.basket.checkout }).click();
  await visitor.button(words.checkout.order.replace('{total}', '₩7,200')).click();
  await expectTiles(colleague, before, { [ordersToday]: 1, [paymentsToday]: 0, [holds]: 1, [revenueToday]: 0 });
  await visitor.button(words.pay.pay.replace('{total}', '₩7,200')).click();
  await expectPaid(visitor);
  await expectTiles(colleague, before, { [ordersToday]: 1, [paymentsToday]: 1, [holds]: 0, [revenueToday]: 7200 });
  expect(loads).toBe(0);
});
