/** The frames of the shop and the back office; their scripts fill them. */
import type { Language } from '../http/language.ts';
import { html, renderPage } from './html.ts';

/** What the pages must know before anyone has signed in. */
export interface ShopSettings {
  /** Whether there are built-in accounts to sign in with; otherwise users come from an identity provider. */
  readonly accounts: boolean;
  /** ISO 4217. */
  readonly currency: string;
  readonly chargePolicy: 'self' | 'staff';
}

export function renderShop(language: Language, settings: ShopSettings): string {
  return renderFrame(language, { en: 'Openrun', ko: '오픈런' }[language], 'shop', settings);
}

export function renderAdmin(language: Language, settings: ShopSettings): string {
  return renderFrame(language, { en: 'Openrun back office', ko: '오픈런 관리자' }[language], 'admin', settings);
}

function renderFrame(
  language: Language,
  title: string,
  name: 'shop' | 'admin',
  { accounts, currency, chargePolicy }: ShopSettings,
): string {
  return renderPage({
    language,
    title,
    data: { accounts: String(accounts), currency, 'charge-policy': chargePolicy },
    head: html`<link rel="stylesheet" href="/pages/pages.css">
    <script type="module" src="/pages/${name}.js"></script>`,
    body: html`<noscript><p>This page needs JavaScript. 이 페이지를 사용하려면 JavaScript가 필요합니다.</p></noscript>
    <div id="page"></div>
    <div id="notices" role="status" aria-live="polite"></div>`,
  });
}
