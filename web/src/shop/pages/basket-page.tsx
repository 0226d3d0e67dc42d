/** What the customer wants, before it is held. */
import { Link } from '@tanstack/react-router';
import { ShoppingBag, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { QUANTITY_MAX, removeFromBasket, setQuantity, useBasket } from '../basket.ts';
import { type KnownLine, useLines } from '../lines.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { LineRow } from '../ui/line-row.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Quantity } from '../ui/quantity.tsx';
import { EmptyState, ErrorState, Message, Skeletons } from '../ui/states.tsx';

export function BasketPage() {
  const t = useTranslations('basket');
  const basket = useBasket();
  return (
    <div className="grid gap-6">
      <PageTitle title={t('title')} />
      {basket.length === 0 ? (
        <EmptyState icon={<ShoppingBag />} title={t('empty')}>
          <Link to="/" className={buttonClass('secondary')}>
            {t('look')}
          </Link>
        </EmptyState>
      ) : (
        <BasketLines />
      )}
    </div>
  );
}

function BasketLines() {
  const t = useTranslations('basket');
  const { money } = useFormats();
  const basket = useBasket();
  const lines = useLines(basket);
  if (lines.error !== null) return <ErrorState error={lines.error} onRetry={lines.retry} />;
  const goneIds = lines.gone.map(({ optionId }) => optionId);
  return (
    <div className="grid gap-6 lg:grid-cols-[1fr_20rem] lg:items-start lg:gap-10">
      <div>
        <ul className="divide-y divide-line">
          {lines.known.map((line) => (
            <LineRow key={line.optionId} line={line}>
              <LineControls line={line} />
            </LineRow>
          ))}
        </ul>
        {lines.isLoading && <Skeletons count={basket.length - lines.known.length} className="mt-5 h-24" />}
        {goneIds.length > 0 && (
          <Message tone="error">
            <span className="flex flex-wrap items-center justify-between gap-3">
              {t('gone', { count: goneIds.length })}
              <Button look="quiet" onClick={() => removeFromBasket(goneIds)}>
                {t('removeGone')}
              </Button>
            </span>
          </Message>
        )}
      </div>
      <aside className="card grid gap-5 p-6 lg:sticky lg:top-24">
        <p className="flex items-baseline justify-between">
          <span>{t('subtotal')}</span>
          <span className="figures text-2xl font-black">{money(lines.subtotal)}</span>
        </p>
        {lines.isOrderable ? (
          <Link to="/checkout" className={buttonClass('primary')}>
            {t('checkout')}
          </Link>
        ) : (
          <Button disabled>{t('checkout')}</Button>
        )}
        {!lines.isOrderable && !lines.isLoading && <p className="text-sm text-soft">{t('mend')}</p>}
        <p className="text-sm text-soft">{t('notHeld')}</p>
      </aside>
    </div>
  );
}

function LineControls({ line: { optionId, option, product, quantity } }: { readonly line: KnownLine }) {
  const t = useTranslations('basket');
  const what = `${product.name} ${option.name}`;
  return (
    <div className="mt-2 flex items-center justify-between gap-3">
      <Quantity
        label={t('quantityOf', { what })}
        value={quantity}
        max={Math.min(option.maxPerUser ?? QUANTITY_MAX, Math.max(option.available, quantity), QUANTITY_MAX)}
        onChange={(units) => setQuantity(optionId, units)}
      />
      <button
        type="button"
        aria-label={t('remove', { what })}
        className="grid size-12 place-items-center rounded-control text-soft transition-colors hover:bg-sunken hover:text-ink"
        onClick={() => removeFromBasket([optionId])}
      >
        <Trash2 aria-hidden className="size-5" />
      </button>
    </div>
  );
}
