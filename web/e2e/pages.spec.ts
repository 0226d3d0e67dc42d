/** Every page of the shop and of the back office has nothing that axe objects to; see `AxeOptions` for how it is looked at. */
import type { Page } from '@playwright/test';
import { test } from './support/axe.ts';
import { expect, makeProduct } from './support/shop.ts';
import type { Staff } from './support/staff.ts';

test.setTimeout(240_000);

const OPEN_TO_ALL = ['/', '/?search=nothing+of+the+kind', '/coupons', '/basket', '/orders', '/me', '/sign-in', '/nowhere'];

test('every page of the shop for those who are not signed in', async ({ visitor, server, look }) => {
  const { page, words, open, button } = visitor;
  for (const path of OPEN_TO_ALL) {
    await open(path);
    await look(page);
  }
  await open('/sign-up');
  await button(words.signUp.submit).click();
  await expect(page.getByText(words.signUp.nameMissing)).toBeVisible();
  await look(page);
  for (const stock of [5, 0]) {
    const { productId } = await makeProduct(server, { name: 'Stool', price: 3000, stock });
    await open(`/products/${productId}`);
    await look(page);
  }
});

test('every page of the shop on the way of a purchase', async ({ visitor, server, look }) => {
  const { page, words, open, button } = visitor;
  await visitor.signUp('/balance');
  await look(page);
  await visitor.charge(100_000);
  await look(page);
  await open('/coupons');
  await page.getByRole('button', { name: words.coupons.claim }).last().click();
  await expect(page.getByRole('article').getByRole('status').first()).toBeVisible();
  await look(page);
  const goods = await makeProduct(server, { name: 'Bench', price: 3000, stock: 5 });
  await open(`/products/${goods.productId}`);
  await button(words.product.add).click();
  for (const path of ['/basket', '/checkout']) {
    await open(path);
    await expect(page.getByRole('link', { name: 'Bench' })).toBeVisible();
    await look(page);
  }
  await page.getByRole('complementary').getByRole('button').click();
  await expect(page.getByRole('timer')).toBeVisible();
  await look(page);
  const payment = page.url();
  await page.goto(payment.replace('/pay', ''));
  await button(words.order.cancel).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await look(page);
  await page.goto(payment);
  await page.getByRole('complementary').getByRole('button').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await look(page);
  for (const path of ['/orders', '/me', '/balance']) {
    await open(path);
    await look(page);
  }
});

const PLACES = ['', 'orders', 'products', 'products/new', 'products/import', 'coupons', 'customers', 'deliveries', 'destinations'];
const MORE_PLACES = ['ranking', 'audit', 'trail', 'nowhere'];

test('every page of the back office', async ({ staff, look }) => {
  const { page, words, open } = staff;
  for (const path of [...PLACES, ...MORE_PLACES]) {
    await open(`/${path}`);
    await look(page);
  }
  for (const path of ['orders', 'products', 'coupons', 'customers']) {
    await open(`/${path}`);
    await page.locator('tbody th a').first().click();
    await expect(page).toHaveURL(new RegExp(`/admin/${path}/.+`));
    await look(page);
  }
  await open('/');
  const toTable = page.getByRole('button', { name: words.chart.table }).first();
  await toTable.press('Enter');
  await expect(page.getByRole('table').first()).toBeVisible();
  while (await toTable.isVisible()) await toTable.press('Enter');
  await look(page);
});

test('every dialog of the back office', async ({ staff, server, look }) => {
  const hook = `axe-${Date.now()}`;
  await server.staff('POST', '/destinations', {
    name: hook,
    kind: 'webhook',
    url: 'https://hook.invalid/',
    eventTypes: ['order.cancelled'],
  });
  for (const [path, trigger] of dialogsOf(staff, hook)) {
    await staff.open(path);
    await staff.page.getByRole('button', { name: trigger, exact: true }).first().click();
    await expect(staff.page.getByRole('dialog')).toBeVisible();
    await look(staff.page);
  }
  await staff.open('/deliveries');
  await openFirstDelivery(staff.page);
  await look(staff.page);
});

test('the door of the back office', async ({ staff, look }) => {
  const { page, words, shop } = staff;
  await staff.press(shop.me.signOut);
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.title })).toBeVisible();
  await look(page);
  await page.getByLabel(shop.signIn.email).fill('minji@openrun.example');
  await page.getByLabel(shop.signIn.password).fill('openrun-demo');
  await page.getByRole('button', { name: shop.signIn.submit }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.signIn.staffOnly })).toBeVisible();
  await look(page);
});

/** Pages, and the buttons on them that open a dialog. */
function dialogsOf({ words }: Staff, hook: string): [path: string, trigger: string][] {
  return [
    ['/orders', words.export.open],
    ['/coupons', words.coupons.create],
    ['/deliveries', words.replay.open],
    ['/destinations', words.destinations.create],
    ['/destinations', words.destinations.rotateTitle.replace('{name}', hook)],
    ['/destinations', words.destinations.change.replace('{name}', hook)],
  ];
}

async function openFirstDelivery(page: Page): Promise<void> {
  await page.locator('tbody').getByRole('button').first().click();
  await expect(page.getByRole('dialog').getByRole('table')).toBeVisible();
}
