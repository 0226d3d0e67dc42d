/** The words of the back office, beside the shop's, whose parts it uses. One file a language, loaded when it is first spoken. */
import type { Language } from '../../i18n/language.ts';
import { loadMessages as loadShopMessages, type Messages as ShopMessages } from '../../i18n/messages.ts';
import type english from './en.json';

type Words = typeof english;

export interface Messages extends ShopMessages {
  readonly admin: Words;
}

const LOAD: Readonly<Record<Language, () => Promise<{ readonly default: Words }>>> = {
  en: () => import('./en.json'),
  ko: () => import('./ko.json'),
};

export async function loadMessages(language: Language): Promise<Messages> {
  const [shop, own] = await Promise.all([loadShopMessages(language), LOAD[language]()]);
  const admin = own.default;
  // Titles of pages end with the name of the shop: here, with the name of its back office.
  return { ...shop, shop: { ...shop.shop, name: admin.shell.name }, admin };
}
