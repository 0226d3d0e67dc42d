/** What the tests of the shop share: a server, and a customer in front of it who takes note of everything that goes wrong. */
import { type Browser, test as base, expect, type Locator, type Page } from '@playwright/test';
import en from '../../src/i18n/en.json' with { type: 'json' };
import ko from '../../src/i18n/ko.json' with { type: 'json' };
import { startServer, type TestServer } from './server.ts';

type Words = typeof en;

export interface Visitor {
  readonly page: Page;
  /** The words of the visitor's language. */
  readonly words: Words;
  /** Opens a path of the shop. */
  readonly open: (path: string) => Promise<void>;
  readonly button: (label: string) => Locator;
  readonly heading: (text: string) => Locator;
  /** Makes a new account, which is then signed in, and lands on `next`. */
  readonly signUp: (next: string) => Promise<void>;
  /** Charges the balance on its own page. */
  readonly charge: (amount: number) => Promise<void>;
}

interface TestFixtures {
  readonly visitor: Visitor;
  /** Somebody else, in a browser context of their own. */
  readonly another: () => Promise<Visitor>;
}

interface WorkerFixtures {
  readonly server: TestServer;
}

let count = 0;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  visitor: async ({ page, server, locale }, use) => {
    const complaints = listen(page, server.baseUrl);
    await use(visit(page, server.baseUrl, wordsOf(locale)));
    expect(complaints, 'the browser complains of nothing').toEqual([]);
  },
  another: async ({ browser, server, locale }, use) => {
    const others: Other[] = [];
    await use(async () => {
      const other = await comeIn(browser, server, locale);
      others.push(other);
      return other.visitor;
    });
    for (const { visitor, complaints } of others) {
      await visitor.page.context().close();
      expect(complaints, 'the browser complains of nothing').toEqual([]);
    }
  },
});

interface Other {
  readonly visitor: Visitor;
  readonly complaints: readonly string[];
}

/** Somebody in a new browser context, in front of any server's shop. */
export async function comeIn(browser: Browser, { baseUrl }: TestServer, locale: string | undefined): Promise<Other> {
  const context = await browser.newContext();
  const page = await context.newPage();
  return { visitor: visit(page, baseUrl, wordsOf(locale)), complaints: listen(page, baseUrl) };
}

/** Whether a visitor with this locale reads Korean. */
export function isKorean(locale: string | undefined): boolean {
  return locale?.startsWith('ko') === true;
}

function wordsOf(locale: string | undefined): Words {
  return isKorean(locale) ? ko : en;
}

/** Somebody in front of the shop at `baseUrl`. */
export function visit(page: Page, baseUrl: string, words: Words): Visitor {
  const button = (label: string): Locator => page.getByRole('button', { name: label });
  const open = async (path: string): Promise<void> => {
    await page.goto(`${baseUrl}/shop${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  };
  return {
    page,
    words,
    open,
    button,
    heading: (text) => page.getByRole('heading', { name: text }),
    signUp: async (next) => {
      count += 1;
      await open(`/sign-up?next=${encodeURIComponent(next)}`);
      await page.getByLabel(words.signUp.name).fill('이하나');
      await page.getByLabel(words.signIn.email).fill(`hana-${Date.now()}-${count}@openrun.example`);
      await page.getByLabel(words.signIn.password).fill('a good password');
      await button(words.signUp.submit).click();
      await page.waitForURL(`${baseUrl}/shop${next}`);
    },
    charge: async (amount) => {
      await open('/balance');
      await page.getByLabel(words.charge.amount).fill(String(amount));
      await page.locator('form').getByRole('button').last().click();
      await expect(page.getByRole('status').filter({ hasText: amount.toLocaleString('en') })).toBeVisible();
    },
  };
}

/** Everything that a page must never do: break, be stopped by its policy, or ask another server for something. */
export function listen(page: Page, baseUrl: string): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A refusal of the API is a message of the browser's, too; what it means is shown on the page.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${baseUrl}/`)) complaints.push(`asks ${request.url()}`);
  });
  return complaints;
}

/** What staff see of a product: enough to change its stock. */
export interface StockedOption {
  readonly productId: string;
  readonly optionId: string;
}

/** Makes a product of one option for a test. */
export async function makeProduct(
  server: TestServer,
  { name, price, stock }: { name: string; price: number; stock: number },
): Promise<StockedOption> {
  const product = await server.staff('POST', '/products', {
    name,
    description: '',
    status: 'active',
    options: [{ sku: `E2E-${Date.now()}-${(count += 1)}`, name: 'One', price, stock }],
  });
  return { productId: textAt(product, 'id'), optionId: textAt(listAt(product, 'options')[0], 'id') };
}

export async function changeStock(server: TestServer, { optionId }: StockedOption, delta: number): Promise<void> {
  await server.staff('POST', `/options/${optionId}/stock`, { delta, reason: 'a test' });
}

/** The text at a field of an answer; fails where there is none. */
export function textAt(value: unknown, field: string): string {
  const text = valueAt(value, field);
  if (typeof text !== 'string') throw new Error(`no ${field} in ${JSON.stringify(value)}`);
  return text;
}

/** The list at a field of an answer; fails where there is none. */
export function listAt(value: unknown, field: string): readonly unknown[] {
  const list = valueAt(value, field);
  if (!Array.isArray(list)) throw new Error(`no list ${field} in ${JSON.stringify(value)}`);
  return list;
}

function valueAt(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : null;
}

export { expect } from '@playwright/test';
export { en, ko };
