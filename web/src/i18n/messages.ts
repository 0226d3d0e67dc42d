/** The words of the pages, one file a language, loaded when it is first spoken. */
import type english from './en.json';
import type { Language } from './language.ts';

export type Messages = typeof english;

const LOAD: Readonly<Record<Language, () => Promise<{ readonly default: Messages }>>> = {
  en: () => import('./en.json'),
  ko: () => import('./ko.json'),
};

export async function loadMessages(language: Language): Promise<Messages> {
  return (await LOAD[language]()).default;
}
