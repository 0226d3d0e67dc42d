/** Money and times, as people write them. */
import { useMemo } from 'react';
import { useLocale } from 'use-intl';

export interface Formats {
  /** An amount of minor units. */
  readonly money: (amount: number) => string;
  /** The day and the time; the year where it is another one. */
  readonly moment: (iso: string) => string;
  /** The time of day, with seconds. */
  readonly clock: (ms: number) => string;
  readonly count: (value: number) => string;
}

/** ISO 4217, as the server's page says. */
const CURRENCY = document.documentElement.dataset['currency'] ?? 'KRW';

/** How many minor units a major one has. */
export const MINOR_UNITS =
  10 ** (new Intl.NumberFormat('en', { style: 'currency', currency: CURRENCY }).resolvedOptions().maximumFractionDigits ?? 0);

export function useFormats(): Formats {
  const locale = useLocale();
  return useMemo(() => {
    const money = new Intl.NumberFormat(locale, { style: 'currency', currency: CURRENCY });
    const day = { month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
    const thisYear = new Intl.DateTimeFormat(locale, day);
    const anyYear = new Intl.DateTimeFormat(locale, { ...day, year: 'numeric' });
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    // Rates and means have fractions, of which one digit says enough.
    const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    return {
      money: (amount) => money.format(amount / MINOR_UNITS),
      moment: (iso) => {
        const time = new Date(iso);
        return (time.getFullYear() === new Date().getFullYear() ? thisYear : anyYear).format(time);
      },
      clock: (ms) => clock.format(ms),
      count: (value) => count.format(value),
    };
  }, [locale]);
}
