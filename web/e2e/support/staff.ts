/** What the tests of the back office share: a member of staff who is signed in. */
import type { Page } from '@playwright/test';
import adminEn from '../../src/admin/i18n/en.json' with { type: 'json' };
import adminKo from '../../src/admin/i18n/ko.json' with { type: 'json' };
import { test as base, en, expect, isKorean, ko, listen } from './shop.ts';

type Tiles = Readonly<Record<string, number>>;

export interface Staff {
  readonly page: Page;
  readonly words: typeof adminEn;
  readonly shop: typeof en;
  readonly open: (path: string) => Promise<void>;
  readonly press: (label: string) => Promise<void>;
  /** What stands in a message without its figures. */
  readonly notice: (text: string) => Promise<void>;
  /** The figures of the dashboard's tiles, by what stands above them. */
  readonly tiles: () => Promise<Tiles>;
}

export const test = base.extend<{ staff: Staff; colleague: Staff }>({
  staff: async ({ page, server, locale }, use) => {
    const complaints = listen(page, server.baseUrl);
    await use(await signIn(page, server.baseUrl, isKorean(locale)));
    expect(complaints, 'the browser complains of nothing').toEqual([]);
  },
  // A member of staff in a browser context of their own, beside a visitor.
  colleague: async ({ browser, server, locale }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = listen(page, server.baseUrl);
    await use(await signIn(page, server.baseUrl, isKorean(locale)));
    await context.close();
    expect(complaints, 'the browser complains of nothing').toEqual([]);
  },
});

/** Signs the demo's member of staff in, who lands on the dashboard. */
export async function signIn(page: Page, baseUrl: string, readsKorean: boolean): Promise<Staff> {
  const words = readsKorean ? adminKo : adminEn;
  const shop = readsKorean ? ko : en;
  await page.goto(`${baseUrl}/admin`);
  await page.getByLabel(shop.signIn.email).fill('staff@openrun.example');
  await page.getByLabel(shop.signIn.password).fill('openrun-staff');
  await page.getByRole('button', { name: shop.signIn.submit }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.dashboard.title })).toBeVisible();
  return {
    page,
    words,
    shop,
    open: async (path) => {
      await page.goto(`${baseUrl}/admin${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    },
    press: (label) => page.getByRole('button', { name: label, exact: true }).last().click(),
    notice: (text) => expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible(),
    tiles: () =>
      page.getByRole('main').evaluate((main) => {
        const figure = (term: Element): number =>
          Number(term.nextElementSibling?.firstElementChild?.textContent?.replaceAll(/[^\d-]/g, ''));
        return Object.fromEntries([...main.querySelectorAll('dt')].map((term) => [term.textContent, figure(term)]));
      }),
  };
}

/** Waits until these tiles stand so far above what they were `before`. */
export async function expectTiles({ tiles }: Staff, before: Tiles, rises: Tiles, timeout = 10_000): Promise<void> {
  const wanted = Object.fromEntries(Object.entries(rises).map(([name, rise]) => [name, (before[name] ?? Number.NaN) + rise]));
  const shown = async (): Promise<Tiles> => {
    const now = await tiles();
    return Object.fromEntries(Object.keys(wanted).map((name) => [name, now[name] ?? Number.NaN]));
  };
  await expect.poll(shown, { timeout, intervals: [50] }).toEqual(wanted);
}
