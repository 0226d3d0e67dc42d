/** The language of the pages: what was chosen here, else what the server made of the browser's wishes. */

export type Language = 'ko' | 'en';

const STORE = 'openrun.language';
const listeners = new Set<() => void>();
let language: Language = readChoice() ?? (document.documentElement.lang === 'ko' ? 'ko' : 'en');
document.documentElement.lang = language;

export function currentLanguage(): Language {
  return language;
}

export function chooseLanguage(choice: Language): void {
  language = choice;
  document.documentElement.lang = choice;
  try {
    localStorage.setItem(STORE, choice);
  } catch {
    // The choice lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readChoice(): Language | null {
  try {
    const kept = localStorage.getItem(STORE);
    return kept === 'ko' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
}
