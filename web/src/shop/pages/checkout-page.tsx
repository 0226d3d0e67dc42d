/** The first step of buying: what is ordered, with which coupon, and what it will cost. Ordering holds it. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { ShoppingBag } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBasket } from '../basket.ts';
import { OrderForm } from '../forms/order-form.tsx';
import { useLines } from '../lines.ts';
import { buttonClass } from '../ui/button.tsx';
import { LineRow } from '../ui/line-row.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { SignInFirst } from '../ui/sign-in-first.tsx';
import { EmptyState, ErrorState, Skeletons } from '../ui/states.tsx';
import { Steps } from '../ui/steps.tsx';

const route = getRouteApi('/checkout');

export function CheckoutPage() {
  const t = useTranslations('checkout');
  return <SignInFirst title={t('title')}>{() => <Checkout />}</SignInFirst>;
}

function Checkout() {
  const t = useTranslations('checkout');
  const { product, option, quantity } = route.useSearch();
  const basket = useBasket();
  const isDirect = product !== undefined && option !== undefined;
  const wanted = isDirect ? [{ productId: product, optionId: option, quantity: quantity ?? 1 }] : basket;
  const lines = useLines(wanted);
  if (!lines.isLoading && lines.error === null && lines.known.length === 0) return <Nothing />;
  return (
    <div className="grid gap-6">
      <Steps current="order" />
      <PageTitle title={t('title')} />
      {lines.error !== null && <ErrorState error={lines.error} onRetry={lines.retry} />}
      <div className="grid gap-8 lg:grid-cols-[1fr_24rem] lg:items-start lg:gap-12">
        <section aria-labelledby="lines">
          <h2 id="lines" className="text-xl font-bold">
            {t('lines')}
          </h2>
          <ul className="divide-y divide-line">
            {lines.known.map((line) => (
              <LineRow key={line.optionId} line={line} />
            ))}
          </ul>
          {lines.isLoading && <Skeletons count={wanted.length} className="mt-5 h-24" />}
        </section>
        <OrderForm lines={lines} isFromBasket={!isDirect} />
      </div>
    </div>
  );
}

function Nothing() {
  const t = useTranslations('checkout');
  return (
    <div className="grid gap-6">
      <PageTitle title={t('title')} />
      <EmptyState icon={<ShoppingBag />} title={t('nothing')}>
        <Link to="/" className={buttonClass('secondary')}>
          {t('look')}
        </Link>
      </EmptyState>
    </div>
  );
}
