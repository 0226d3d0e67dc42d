/** What changes while somebody looks: stock that runs out, a hold that ends, a coupon that opens. */

import { startServer } from './support/server.ts';
import { changeStock, en, expect, ko, listen, makeProduct, test, visit } from './support/shop.ts';

test('an option that sells out while it is looked at says so, and cannot be bought', async ({ visitor, server }) => {
  const { page, words, open, button } = visitor;
  const goods = await makeProduct(server, { name: 'Lantern', price: 5000, stock: 2 });
  await open(`/products/${goods.productId}`);
  await expect(page.getByRole('radio')).toContainText('2');
  await expect(button(words.product.buy)).toBeEnabled();
  await changeStock(server, goods, -2);
  await expect(page.getByRole('alert')).toHaveText(words.product.allSoldOut);
  await expect(page.getByRole('radio')).toBeDisabled();
  await expect(button(words.product.buy)).toHaveCount(0);
  await changeStock(server, goods, 1);
  await expect(button(words.product.buy)).toBeEnabled();
});

test('an order for more than there is by now is refused with the number that is left', async ({ visitor, server }) => {
  const { page, words, open, button } = visitor;
  const goods = await makeProduct(server, { name: 'Kite', price: 5000, stock: 1 });
  await visitor.signUp('/me');
  await open(`/checkout?product=${goods.productId}&option=${goods.optionId}&quantity=1`);
  const order = button(words.checkout.order.replace('{total}', '₩5,000'));
  await expect(order).toBeEnabled();
  // The page's picture of the catalogue stands still, as it does for as long as a public read may lag.
  await page.route('**/products/*', (route) => route.abort());
  await changeStock(server, goods, -1);
  await order.click();
  await expect(page.getByRole('alert')).toHaveText(words.problem.OUT_OF_STOCK.replace('{units, number}', '0'));
  await expect(page).toHaveURL(/checkout/);
});

test('a coupon opens on time, and its last one is won by the first tap', async ({ visitor, server }) => {
  const { page, words, open } = visitor;
  await visitor.signUp('/coupons');
  const name = `Opens soon ${Date.now()}`;
  const startsAt = new Date(Date.now() + 6000).toISOString();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await server.staff('POST', '/coupons', { name, discount: { type: 'fixed', amount: 1000 }, quantity: 1, startsAt, expiresAt });
  await open('/coupons');
  const ticket = page.getByRole('article').filter({ hasText: name });
  await expect(ticket.getByRole('button')).toBeDisabled();
  await expect(ticket.getByRole('timer')).toHaveText(/^0:0\d$/);
  const claim = ticket.getByRole('button', { name: words.coupons.claim });
  await expect(claim).toBeEnabled();
  expect(Math.abs(Date.now() - Date.parse(startsAt))).toBeLessThan(1500);
  await claim.click();
  await expect(ticket.getByRole('status')).toContainText(words.coupons.won.includes('받았') ? '1번째' : 'number 1');
  await page.reload();
  await expect(ticket.getByRole('status')).toContainText('1');
});

test('who comes too late for a coupon is told so', async ({ visitor, server }) => {
  const { page, words, open } = visitor;
  await visitor.signUp('/coupons');
  const name = `Only one ${Date.now()}`;
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const coupon = await server.staff('POST', '/coupons', { name, discount: { type: 'percent', percent: 5 }, quantity: 1, expiresAt });
  await open('/coupons');
  const ticket = page.getByRole('article').filter({ hasText: name });
  await expect(ticket.getByRole('button', { name: words.coupons.claim })).toBeEnabled();
  // The list stands still, so that the tap comes before the page knows.
  await page.route('**/coupons?*', (route) => route.abort());
  const id = typeof coupon === 'object' && coupon !== null && 'id' in coupon ? String(coupon.id) : '';
  await server.staff('POST', `/coupons/${id}/issue`);
  await ticket.getByRole('button').click();
  await expect(ticket.getByRole('alert')).toHaveText(words.problem.COUPON_SOLD_OUT);
});

test('a hold that ends in front of one’s eyes lets go, and says so', async ({ page, locale }) => {
  test.setTimeout(120_000);
  const server = await startServer({ ORDER_TTL_SECONDS: '6', CHARGE_POLICY: 'staff' });
  try {
    const complaints = listen(page, server.baseUrl);
    const visitor = visit(page, server.baseUrl, locale?.startsWith('ko') === true ? ko : en);
    const { words, open, button } = visitor;
    const goods = await makeProduct(server, { name: 'Kettle', price: 7000, stock: 1 });
    await visitor.signUp('/me');
    await open(`/checkout?product=${goods.productId}&option=${goods.optionId}&quantity=1`);
    await button(words.checkout.order.replace('{total}', '₩7,000')).click();
    await expect(page.getByRole('timer')).toHaveText(/^0:0[1-6]$/);
    await expect(page.getByText(words.pay.staffCharge)).toBeVisible();
    await expect(page.getByRole('alert')).toContainText(words.pay.expiredText);
    await expect(page.getByRole('timer')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await page.getByRole('link', { name: words.pay.seeOrder }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.expired);
    await open(`/products/${goods.productId}`);
    await expect(button(words.product.buy)).toBeEnabled();
    expect(complaints).toEqual([]);
  } finally {
    await server.stop();
  }
});
