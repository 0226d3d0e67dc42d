/** The basket: kept in the browser over reloads and visits, and the same in every tab. */
import { useSyncExternalStore } from 'react';

export interface BasketLine {
  readonly productId: string;
  readonly optionId: string;
  readonly quantity: number;
}

export const QUANTITY_MAX = 999;
const LINES_MAX = 100;
const STORE = 'openrun.basket.lines';
const listeners = new Set<() => void>();
let lines: readonly BasketLine[] = readLines();

addEventListener('storage', ({ key }) => {
  if (key !== STORE) return;
  lines = readLines();
  notify();
});

export function useBasket(): readonly BasketLine[] {
  return useSyncExternalStore(subscribe, () => lines);
}

/** Adds units of an option; gives false where the basket is full. */
export function addToBasket({ productId, optionId, quantity }: BasketLine): boolean {
  const known = lines.find((line) => line.optionId === optionId);
  if (known === undefined && lines.length >= LINES_MAX) return false;
  if (known === undefined) keep([...lines, { productId, optionId, quantity }]);
  else setQuantity(optionId, known.quantity + quantity);
  return true;
}

export function setQuantity(optionId: string, quantity: number): void {
  const units = Math.min(Math.max(quantity, 1), QUANTITY_MAX);
  keep(lines.map((line) => (line.optionId === optionId ? { ...line, quantity: units } : line)));
}

export function removeFromBasket(optionIds: readonly string[]): void {
  keep(lines.filter((line) => !optionIds.includes(line.optionId)));
}

function keep(changed: readonly BasketLine[]): void {
  lines = changed;
  try {
    localStorage.setItem(STORE, JSON.stringify(changed));
  } catch {
    // The basket lasts until the page is left.
  }
  notify();
}

function notify(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readLines(): readonly BasketLine[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isLine).slice(0, LINES_MAX) : [];
  } catch {
    return [];
  }
}

function isLine(value: unknown): value is BasketLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'productId' in value &&
    typeof value.productId === 'string' &&
    'optionId' in value &&
    typeof value.optionId === 'string' &&
    'quantity' in value &&
    Number.isInteger(value.quantity)
  );
}
