/** Nothing is bought twice: double taps, reloads, lost answers, servers that do not know. */
import type { Page, Route } from '@playwright/test';
import {
  BALANCE,
  expectOnePurchase,
  expectPaid,
  goToCheckout,
  goToPayment,
  makeUmbrellas,
  orderButton,
  PRICE,
  payButton,
} from './support/purchase.ts';
import { expect, makeProduct, test, type Visitor } from './support/shop.ts';

/** Notes the keys of all requests to `path`, and lets `handle` decide what becomes of each. */
async function keysOf(page: Page, path: string, handle: (route: Route, count: number) => Promise<void>): Promise<string[]> {
  const keys: string[] = [];
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    await handle(route, keys.length);
  });
  return keys;
}

/** Claims the coupon that takes a tenth off any order. */
async function claimWelcome({ open, page, words }: Visitor): Promise<void> {
  await open('/coupons');
  const welcome = page.getByRole('article').filter({ hasText: 'Opening 10%' });
  await welcome.getByRole('button', { name: words.coupons.claim }).click();
  await expect(welcome.getByRole('status')).toBeVisible();
}

test('a double tap orders once and pays once', async ({ visitor, server }) => {
  await goToCheckout(visitor, await makeUmbrellas(server));
  await orderButton(visitor).dblclick();
  await expect(payButton(visitor)).toBeVisible();
  await payButton(visitor).dblclick();
  await expectPaid(visitor);
  await expectOnePurchase(visitor);
});

test('a reload in the middle of a payment that got through finds it paid', async ({ visitor, server }) => {
  const { page } = visitor;
  await goToPayment(visitor, await makeUmbrellas(server));
  const arrived = Promise.withResolvers<undefined>();
  await keysOf(page, '/payments', async (route) => {
    // The server does it, and the answer never comes.
    await route.fetch();
    arrived.resolve(undefined);
  });
  await payButton(visitor).click();
  await arrived.promise;
  await page.reload();
  await expectPaid(visitor);
  await expectOnePurchase(visitor);
});

test('a reload in the middle of a payment that got lost repeats it with its key', async ({ visitor, server }) => {
  const { page, words, button } = visitor;
  await goToPayment(visitor, await makeUmbrellas(server));
  const left = Promise.withResolvers<undefined>();
  const keys = await keysOf(page, '/payments', async (route, count) => {
    if (count > 1) return route.continue();
    left.resolve(undefined);
  });
  await payButton(visitor).click();
  await left.promise;
  await page.reload();
  await expect(page.getByText(words.pay.unheard)).toBeVisible();
  await button(words.pay.ask).click();
  await expectPaid(visitor);
  expect(keys.length).toBe(2);
  expect(new Set(keys).size).toBe(1);
  await expectOnePurchase(visitor);
});

test('a reload in the middle of an order goes on with the same order, and its coupon', async ({ visitor, server }) => {
  const { page, words } = visitor;
  const goods = await makeProduct(server, { name: 'Parasol', price: PRICE, stock: 50 });
  await visitor.signUp('/coupons');
  await visitor.charge(BALANCE);
  await claimWelcome(visitor);
  await visitor.open(`/checkout?product=${goods.productId}&option=${goods.optionId}&quantity=1`);
  const arrived = Promise.withResolvers<undefined>();
  const keys = await keysOf(page, '/orders', async (route, count) => {
    if (count > 1) return route.continue();
    await route.fetch();
    arrived.resolve(undefined);
  });
  await visitor.button(words.checkout.order.replace('{total}', '₩7,200')).click();
  await arrived.promise;
  await page.reload();
  await visitor.button(words.pay.pay.replace('{total}', '₩7,200')).click();
  await expectPaid(visitor);
  expect(keys.length).toBe(2);
  expect(new Set(keys).size).toBe(1);
  await visitor.open('/orders');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
});

test('an unknown outcome, a busy server and a lost answer are asked again with the same key', async ({ visitor, server }) => {
  const { page } = visitor;
  await goToPayment(visitor, await makeUmbrellas(server));
  const problem = (code: string) => ({
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: `/problems/${code}`, title: code, status: 503, detail: '', instance: '/payments', code }),
  });
  const keys = await keysOf(page, '/payments', async (route, count) => {
    if (count === 1) return route.fulfill(problem('OVERLOADED'));
    if (count === 2) {
      // It happened, but nobody says so.
      await route.fetch();
      return route.fulfill(problem('OUTCOME_UNKNOWN'));
    }
    if (count === 3) return route.abort('connectionreset');
    return route.continue();
  });
  await payButton(visitor).click();
  await expectPaid(visitor);
  expect(keys.length).toBe(4);
  expect(new Set(keys).size).toBe(1);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await expectOnePurchase(visitor);
});

test('while offline nothing is lost, and it goes on afterwards', async ({ visitor, server, context }) => {
  const { page, words } = visitor;
  await goToPayment(visitor, await makeUmbrellas(server));
  await context.setOffline(true);
  await expect(page.getByText(words.state.offline)).toBeVisible();
  await payButton(visitor).click();
  await context.setOffline(false);
  await expectPaid(visitor);
  await expectOnePurchase(visitor);
});
