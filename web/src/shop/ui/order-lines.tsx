/** What an order is made of, as it was when it was placed. */
import type { Order } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Patchwork } from './patchwork.tsx';

export function OrderLines({ order }: { readonly order: Order }) {
  const t = useTranslations('order');
  const { money, count } = useFormats();
  return (
    <div>
      <ul aria-label={t('lines')} className="divide-y divide-line">
        {order.lines.map(({ optionId, productId, name, unitPrice, quantity, amount }) => (
          <li key={optionId} className="flex items-center gap-4 py-4">
            <Patchwork seed={productId} className="h-16 w-13 shrink-0 rounded-[6px]" />
            <div className="min-w-0 flex-1">
              <p className="font-semibold">{name}</p>
              <p className="figures text-soft">
                {money(unitPrice)} × {count(quantity)}
              </p>
            </div>
            <p className="figures font-extrabold">{money(amount)}</p>
          </li>
        ))}
      </ul>
      <dl className="figures seam grid gap-1.5 pt-4">
        <div className="flex justify-between text-soft">
          <dt>{t('subtotal')}</dt>
          <dd>{money(order.subtotal)}</dd>
        </div>
        {order.discount > 0 && (
          <div className="flex justify-between font-semibold text-pine">
            <dt>{t('discount')}</dt>
            <dd>−{money(order.discount)}</dd>
          </div>
        )}
        <div className="flex justify-between text-lg font-extrabold">
          <dt>{t('total')}</dt>
          <dd>{money(order.total)}</dd>
        </div>
      </dl>
    </div>
  );
}
