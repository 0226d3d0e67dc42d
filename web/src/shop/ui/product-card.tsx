/** A product in a list. */
import type { Product } from '@openrun/client';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Patchwork } from './patchwork.tsx';

const FEW = 10;

export function ProductCard({ product }: { readonly product: Product }) {
  const t = useTranslations('product');
  const { money } = useFormats();
  const { id, name, options } = product;
  const isGone = options.every(({ soldOut }) => soldOut);
  const left = options.reduce((sum, { available }) => sum + available, 0);
  const prices = options.map(({ price }) => price);
  const lowest = Math.min(...prices);
  const isFrom = prices.some((price) => price !== lowest);
  return (
    <Link to="/products/$productId" params={{ productId: id }} className="group flex w-full flex-col gap-3 rounded-card outline-offset-4">
      <span className="relative block overflow-hidden rounded-card">
        <Patchwork
          seed={id}
          className={`aspect-[4/5] w-full transition-[scale,filter] duration-500 ease-calm group-hover:scale-[1.025] ${isGone ? 'grayscale' : ''}`}
        />
        {isGone && <SoldOutMark>{t('soldOut')}</SoldOutMark>}
      </span>
      <span className="flex flex-col gap-0.5">
        <span className={`leading-snug font-semibold ${isGone ? 'text-soft' : ''}`}>{name}</span>
        {prices.length > 0 && (
          <span className={`figures font-extrabold ${isGone ? 'text-soft' : ''}`}>
            {isFrom ? t('from', { price: money(lowest) }) : money(lowest)}
          </span>
        )}
        {!isGone && left <= FEW && <span className="text-sm font-semibold text-vermilion">{t('fewLeft', { count: left })}</span>}
      </span>
    </Link>
  );
}

function SoldOutMark({ children }: { readonly children: string }) {
  return (
    <span className="absolute inset-x-0 bottom-0 bg-ink/85 py-2 text-center text-sm font-bold tracking-wide text-on-ink">{children}</span>
  );
}
