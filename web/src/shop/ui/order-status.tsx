/** How far an order is, as a small word in its colour. */
import type { OrderStatus } from '@openrun/client';
import { useTranslations } from 'use-intl';

const TONES: Readonly<Record<OrderStatus, string>> = {
  pending: 'bg-vermilion-wash text-vermilion',
  paid: 'bg-pine-wash text-pine',
  cancelled: 'bg-sunken text-soft',
  expired: 'bg-sunken text-soft',
  refunded: 'bg-indigo-wash text-indigo',
  partiallyRefunded: 'bg-indigo-wash text-indigo',
};

export function StatusWord({ status }: { readonly status: OrderStatus }) {
  const t = useTranslations('status');
  return <span className={`inline-block rounded-[6px] px-2.5 py-1 text-sm font-bold ${TONES[status]}`}>{t(status)}</span>;
}
