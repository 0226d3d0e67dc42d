/** The server dies while customers are about to pay, and starts again on the same data. */
import type { Route } from '@playwright/test';
import { expectOnePurchase, expectPaid, goToPayment, makeUmbrellas, payButton } from './support/purchase.ts';
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
    ] as const;
    const [{ visitor: waiting }, { visitor: unread }, { visitor: unheard }] = others;
    for (const { visitor } of others) await goToPayment(visitor, goods);

    const answer = await payWithoutAnswer(unheard);
    server.freeze();
    await payUnread(unread);
    await server.kill();
    await answer.abort('connectionreset');
    await server.start();

    await finish(unread);
    await finish(unheard);
    await payButton(waiting).click();
    await expectPaid(waiting);
    for (const { visitor, complaints } of others) {
      await expectOnePurchase(visitor);
      expect(complaints).toEqual([]);
    }
    await expectSold(server, goods, others.length);
  } finally {
    await server.stop();
  }
});

/** The server pays, and says so to nobody. */
async function payWithoutAnswer(visitor: Visitor): Promise<Route> {
  const held = Promise.withResolvers<Route>();
  await visitor.page.route(
    '**/payments',
    async (route) => {
      await route.fetch();
      held.resolve(route);
    },
    { times: 1 },
  );
  await payButton(visitor).click();
  return held.promise;
}

/** The payment leaves the browser, and nobody reads it. */
async function payUnread(visitor: Visitor): Promise<void> {
  const sent = visitor.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/payments'));
  await payButton(visitor).click();
  await sent;
}

/** The page asks again by itself for some seconds; after that the customer presses the button that asks. */
async function finish(visitor: Visitor): Promise<void> {
  const ask = visitor.button(visitor.words.pay.ask);
  await expect(async () => {
    if (await ask.isVisible()) await ask.click();
    await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText(visitor.words.order.headline.paid, { timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

async function expectSold(server: TestServer, { productId }: StockedOption, units: number): Promise<void> {
  const options = [{ onHand: 50 - units, reserved: 0 }];
  expect(await server.staff('GET', `/products/${productId}`)).toMatchObject({ options });
  expect(await server.staff('POST', '/audit')).toMatchObject({ isClean: true, differences: [] });
}
