/** Chooses an option and how many of it. What sells out meanwhile says so at once. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { Product, ProductOption } from '@openrun/client';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { addToBasket, QUANTITY_MAX } from '../basket.ts';
import { notify } from '../notices.ts';
import { Button } from '../ui/button.tsx';
import { Quantity } from '../ui/quantity.tsx';
import { Message } from '../ui/states.tsx';

const FEW = 10;

export function BuyForm({ product }: { readonly product: Product }) {
  const t = useTranslations('product');
  const { money } = useFormats();
  const navigate = useNavigate();
  const { options } = product;
  const open = options.filter(({ soldOut }) => !soldOut);
  const [pickedId, setPickedId] = useState<string>();
  const [wanted, setWanted] = useState(1);
  // Where there is one option, there is no choice.
  const chosen = options.length === 1 ? options[0] : options.find(({ id }) => id === pickedId);
  const max = chosen === undefined ? 1 : Math.min(chosen.available, chosen.maxPerUser ?? QUANTITY_MAX, QUANTITY_MAX);
  const quantity = Math.min(wanted, Math.max(1, max));
  const canBuy = chosen !== undefined && !chosen.soldOut;

  const putIntoBasket = (): void => {
    if (chosen === undefined) return;
    const isIn = addToBasket({ productId: product.id, optionId: chosen.id, quantity });
    if (isIn) notify(t('added'), { label: t('toBasket'), to: '/basket' });
    else notify(t('basketFull'), { label: t('toBasket'), to: '/basket' });
  };

  return (
    <div className="grid gap-6">
      <p className="figures text-3xl font-black">{priceOf(options, chosen, money)}</p>
      <Options options={options} value={chosen?.id ?? null} onChange={setPickedId} />
      <StockWatch chosen={chosen} hasOpen={open.length > 0} />
      {open.length > 0 && (
        <div className="seam grid gap-5 pt-6">
          <div className="flex items-center justify-between gap-4">
            <Quantity label={t('quantity')} value={quantity} max={max} onChange={setWanted} />
            {chosen !== undefined && (
              <p className="text-right">
                <span className="block text-sm text-soft">{t('sum')}</span>
                <span className="figures text-xl font-extrabold">{money(chosen.price * quantity)}</span>
              </p>
            )}
          </div>
          {chosen !== undefined && chosen.maxPerUser !== null && (
            <p className="text-sm text-soft">{t('limit', { count: chosen.maxPerUser })}</p>
          )}
          <div className="sticky bottom-[calc(4.5rem+env(safe-area-inset-bottom))] -mx-4 grid grid-cols-2 gap-3 bg-ground/95 px-4 py-3 backdrop-blur-md md:static md:mx-0 md:bg-transparent md:p-0">
            <Button look="secondary" disabled={!canBuy} onClick={putIntoBasket}>
              {t('add')}
            </Button>
            <Button
              disabled={!canBuy}
              onClick={() => void navigate({ to: '/checkout', search: { product: product.id, option: chosen?.id ?? '', quantity } })}
            >
              {t('buy')}
            </Button>
          </div>
          {chosen === undefined && <p className="text-sm text-soft">{t('chooseFirst')}</p>}
        </div>
      )}
    </div>
  );
}

interface OptionsProps {
  readonly options: readonly ProductOption[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}

function Options({ options, value, onChange }: OptionsProps) {
  const t = useTranslations('product');
  const { money } = useFormats();
  const label = useId();
  const hasPrices = new Set(options.map(({ price }) => price)).size > 1;
  return (
    <div className="grid gap-3">
      <h2 id={label} className="font-bold">
        {t('options')}
      </h2>
      <RadioGroup
        aria-labelledby={label}
        value={value}
        onValueChange={(id: string | null) => {
          if (id !== null) onChange(id);
        }}
        className="grid grid-cols-2 gap-2.5 lg:grid-cols-3"
      >
        {options.map(({ id, name, price, available, soldOut }) => (
          <Radio.Root
            key={id}
            value={id}
            disabled={soldOut}
            className="flex min-h-16 flex-col items-start justify-center rounded-control border border-line-strong bg-surface px-4 py-2.5 text-left outline-offset-2 transition-colors not-data-disabled:hover:border-ink data-checked:border-indigo data-checked:bg-indigo-wash data-checked:shadow-[inset_0_0_0_1px_var(--indigo)] data-disabled:border-dashed data-disabled:border-line data-disabled:bg-transparent"
          >
            <span className={`font-bold ${soldOut ? 'text-soft line-through' : ''}`}>{name}</span>
            {hasPrices && <span className="figures text-sm">{money(price)}</span>}
            <span className={`figures text-sm ${!soldOut && available <= FEW ? 'font-semibold text-vermilion' : 'text-soft'}`}>
              {soldOut ? t('soldOut') : t('left', { count: available })}
            </span>
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}

/** Says it when what is looked at sells out. */
function StockWatch({ chosen, hasOpen }: { readonly chosen: ProductOption | undefined; readonly hasOpen: boolean }) {
  const t = useTranslations('product');
  const [seenOpenId, setSeenOpenId] = useState<string | null>(null);
  const isSoldOut = chosen?.soldOut === true;
  if (chosen !== undefined && !chosen.soldOut && chosen.id !== seenOpenId) setSeenOpenId(chosen.id);
  const text = hasOpen ? isSoldOut && seenOpenId === chosen.id && t('justSoldOut') : t('allSoldOut');
  return (
    <div aria-live="assertive" className="empty:absolute">
      {text !== false && <Message tone="error">{text}</Message>}
    </div>
  );
}

function priceOf(options: readonly ProductOption[], chosen: ProductOption | undefined, money: (amount: number) => string): string {
  if (chosen !== undefined) return money(chosen.price);
  const prices = options.map(({ price }) => price);
  if (prices.length === 0) return '';
  const [lowest, highest] = [Math.min(...prices), Math.max(...prices)];
  return lowest === highest ? money(lowest) : `${money(lowest)} – ${money(highest)}`;
}
