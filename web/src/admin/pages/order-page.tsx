/** One order: what it is, what happened to it, and what staff can do about it. */
import type { Order } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Confirm } from '../../shop/ui/confirm.tsx';
import { StatusWord } from '../../shop/ui/order-status.tsx';
import { cancelOrderOf } from '../api/commands.ts';
import { paymentQuery, refundsQuery, staffOrderQuery, timelineQuery } from '../api/queries.ts';
import { RefundForm } from '../forms/refund-form.tsx';
import { CustomerLink, Moment } from '../parts/names.tsx';
import { TimelineList } from '../parts/timeline.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';

const route = getRouteApi('/orders/$orderId');

export function OrderPage() {
  const t = useTranslations('admin.order');
  const { orderId } = route.useParams();
  const query = useQuery(staffOrderQuery(orderId));
  return (
    <Page
      title={t('title', { id: orderId.slice(-12) })}
      above={
        <Link to="/orders" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
      beside={query.data !== undefined && <StatusWord status={query.data.status} />}
      actions={query.data !== undefined && <OrderActions order={query.data} />}
    >
      <Loaded query={query}>
        {(order) => (
          <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <div className="grid grid-cols-1 min-w-0 gap-4">
              <OrderFacts order={order} />
              <OrderLines order={order} />
              {order.paymentId !== null && <Refunds paymentId={order.paymentId} />}
            </div>
            <OrderTimeline orderId={order.id} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function OrderActions({ order }: { readonly order: Order }) {
  const t = useTranslations('admin.order');
  const cancel = useWrite({ run: cancelOrderOf, done: () => t('cancelled') });
  const payment = order.status === 'paid' || order.status === 'partiallyRefunded' ? order.paymentId : null;
  return (
    <>
      {cancel.error !== null && <ProblemMessage error={cancel.error} />}
      {order.status === 'pending' && (
        <Confirm
          trigger={
            <Button look="danger" isPending={cancel.isPending}>
              {t('cancel')}
            </Button>
          }
          title={t('cancelTitle')}
          text={t('cancelText')}
          confirmLabel={t('cancel')}
          cancelLabel={t('keep')}
          onConfirm={() => cancel.mutate(order.id)}
        />
      )}
      {payment !== null && (
        <Panel title={t('refundTitle')} hint={t('refundHint')} isFirm trigger={<Button look="danger">{t('refund')}</Button>}>
          {(close) => <RefundForm order={order} paymentId={payment} onDone={close} />}
        </Panel>
      )}
    </>
  );
}

function OrderFacts({ order }: { readonly order: Order }) {
  const t = useTranslations('admin.order');
  const { money } = useFormats();
  const payment = useQuery({ ...paymentQuery(order.paymentId ?? ''), enabled: order.paymentId !== null });
  return (
    <Section title={t('facts')}>
      <Facts
        facts={[
          [t('number'), order.id],
          [t('customer'), <CustomerLink key="customer" userId={order.userId} />],
          [t('placed'), <Moment key="placed" iso={order.createdAt} />],
          order.paidAt === null
            ? [t('heldUntil'), <Moment key="held" iso={order.expiresAt} />]
            : [t('paid'), <Moment key="paid" iso={order.paidAt} />],
          [t('subtotal'), money(order.subtotal)],
          [t('discount'), order.discount === 0 ? '–' : money(-order.discount)],
          [t('total'), money(order.total)],
          ...(payment.data === undefined ? [] : ([[t('refunded'), money(payment.data.refunded)]] as const)),
        ]}
      />
    </Section>
  );
}

function OrderLines({ order }: { readonly order: Order }) {
  const t = useTranslations('admin.order');
  const { money, count } = useFormats();
  return (
    <Section title={t('lines')}>
      <div className="-mx-5">
        <DataTable
          caption={t('lines')}
          rows={order.lines}
          keyOf={({ optionId }) => optionId}
          columns={[
            {
              id: 'name',
              header: t('item'),
              isHeader: true,
              cell: ({ name, productId }) => (
                <Link to="/products/$productId" params={{ productId }} className="underline decoration-line-strong underline-offset-4">
                  {name}
                </Link>
              ),
            },
            { id: 'sku', header: t('sku'), cell: ({ sku }) => <code className="whitespace-nowrap">{sku}</code> },
            { id: 'price', header: t('price'), isFigure: true, cell: ({ unitPrice }) => money(unitPrice) },
            { id: 'quantity', header: t('quantity'), isFigure: true, cell: ({ quantity }) => count(quantity) },
            { id: 'amount', header: t('amount'), isFigure: true, cell: ({ amount }) => money(amount) },
          ]}
        />
      </div>
    </Section>
  );
}

function Refunds({ paymentId }: { readonly paymentId: string }) {
  const t = useTranslations('admin.order');
  const { money } = useFormats();
  const query = useQuery(refundsQuery(paymentId));
  if (query.data?.length === 0) return null;
  return (
    <Section title={t('refunds')}>
      <Loaded query={query} lines={1}>
        {(refunds) => (
          <div className="-mx-5">
            <DataTable
              caption={t('refunds')}
              rows={refunds}
              keyOf={({ id }) => id}
              columns={[
                { id: 'at', header: t('at'), isHeader: true, cell: ({ createdAt }) => <Moment iso={createdAt} /> },
                { id: 'amount', header: t('amount'), isFigure: true, cell: ({ amount }) => money(amount) },
                { id: 'restocked', header: t('stock'), cell: ({ restocked }) => t(restocked ? 'restocked' : 'notRestocked') },
                { id: 'reason', header: t('reason'), cell: ({ reason }) => <span className="block min-w-36">{reason}</span> },
              ]}
            />
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function OrderTimeline({ orderId }: { readonly orderId: string }) {
  const t = useTranslations('admin.order');
  const query = useQuery(timelineQuery(orderId));
  return (
    <Section title={t('timeline')}>
      <Loaded query={query}>{(timeline) => <TimelineList timeline={timeline} />}</Loaded>
    </Section>
  );
}
