/** What went wrong, in words for customers. */
import { useTranslations } from 'use-intl';
import { Problem } from '../api/problem.ts';
import { useFormats } from '../i18n/format.ts';

const FIGURED = ['OUT_OF_STOCK', 'PURCHASE_LIMIT_EXCEEDED'] as const;
const PLAIN = [
  'NO_ANSWER',
  'OVERLOADED',
  'OUTCOME_UNKNOWN',
  'INTERNAL_ERROR',
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'COUPON_NOT_STARTED',
  'COUPON_EXPIRED',
  'COUPON_SOLD_OUT',
  'COUPON_ALREADY_ISSUED',
  'COUPON_INVALID',
  'TOO_MANY_PENDING_ORDERS',
  'OPTION_NOT_FOR_SALE',
  'ORDER_EXPIRED',
  'ORDER_CANCELLED',
  'ORDER_ALREADY_PAID',
  'ORDER_NOT_CANCELLABLE',
  'CHARGE_LIMIT_EXCEEDED',
  'BALANCE_LIMIT_EXCEEDED',
  'EMAIL_TAKEN',
  'INVALID_CREDENTIALS',
] as const;

/** Gives the sentence for an error; the server's own title where the pages have no better one. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations('problem');
  const { money, count } = useFormats();
  return (error) => {
    if (!(error instanceof Problem)) return t('unexpected');
    const figured = FIGURED.find((code) => code === error.code);
    if (figured !== undefined) return t(figured, { units: error.figure('available') ?? error.figure('remaining') ?? 0 });
    if (error.code === 'INSUFFICIENT_BALANCE') {
      return t('INSUFFICIENT_BALANCE', { missing: money((error.figure('required') ?? 0) - (error.figure('balance') ?? 0)) });
    }
    const plain = PLAIN.find((code) => code === error.code);
    if (plain !== undefined) return t(plain);
    if (error.status >= 500) return t('INTERNAL_ERROR');
    if (error.fields.length > 0) return t('VALIDATION_FAILED', { fields: count(error.fields.length) });
    return error.message === '' ? t('unexpected') : error.message;
  };
}
