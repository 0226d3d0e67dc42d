/** Nothing is bought twice: double taps, reloads, lost answers, servers that do not know. */
import type { Page, Route } from '@playwright/test';
import type { TestServer } from './support/server.ts';
import { expect, makeProduct, test, type Visitor } from './support/shop.ts';

const PRICE = 8000;
const BALANCE = 100_000;

/** Brings a customer with a balance before the button that orders. */
async function goToCheckout(visitor: Visitor, server: TestServer): Promise<void> {
  const goods = await makeProduct(server, { name: 'Umbrella', price: PRICE, stock: 50 });
  await visitor.signUp('/me');
  await visitor.charge(BALANCE);
  await visitor.open(`/checkout?product=${goods.productId}&option=${goods.optionId}&quantity=1`);
}

async function goToPayment(visitor: Visitor, server: TestServer): Promise<void> {
  await goToCheckout(visitor, server);
  await orderButton(visitor).click();
  await expect(payButton(visitor)).toBeVisible();
}

const orderButton = ({ button, words }: Visitor) => button(words.checkout.order.replace('{total}', '₩8,000'));
const payButton = ({ button, words }: Visitor) => button(words.pay.pay.replace('{total}', '₩8,000'));

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

async function expectOnePurchase({ open, page, words }: Visitor): Promise<void> {
  await open('/orders');
  await expect(page.getByRole('link', { name: words.status.paid })).toHaveCount(1);
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await open('/balance');
  await expect(page.getByText('₩92,000').first()).toBeVisible();
  await expect(page.getByText('−₩8,000')).toHaveCount(1);
}

test('a double tap orders once and pays once', async ({ visitor, server }) => {
  const { page, words } = visitor;
  await goToCheckout(visitor, server);
  await orderButton(visitor).dblclick();
  await expect(payButton(visitor)).toBeVisible();
  await payButton(visitor).dblclick();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await expectOnePurchase(visitor);
});

test('a reload in the middle of a payment that got through finds it paid', async ({ visitor, server }) => {
  const { page, words } = visitor;
  await goToPayment(visitor, server);
  const arrived = Promise.withResolvers<undefined>();
  await keysOf(page, '/payments', async (route) => {
    // The server does it, and the answer never comes.
    await route.fetch();
    arrived.resolve(undefined);
  });
  await payButton(visitor).click();
  await arrived.promise;
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await expectOnePurchase(visitor);
});

test('a reload in the middle of a payment that got lost repeats it with its key', async ({ visitor, server }) => {
  const { page, words, button } = visitor;
  await goToPayment(visitor, server);
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
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
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
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  expect(keys.length).toBe(2);
  expect(new Set(keys).size).toBe(1);
  await visitor.open('/orders');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
});

test('an unknown outcome, a busy server and a lost answer are asked again with the same key', async ({ visitor, server }) => {
  const { page, words } = visitor;
  await goToPayment(visitor, server);
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
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  expect(keys.length).toBe(4);
  expect(new Set(keys).size).toBe(1);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await expectOnePurchase(visitor);
});

test('while offline nothing is lost, and it goes on afterwards', async ({ visitor, server, context }) => {
  const { page, words } = visitor;
  await goToPayment(visitor, server);
  await context.setOffline(true);
  await expect(page.getByText(words.state.offline)).toBeVisible();
  await payButton(visitor).click();
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
  await expectOnePurchase(visitor);
});
