/** What a coupon gives, in words. */
import type { Discount } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';

interface DiscountText {
  /** What it takes off. */
  readonly main: string;
  /** How far it goes, where there is an end to it. */
  readonly limit: string | null;
}

export function useDiscountText(): (discount: Discount) => DiscountText {
  const t = useTranslations('discount');
  const { money } = useFormats();
  return (discount) => {
    if (discount.type === 'fixed') return { main: t('fixed', { amount: money(discount.amount) }), limit: null };
    const limit = discount.maxAmount === undefined ? null : t('upTo', { max: money(discount.maxAmount) });
    return { main: t('percent', { percent: discount.percent }), limit };
  };
}

/** The same as one line. */
export function useDiscountLine(): (discount: Discount) => string {
  const textOf = useDiscountText();
  return (discount) => {
    const { main, limit } = textOf(discount);
    return limit === null ? main : `${main}, ${limit}`;
  };
}
