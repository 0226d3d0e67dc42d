/** Short notices about what has just happened, one at a time; they are read out, too. */
import { useSyncExternalStore } from 'react';

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Where to go from here. */
  readonly action?: { readonly label: string; readonly to: '/basket' };
}

const SHOWN_MS = 6000;
const listeners = new Set<() => void>();
let notice: Notice | null = null;
let count = 0;
let timer = 0;

export function notify(text: string, action?: Notice['action']): void {
  count += 1;
  show({ id: count, text, ...(action === undefined ? {} : { action }) });
  clearTimeout(timer);
  timer = window.setTimeout(() => show(null), SHOWN_MS);
}

export function useNotice(): Notice | null {
  return useSyncExternalStore(subscribe, () => notice);
}

function show(shown: Notice | null): void {
  notice = shown;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
