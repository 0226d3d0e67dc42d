/** A line of the basket or of a checkout, with what the catalogue says of it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { hasEnough, type KnownLine } from '../lines.ts';
import { Patchwork } from './patchwork.tsx';

export function LineRow({ line, children }: { readonly line: KnownLine; readonly children?: ReactNode }) {
  const t = useTranslations('line');
  const { money, count } = useFormats();
  const { product, option, quantity } = line;
  return (
    <li className="flex gap-4 py-5">
      <Patchwork seed={product.id} className="h-24 w-19 shrink-0 rounded-[6px]" />
      <div className="grid min-w-0 flex-1 content-start gap-1">
        <div className="flex flex-wrap justify-between gap-x-4">
          <Link to="/products/$productId" params={{ productId: product.id }} className="font-semibold underline-offset-4 hover:underline">
            {product.name}
          </Link>
          <span className="figures font-extrabold">{money(option.price * quantity)}</span>
        </div>
        <p className="figures text-soft">
          {option.name} · {money(option.price)} × {count(quantity)}
        </p>
        {!hasEnough(line) && (
          <p className="font-semibold text-vermilion">{option.soldOut ? t('soldOut') : t('short', { count: option.available })}</p>
        )}
        {children}
      </div>
    </li>
  );
}
