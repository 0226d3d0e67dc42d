/** The back office as staff use it, from the door to the trail. */
import { expectAccessible } from './support/axe.ts';
import { buyOne, gatherCrowd } from './support/crowd.ts';
import { makeUmbrellas, PRICE } from './support/purchase.ts';
import { expect, isKorean, textAt } from './support/shop.ts';
import { signIn, test } from './support/staff.ts';

test('customers stay outside, and staff sign out', async ({ staff, server }) => {
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

test('nothing of the dashboard is loaded for those before the door', async ({ page, server, locale }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  const ofDashboard = () => loaded.filter((url) => /\/dashboard/.test(url));
  await page.goto(`${server.baseUrl}/admin`);
  await expect(page.locator('input[type=password]')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(ofDashboard()).toEqual([]);
  const staff = await signIn(page, server.baseUrl, isKorean(locale));
  expect(ofDashboard()).toContainEqual(expect.stringContaining('/dashboard-page-'));
  await staff.press(staff.shop.me.signOut);
  await page.getByLabel(staff.shop.signIn.email).fill('staff@openrun.example');
  await page.getByLabel(staff.shop.signIn.password).fill('openrun-staff');
  await page.getByRole('button', { name: staff.shop.signIn.submit }).click();
  await expect(page.getByText(staff.words.dashboard.source.stream, { exact: true })).toBeVisible();
});

test('a product is made, and its stock adjusted', async ({ staff }) => {
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
  await expect(dialog.getByRole('row', { name: /Broken on the way/ })).toContainText('−3');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: new RegExp(sku) })).toContainText('4');
  await staff.open('/trail');
  await expect(page.getByRole('row', { name: /stock\.adjust/ }).first()).toBeVisible();
});

test('a coupon is made, watched and ended', async ({ staff }) => {
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

test('an order is refunded, and its timeline tells', async ({ staff }) => {
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

test('a destination is made, and its secret shown once', async ({ staff }) => {
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

test('a file with bad rows is shown row by row, and a good one comes in', async ({ staff }) => {
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

test('the audit runs, and a balance is charged', async ({ staff }) => {
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

test('a delivery is made again, and its log tells', async ({ staff, server }) => {
  const { page, words } = staff;
  const { optionId } = await makeUmbrellas(server);
  await buyOne(server, (await gatherCrowd(server, 'listener', 1, PRICE))[0] ?? '', optionId);
  await staff.open('/deliveries?type=order.paid');
  const dialog = page.getByRole('dialog');
  const attempts = dialog.getByRole('table', { name: words.deliveries.attempts }).locator('tbody').getByRole('row');
  /** Opens the newest delivery until so many attempts stand in its log. */
  const expectAttempts = (count: number): Promise<void> =>
    expect(async () => {
      await page.keyboard.press('Escape');
      await page.locator('tbody').getByRole('button').first().click();
      await expect(attempts).toHaveCount(count, { timeout: 1000 });
    }).toPass({ timeout: 20_000 });
  await expectAttempts(1);
  await dialog.getByRole('button', { name: words.deliveries.replay }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.deliveries.replay }).click();
  await staff.notice(words.deliveries.replayed);
  await expect(dialog, 'which the notice stands beside').toBeVisible();
  await expectAttempts(2);
});

test('a secret is replaced, and the new one shown once', async ({ staff, server }) => {
  const { page, words } = staff;
  const name = `rotated-${Date.now()}`;
  const made = await server.staff('POST', '/destinations', {
    name,
    kind: 'webhook',
    url: 'https://hook.invalid/',
    eventTypes: ['order.cancelled'],
  });
  await staff.open('/destinations');
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).not.toContainText(words.destinations.previousSecret);
  await row.getByRole('button', { name: words.destinations.rotateTitle.replace('{name}', name) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.destinations.overlap).fill('2');
  await dialog.getByRole('button', { name: words.destinations.rotate }).click();
  await expect(dialog.getByText(words.destinations.secretOnce)).toBeVisible();
  const secret = await dialog.getByLabel(words.destinations.secret).inputValue();
  expect(secret).toMatch(/^whsec_/);
  expect(secret).not.toBe(textAt(made, 'secret'));
  await dialog.getByRole('button', { name: words.destinations.secretKept }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText(words.destinations.previousSecret);
  // Nowhere else, then or later: neither on the page nor in what it loads.
  expect(await page.content()).not.toContain(secret);
  expect(JSON.stringify(await server.staff('GET', '/destinations'))).not.toContain(secret);
  await row.getByRole('button', { name: words.destinations.rotateTitle.replace('{name}', name) }).click();
  await expect(dialog.getByLabel(words.destinations.overlap)).toBeVisible();
  await expect(dialog.getByText(words.destinations.secretOnce)).toHaveCount(0);
});
