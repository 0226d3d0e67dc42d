/** The second step of buying: paying what is held, while it is held. */
import { type Order, Problem } from '@openrun/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { orderQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { PayForm } from '../forms/pay-form.tsx';
import { useRemaining } from '../now.ts';
import { buttonClass } from '../ui/button.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { OrderLines } from '../ui/order-lines.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { PageSkeleton } from '../ui/shell.tsx';
import { SignInFirst } from '../ui/sign-in-first.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { Steps } from '../ui/steps.tsx';
import { MissingPage } from './lost-pages.tsx';

const route = getRouteApi('/orders/$orderId/pay');

export function PayPage() {
  const t = useTranslations('pay');
  return <SignInFirst title={t('title')}>{() => <Loaded />}</SignInFirst>;
}

function Loaded() {
  const { orderId } = route.useParams();
  const order = useQuery(orderQuery(orderId));
  if (order.data !== undefined) return <Pay order={order.data} />;
  if (!order.isError) return <PageSkeleton />;
  if (order.error instanceof Problem && order.error.status < 500 && order.error.status > 0) return <MissingPage />;
  return <ErrorState error={order.error} onRetry={() => void order.refetch()} />;
}

function Pay({ order }: { readonly order: Order }) {
  const isOver = useRemaining(order.expiresAt) === 0;
  const { id: orderId, status } = order;
  if (status === 'expired' || (status === 'pending' && isOver)) return <Expired order={order} />;
  // Paid in another tab, or before a reload: the order's own page says so.
  if (status !== 'pending') return <Navigate to="/orders/$orderId" params={{ orderId }} replace />;
  return <Pending order={order} />;
}

function Pending({ order }: { readonly order: Order }) {
  const t = useTranslations('pay');
  const { money } = useFormats();
  return (
    <div className="grid gap-6">
      <Steps current="pay" />
      <PageTitle title={t('title')} />
      <div className="grid gap-6 lg:grid-cols-[1fr_24rem] lg:items-start lg:gap-12">
        <section aria-labelledby="held" className="grid gap-5">
          <div className="card sticky top-18 z-10 flex items-center justify-between gap-4 px-6 py-4 shadow-lift lg:static lg:py-6 lg:shadow-none">
            <div>
              <h2 id="held" className="font-bold">
                {t('held')}
              </h2>
              <p className="text-soft">{t('heldHint')}</p>
            </div>
            <Countdown until={order.expiresAt} label={t('timeLeft')} isDeadline className="text-4xl font-black" />
          </div>
          <OrderLines order={order} />
        </section>
        <aside className="card grid gap-5 p-6 lg:sticky lg:top-24">
          <p className="flex items-baseline justify-between">
            <span className="font-bold">{t('total')}</span>
            <span className="figures text-3xl font-black">{money(order.total)}</span>
          </p>
          <PayForm order={order} />
        </aside>
      </div>
    </div>
  );
}

function Expired({ order }: { readonly order: Order }) {
  const t = useTranslations('pay');
  const client = useQueryClient();
  const first = order.lines[0];
  const isStale = order.status === 'pending';
  useEffect(() => {
    if (isStale) void client.invalidateQueries({ queryKey: ['mine'] });
  }, [isStale, client]);
  return (
    <div className="grid gap-6">
      <PageTitle title={t('expired')} takesFocus />
      <div role="alert">
        <EmptyState icon={<Hourglass />} title={t('expiredText')}>
          <p>{t(order.userCouponId === null ? 'expiredHint' : 'expiredHintCoupon')}</p>
          <div className="flex flex-wrap justify-center gap-3">
            {first !== undefined && (
              <Link to="/products/$productId" params={{ productId: first.productId }} className={buttonClass('primary')}>
                {t('again')}
              </Link>
            )}
            <Link to="/orders/$orderId" params={{ orderId: order.id }} className={buttonClass('secondary')}>
              {t('seeOrder')}
            </Link>
          </div>
        </EmptyState>
      </div>
    </div>
  );
}
