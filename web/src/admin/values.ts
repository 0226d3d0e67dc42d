/** What people type, as the server takes it. */
import { MINOR_UNITS } from '../i18n/format.ts';

/** Amounts as they are typed: major units, with commas or without. */
export const AMOUNT_PATTERN = String.raw`-?[0-9,]+(\.[0-9]+)?`;

/** Minor units of a typed amount; null where it is none. */
export function amountOf(typed: string): number | null {
  const text = typed.replaceAll(/[,\s]/g, '');
  if (text === '') return null;
  const amount = Math.round(Number(text) * MINOR_UNITS);
  return Number.isSafeInteger(amount) ? amount : null;
}

export function typedAmount(amount: number): string {
  return String(amount / MINOR_UNITS);
}

/** A whole number that was typed; null where it is none. */
export function wholeOf(typed: string): number | null {
  const value = Number(typed);
  return typed.trim() !== '' && Number.isSafeInteger(value) ? value : null;
}

/** A moment of a `datetime-local` field, which is in the time zone of this machine; null where it is none. */
export function momentOf(typed: string): string | null {
  const time = new Date(typed);
  return typed === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** The same the other way round. */
export function typedMoment(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The day that was typed, from its beginning here; `days` later where its end is meant. */
export function dayOf(typed: string, days = 0): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return null;
  const time = new Date(`${typed}T00:00`);
  time.setDate(time.getDate() + days);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** Only the fields that have a value. */
export function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
export function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''));
}
