/** What the customer has ordered. */
import type { Order } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, ReceiptText } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ordersQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { StatusWord } from '../ui/order-status.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Patchwork } from '../ui/patchwork.tsx';
import { SignInFirst } from '../ui/sign-in-first.tsx';
import { EmptyState, ErrorState, Skeletons } from '../ui/states.tsx';

export function OrdersPage() {
  const t = useTranslations('orders');
  return (
    <SignInFirst title={t('title')}>
      {({ id }) => (
        <div className="grid max-w-3xl gap-6">
          <PageTitle title={t('title')} />
          <Orders userId={id} />
        </div>
      )}
    </SignInFirst>
  );
}

function Orders({ userId }: { readonly userId: string }) {
  const t = useTranslations('orders');
  const orders = useInfiniteQuery(ordersQuery(userId));
  if (orders.data === undefined) {
    if (orders.isError) return <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />;
    return <Skeletons count={4} className="h-28" />;
  }
  const all = orders.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) {
    return (
      <EmptyState icon={<ReceiptText />} title={t('none')}>
        <Link to="/" className={buttonClass('secondary')}>
          {t('look')}
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="grid gap-3">
        {all.map((order) => (
          <li key={order.id}>
            <OrderCard order={order} onExpire={() => void orders.refetch()} />
          </li>
        ))}
      </ul>
      {orders.hasNextPage && (
        <Button look="secondary" isPending={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}

function OrderCard({ order, onExpire }: { readonly order: Order; readonly onExpire: () => void }) {
  const t = useTranslations('orders');
  const { money, moment } = useFormats();
  const [first] = order.lines;
  return (
    <Link
      to="/orders/$orderId"
      params={{ orderId: order.id }}
      className="card flex items-center gap-4 p-4 transition-colors hover:border-line-strong sm:p-5"
    >
      <Patchwork seed={first?.productId ?? order.id} className="h-20 w-16 shrink-0 rounded-[6px]" />
      <span className="grid min-w-0 flex-1 gap-1">
        <span className="flex flex-wrap items-center gap-3">
          <StatusWord status={order.status} />
          {order.status === 'pending' && (
            <Countdown until={order.expiresAt} label={t('timeLeft')} isDeadline className="font-bold" onEnd={onExpire} />
          )}
        </span>
        <span className="truncate font-semibold">{t('names', { first: first?.name ?? '', more: order.lines.length - 1 })}</span>
        <span className="figures text-sm text-soft">
          {moment(order.createdAt)} · <span className="font-bold text-ink">{money(order.total)}</span>
        </span>
      </span>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-soft" />
    </Link>
  );
}
