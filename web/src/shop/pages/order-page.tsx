/** One order: how far it is, what became of what it held, and what can still be done. */
import { type Order, Problem } from '@openrun/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { cancelOrder } from '../../api/commands.ts';
import { orderQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useProblemText } from '../problem-text.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { OrderLines } from '../ui/order-lines.tsx';
import { StatusWord } from '../ui/order-status.tsx';
import { expectNewPage, PageTitle } from '../ui/page-title.tsx';
import { PageSkeleton } from '../ui/shell.tsx';
import { SignInFirst } from '../ui/sign-in-first.tsx';
import { ErrorState, Message } from '../ui/states.tsx';
import { MissingPage } from './lost-pages.tsx';

const route = getRouteApi('/orders/$orderId');

export function OrderPage() {
  const t = useTranslations('order');
  return <SignInFirst title={t('title')}>{() => <Loaded />}</SignInFirst>;
}

function Loaded() {
  const { orderId } = route.useParams();
  const order = useQuery(orderQuery(orderId));
  if (order.data !== undefined) return <OrderView order={order.data} />;
  if (!order.isError) return <PageSkeleton />;
  if (order.error instanceof Problem && order.error.status < 500 && order.error.status > 0) return <MissingPage />;
  return <ErrorState error={order.error} onRetry={() => void order.refetch()} />;
}

function OrderView({ order }: { readonly order: Order }) {
  const t = useTranslations('order');
  const { moment } = useFormats();
  return (
    <div className="grid max-w-3xl gap-6">
      <Link to="/orders" className="inline-flex min-h-11 items-center gap-2 justify-self-start font-medium text-soft hover:text-ink">
        <ArrowLeft aria-hidden className="size-5" />
        {t('all')}
      </Link>
      <div className="grid gap-3">
        <div>
          <StatusWord status={order.status} />
        </div>
        <PageTitle key={order.status} title={t(`headline.${order.status}`)} />
        <p className="text-soft">{t('placed', { time: moment(order.createdAt) })}</p>
      </div>
      <Hold order={order} />
      <OrderLines order={order} />
      {order.status === 'pending' && <Actions orderId={order.id} />}
      <p className="text-sm break-all text-soft">{t('number', { id: order.id })}</p>
    </div>
  );
}

/** What happened to the stock and the coupon that the order held. */
function Hold({ order }: { readonly order: Order }) {
  const t = useTranslations('order');
  const { moment } = useFormats();
  const client = useQueryClient();
  const { status, userCouponId, expiresAt, paidAt } = order;
  const hasCoupon = String(userCouponId !== null);
  return (
    <section aria-label={t('hold')} className="card flex flex-wrap items-center justify-between gap-4 p-6">
      <p className="max-w-xl">
        {t(`held.${status}`, { hasCoupon, time: moment(status === 'pending' || status === 'expired' ? expiresAt : (paidAt ?? expiresAt)) })}
      </p>
      {status === 'pending' && (
        <Countdown
          until={expiresAt}
          label={t('timeLeft')}
          isDeadline
          className="text-3xl font-black"
          onEnd={() => void client.invalidateQueries({ queryKey: ['mine'] })}
        />
      )}
    </section>
  );
}

function Actions({ orderId }: { readonly orderId: string }) {
  const t = useTranslations('order');
  const textOf = useProblemText();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelOrder(orderId),
    onSuccess: (order) => {
      // The buttons go with what they were for; the new heading says what became of it.
      expectNewPage();
      client.setQueryData(orderQuery(orderId).queryKey, order);
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['mine'] }),
  });
  return (
    <div className="grid gap-4">
      {cancel.error !== null && <Message tone="error">{textOf(cancel.error)}</Message>}
      <div className="flex flex-wrap gap-3">
        <Link to="/orders/$orderId/pay" params={{ orderId }} className={buttonClass('primary', 'flex-1 sm:flex-none sm:px-12')}>
          {t('pay')}
        </Link>
        <Confirm
          trigger={
            <Button look="danger" isPending={cancel.isPending} className="flex-1 sm:flex-none">
              {t('cancel')}
            </Button>
          }
          title={t('cancelTitle')}
          text={t('cancelText')}
          confirmLabel={t('cancel')}
          cancelLabel={t('keep')}
          onConfirm={() => cancel.mutate()}
        />
      </div>
    </div>
  );
}
