/** The frames of the shop and the back office; their scripts fill them. */
import type { Language } from '../http/language.ts';
import { html, type Markup, renderPage } from './html.ts';
import type { Part } from './web.ts';

/** What the pages must know before anyone has signed in. */
export interface ShopSettings {
  /** Whether there are built-in accounts to sign in with; otherwise users come from an identity provider. */
  readonly accounts: boolean;
  /** ISO 4217. */
  readonly currency: string;
  readonly chargePolicy: 'self' | 'staff';
}

const NAMES: Readonly<Record<Language, string>> = { en: 'Openrun', ko: '오픈런' };
const ADMIN_NAMES: Readonly<Record<Language, string>> = { en: 'Openrun back office', ko: '오픈런 관리자' };

/** The built frame of the shop, with its language and what the shop's script must know. */
export function renderShop(part: Part, language: Language, settings: ShopSettings): string {
  return complete(part, language, NAMES[language], settings);
}

/** The built frame of the back office. */
export function renderAdmin(part: Part, language: Language, settings: ShopSettings): string {
  return complete(part, language, ADMIN_NAMES[language], settings);
}

function complete({ frame, words }: Part, language: Language, title: string, settings: ShopSettings): string {
  const { accounts, currency, chargePolicy } = settings;
  const data = { accounts: String(accounts), currency, 'charge-policy': chargePolicy };
  const attributes = Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`.source);
  return frame
    .replace(/<html[^>]*>/, () => `<html lang="${language}"${attributes.join('')}>`)
    .replace(/<title>[^<]*<\/title>/, () => html`<title>${title}</title>`.source)
    .replace('</head>', () => `${words[language].map(preloaded).join('')}</head>`);
}

function preloaded(path: string): string {
  return html`<link rel="modulepreload" crossorigin href="${path}">`.source;
}

/** What stands in for the shop where its pages were not built. */
export function renderUnbuilt(language: Language): string {
  const words: Readonly<Record<Language, Markup>> = {
    en: html`<h1>The shop's pages have not been built</h1>
    <p>Run <code>npm run build</code> (<code>npm ci</code> does it, too) and start the server again. The API works meanwhile.</p>`,
    ko: html`<h1>상점 화면이 빌드되지 않았습니다</h1>
    <p><code>npm run build</code>를 실행하고(<code>npm ci</code>도 같은 일을 합니다) 서버를 다시 시작해 주세요. API는 그대로 동작합니다.</p>`,
  };
  return renderPage({
    language,
    title: NAMES[language],
    head: html`<link rel="stylesheet" href="/pages/pages.css">`,
    body: html`<main class="text">${words[language]}</main>`,
  });
}
