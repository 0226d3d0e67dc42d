/** The language of the pages: what was chosen here, else what the server made of the browser's wishes. */

export type Language = 'ko' | 'en';

const STORE = 'openrun.language';
const CHOICE_SECONDS = 365 * 24 * 60 * 60;
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
  tellServer(choice);
  for (const listener of listeners) listener();
}

export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** For the frame of the next page, which names the words that are to be loaded. */
function tellServer(choice: Language): void {
  document.cookie = `${STORE}=${choice}; path=/; max-age=${CHOICE_SECONDS}; samesite=lax`;
}

function readChoice(): Language | null {
  try {
    const kept = localStorage.getItem(STORE);
    return kept === 'ko' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
}
