/** What stands in the way of screen readers and keyboards, as axe finds it. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './shop.ts';
import { test as base } from './staff.ts';

export interface AxeOptions {
  /**
   * `spread`: every page once, its device, language and light differing from page to page. `every`: every page as this project has
   * it; the projects of `playwright.all.config.ts` are all there is.
   */
  readonly coverage: 'spread' | 'every';
}

export const test = base.extend<AxeOptions & { look: (page: Page) => Promise<void> }>({
  coverage: ['spread', { option: true }],
  /** Looks at the page that a walk has come to, or leaves it to another project's walk. */
  look: async ({ coverage, isMobile }, use) => {
    let count = 0;
    await use(async (page) => {
      count += 1;
      if (coverage === 'spread') {
        const isForPhone = count % 2 === 0;
        if (isForPhone !== isMobile) return;
        await page.emulateMedia({ colorScheme: count % 4 < 2 ? 'light' : 'dark', reducedMotion: 'reduce' });
      }
      await expectAccessible(page);
    });
  },
});

export async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator('[class*=skeleton]')).toHaveCount(0);
  // Fonts and fades change what is measured.
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [page.url(), id, nodes.map(({ html }) => html)])).toEqual([]);
}
