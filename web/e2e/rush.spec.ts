/** Two hundred run for fifty, while somebody watches the shop and somebody the back office. */
import type { Page } from '@playwright/test';
import { buyOne, gatherCrowd } from './support/crowd.ts';
import type { Answer } from './support/server.ts';
import { expect, makeProduct, textAt } from './support/shop.ts';
import { expectTiles, test } from './support/staff.ts';

const UNITS = 50;
const SHOPPERS = 200;
/** They come one by one, before the crowd does. */
const EARLY = 15;
const PAUSE_MS = 300;
/** Of another product, few enough to stand among what runs out from the first; as many of those who come early take one. */
const LAST_UNITS = 10;
const PRICE = 3000;
/** What the shop promises: this long after the last answer, what is looked at is right. */
const RIGHT_WITHIN_MS = 2000;

test('of two hundred fifty get one, and the numbers on the screens end right and never rise', async ({ visitor, colleague, server }) => {
  const { page, words } = visitor;
  const { dashboard: admin } = colleague.words;
  const name = `Rush ${Date.now()}`;
  const { productId, optionId } = await makeProduct(server, { name, price: PRICE, stock: UNITS });
  const last = await makeProduct(server, { name: `${name}, last pieces`, price: PRICE, stock: LAST_UNITS });
  const crowd = await gatherCrowd(server, name, SHOPPERS, PRICE);
  const collectors = await gatherCrowd(server, `${name} last`, LAST_UNITS, PRICE);
  await visitor.open(`/products/${productId}`);
  await expect(page.getByRole('radio')).toContainText(String(UNITS));
  await expect(colleague.page.getByText(admin.source.stream, { exact: true })).toBeVisible();
  await colleague.page.getByRole('button', { name: colleague.words.chart.tableOf.replace('{title}', admin.stockTitle) }).click();
  const before = await colleague.tiles();
  const inShop = await watch(page, '[role=radio]');
  const inOffice = await watch(colleague.page, `tr:has(a[href$="${last.productId}"]) td:nth-of-type(2)`);

  const answers: Answer[] = [];
  for (const [turn, sub] of crowd.slice(0, EARLY).entries()) {
    answers.push(await buyOne(server, sub, optionId));
    const collector = collectors[turn];
    if (collector !== undefined) expect(await buyOne(server, collector, last.optionId)).toMatchObject({ status: 201 });
    await page.waitForTimeout(PAUSE_MS);
  }
  answers.push(...(await Promise.all(crowd.slice(EARLY).map((sub) => buyOne(server, sub, optionId)))));
  await Promise.all([
    expect(page.getByRole('alert')).toHaveText(words.product.allSoldOut, { timeout: RIGHT_WITHIN_MS }),
    expectTiles(
      colleague,
      before,
      {
        [admin.ordersToday]: UNITS + LAST_UNITS,
        [admin.paymentsToday]: UNITS + LAST_UNITS,
        [admin.revenueToday]: (UNITS + LAST_UNITS) * PRICE,
        [admin.soldOut]: 2,
        [admin.holds]: 0,
      },
      RIGHT_WITHIN_MS,
    ),
  ]);

  expect(answers.filter(({ status }) => status === 201).length).toBe(UNITS);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(new Set(refused.map(({ status, body }) => `${status} ${textAt(body, 'code')}`))).toEqual(new Set(['409 OUT_OF_STOCK']));
  expect(await server.staff('GET', `/products/${productId}`)).toMatchObject({ options: [{ onHand: 0, reserved: 0 }] });
  for (const seen of [inShop, inOffice]) expectFalling(await seen());
});

/** Takes note of every text that stands at `selector` from now on, and gives the units that they tell of: none, where they do so in words. */
async function watch(page: Page, selector: string): Promise<() => Promise<readonly number[]>> {
  const texts = await page.evaluateHandle((place) => {
    const seen: string[] = [];
    const note = (): void => {
      const text = document.querySelector(place)?.textContent;
      if (text !== undefined && text !== seen.at(-1)) seen.push(text);
    };
    note();
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    return seen;
  }, selector);
  return async () => (await texts.jsonValue()).map((text) => Number(/-?\d+/.exec(text)?.[0] ?? 0));
}

function expectFalling(numbers: readonly number[]): void {
  expect(numbers.length, `more than a beginning and an end: ${numbers.join(', ')}`).toBeGreaterThan(2);
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  expect(numbers.every((number) => number >= 0)).toBe(true);
}
