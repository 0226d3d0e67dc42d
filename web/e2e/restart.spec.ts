/** The server dies while customers order and pay, and starts again on the same data. */
import type { Locator, Route } from '@playwright/test';
import { expectOnePurchase, expectPaid, goToCheckout, goToPayment, makeUmbrellas, orderButton, payButton } from './support/purchase.ts';
import { startServer, type TestServer } from './support/server.ts';
import { comeIn, expect, type StockedOption, test, type Visitor } from './support/shop.ts';

test('a server that is killed in mid-checkout, and comes back, has sold to everyone exactly once', async ({
  browser,
  locale,
  isMobile,
}) => {
  test.skip(isMobile, 'The server does not care what device it dies in front of.');
  test.setTimeout(240_000);
  const server = await startServer();
  try {
    const goods = await makeUmbrellas(server);
    const others = [
      await comeIn(browser, server, locale),
      await comeIn(browser, server, locale),
      await comeIn(browser, server, locale),
      await comeIn(browser, server, locale),
    ] as const;
    const [{ visitor: waiting }, { visitor: unread }, { visitor: unheard }, { visitor: ordering }] = others;
    for (const visitor of [waiting, unread, unheard]) await goToPayment(visitor, goods);
    await goToCheckout(ordering, goods);

    const answers = [
      await pressWithoutAnswer(unheard, payButton(unheard), '**/payments'),
      await pressWithoutAnswer(ordering, orderButton(ordering), '**/orders'),
    ];
    server.freeze();
    await payUnread(unread);
    await server.kill();
    for (const answer of answers) await answer.abort('connectionreset');
    await server.start();

    await finishPayment(unread);
    await finishPayment(unheard);
    await finishOrder(ordering);
    for (const visitor of [waiting, ordering]) {
      await payButton(visitor).click();
      await expectPaid(visitor);
    }
    for (const { visitor, complaints } of others) {
      await expectOnePurchase(visitor);
      expect(complaints).toEqual([]);
    }
    await expectSold(server, goods, others.length);
  } finally {
    await server.stop();
  }
});

/** The server does what the button asks for, and says so to nobody. */
async function pressWithoutAnswer({ page }: Visitor, button: Locator, url: string): Promise<Route> {
  const held = Promise.withResolvers<Route>();
  await page.route(
    url,
    async (route) => {
      await route.fetch();
      held.resolve(route);
    },
    { times: 1 },
  );
  await button.click();
  return held.promise;
}

/** The payment leaves the browser, and nobody reads it. */
async function payUnread(visitor: Visitor): Promise<void> {
  const sent = visitor.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/payments'));
  await payButton(visitor).click();
  await sent;
}

/** The page asks again by itself for some seconds; after that the customer presses the button that asks. */
async function finishPayment(visitor: Visitor): Promise<void> {
  const ask = visitor.button(visitor.words.pay.ask);
  await expect(async () => {
    if (await ask.isVisible()) await ask.click();
    await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText(visitor.words.order.headline.paid, { timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

/** And so it does for an order, of which there must not be a second one. */
async function finishOrder(visitor: Visitor): Promise<void> {
  const order = orderButton(visitor);
  await expect(async () => {
    if ((await order.isVisible()) && (await order.isEnabled())) await order.click({ timeout: 1000 });
    await expect(payButton(visitor)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

async function expectSold(server: TestServer, { productId }: StockedOption, units: number): Promise<void> {
  const options = [{ onHand: 50 - units, reserved: 0 }];
  expect(await server.staff('GET', `/products/${productId}`)).toMatchObject({ options });
  expect(await server.staff('POST', '/audit')).toMatchObject({ isClean: true, differences: [] });
}
