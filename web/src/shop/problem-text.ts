/** What went wrong, in words for customers. */
import { Problem, type ProblemCode } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../i18n/format.ts';
import type { Messages } from '../i18n/messages.ts';

type Figured = 'OUT_OF_STOCK' | 'PURCHASE_LIMIT_EXCEEDED' | 'INSUFFICIENT_BALANCE' | 'VALIDATION_FAILED';
/** The codes for which the pages have a sentence without figures. */
type Plain = Exclude<ProblemCode & keyof Messages['problem'], Figured>;

/** Gives the sentence for an error; the server's own title where the pages have no better one. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations('problem');
  const sentences: { has(code: string): boolean } = t;
  const isPlain = (code: ProblemCode): code is Plain => sentences.has(code);
  const { money, count } = useFormats();
  return (error) => {
    if (!(error instanceof Problem)) return t('unexpected');
    const { document } = error;
    if (document?.code === 'OUT_OF_STOCK') return t('OUT_OF_STOCK', { units: document.available });
    if (document?.code === 'PURCHASE_LIMIT_EXCEEDED') return t('PURCHASE_LIMIT_EXCEEDED', { units: document.remaining });
    if (document?.code === 'INSUFFICIENT_BALANCE') {
      return t('INSUFFICIENT_BALANCE', { missing: money(document.required - document.balance) });
    }
    if (document?.code === 'VALIDATION_FAILED') return t('VALIDATION_FAILED', { fields: count(document.errors.length) });
    if (isPlain(error.code)) return t(error.code);
    if (error.status >= 500) return t('INTERNAL_ERROR');
    return document?.title ?? t('unexpected');
  };
}
