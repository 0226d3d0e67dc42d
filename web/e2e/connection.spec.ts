/** What the pages do, and say, while the way to the server is worse than usual. */
import { goToPayment, makeUmbrellas } from './support/purchase.ts';
import { changeStock, expect, makeProduct } from './support/shop.ts';
import { expectTiles, type Staff, test } from './support/staff.ts';

const STREAM = '**/dashboard/stream';

const sourceOf = ({ page, words }: Staff, source: keyof Staff['words']['dashboard']['source']) =>
  page.getByRole('status').getByText(words.dashboard.source[source], { exact: true });

test('a dashboard that is refused a stream asks by itself, and takes the stream when there is one', async ({ staff, server }) => {
  const { page, words } = staff;
  await page.clock.install();
  // A refusal, as of one listener too many: the browser does not ask for the stream again.
  await page.route(STREAM, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }));
  await staff.open('/');
  await expect(sourceOf(staff, 'polling')).toBeVisible();
  const before = await staff.tiles();
  const { optionId } = await makeProduct(server, { name: 'Whistle', price: 1000, stock: 1 });
  await server.customer('whistler', 'POST', '/orders', { lines: [{ optionId, quantity: 1 }] });
  await expectTiles(staff, before, { [words.dashboard.ordersToday]: 1, [words.dashboard.soldOut]: 1 });
  await expect(sourceOf(staff, 'polling')).toBeVisible();

  await page.unroute(STREAM);
  await page.clock.fastForward('00:40');
  await expect(sourceOf(staff, 'stream')).toBeVisible();
});

test('a dashboard whose stream breaks off asks by itself, and is live again afterwards', async ({ staff }) => {
  const { page } = staff;
  await page.route(STREAM, (route) => route.abort('connectionreset'));
  await staff.open('/');
  await expect(sourceOf(staff, 'polling')).toBeVisible();
  await page.unroute(STREAM);
  await expect(sourceOf(staff, 'stream')).toBeVisible();
});

test('the back office says that it is offline, and goes on afterwards', async ({ staff, server, context }) => {
  const { page, shop, words } = staff;
  // The browser's idea of being offline leaves a stream that flows alone; a network that is gone does not.
  await page.route(STREAM, (route) => route.abort('internetdisconnected'));
  await staff.open('/');
  await expect(sourceOf(staff, 'polling')).toBeVisible();
  const before = await staff.tiles();
  await context.setOffline(true);
  await expect(page.getByText(shop.state.offline)).toBeVisible();
  await expect(sourceOf(staff, 'broken')).toBeVisible();
  const { optionId } = await makeProduct(server, { name: 'Torch', price: 1000, stock: 1 });
  await server.customer('keeper', 'POST', '/orders', { lines: [{ optionId, quantity: 1 }] });
  await page.unroute(STREAM);
  await context.setOffline(false);
  await expect(page.getByText(shop.state.offline)).toHaveCount(0);
  await expect(sourceOf(staff, 'stream')).toBeVisible();
  await expectTiles(staff, before, { [words.dashboard.ordersToday]: 1, [words.dashboard.soldOut]: 1 });
});

test('a product page says that it is offline, and catches up afterwards', async ({ visitor, server, context }) => {
  const { page, words, open, button } = visitor;
  const goods = await makeProduct(server, { name: 'Raft', price: 5000, stock: 3 });
  await open(`/products/${goods.productId}`);
  await expect(page.getByRole('radio')).toContainText('3');
  await context.setOffline(true);
  await expect(page.getByText(words.state.offline)).toBeVisible();
  await changeStock(server, goods, -3);
  await expect(button(words.product.buy)).toBeEnabled();
  await context.setOffline(false);
  await expect(page.getByText(words.state.offline)).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveText(words.product.allSoldOut);
  await expect(button(words.product.buy)).toHaveCount(0);
});

test('beside a question that is open, it is still said that the device is offline', async ({ visitor, server, context }) => {
  const { page, words, button } = visitor;
  await goToPayment(visitor, await makeUmbrellas(server));
  await page.goto(page.url().replace('/pay', ''));
  await button(words.order.cancel).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByRole('status').filter({ hasText: words.state.offline })).toBeVisible();
  await expect(page.getByRole('alertdialog')).toBeVisible();
});
