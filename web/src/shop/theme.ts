/** Light, dark, or what the device wants. */
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORE = 'openrun.theme';
const listeners = new Set<() => void>();
let theme: Theme = readChoice();

export function chooseTheme(choice: Theme): void {
  theme = choice;
  showTheme();
  try {
    localStorage.setItem(STORE, choice);
  } catch {
    // The choice lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Puts the choice where the style sheet looks for it. */
export function showTheme(): void {
  document.documentElement.dataset['theme'] = theme;
}

function readChoice(): Theme {
  try {
    const kept = localStorage.getItem(STORE);
    return THEMES.find((known) => known === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
