/** One customer: balance and what changed it, orders and coupons; staff charge the balance here. */
import type { CustomerDetail } from '@openrun/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { useDiscountLine } from '../../shop/ui/discount-text.ts';
import { customerCouponsQuery, customerHistoryQuery, customerQuery, orderListQuery } from '../api/queries.ts';
import { ChargePanel } from '../forms/charge-panel.tsx';
import { IssuedBadge, Moment, OrderLink, shortId } from '../parts/names.tsx';
import { useOrderColumns } from '../parts/order-columns.tsx';
import { Badge } from '../ui/badge.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Listing } from '../ui/listing.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';

const route = getRouteApi('/customers/$userId');

export function CustomerPage() {
  const t = useTranslations('admin.customer');
  const { userId } = route.useParams();
  const query = useQuery(customerQuery(userId));
  return (
    <Page
      title={query.data?.account?.name ?? t('title', { id: shortId(userId) })}
      above={
        <Link to="/customers" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
      beside={query.data?.account?.role === 'staff' && <Badge tone="busy">{t('staff')}</Badge>}
      actions={query.data !== undefined && <ChargePanel userId={userId} />}
    >
      <Loaded query={query}>
        {(customer) => (
          <>
            <Glance customer={customer} />
            <h2 className="text-lg font-bold">{t('orders')}</h2>
            <Orders userId={userId} />
            <h2 className="text-lg font-bold">{t('history')}</h2>
            <History userId={userId} />
            <h2 className="text-lg font-bold">{t('coupons')}</h2>
            <Coupons userId={userId} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Glance({ customer: { userId, account, balance, counts } }: { readonly customer: CustomerDetail }) {
  const t = useTranslations('admin.customer');
  const { money, count } = useFormats();
  return (
    <Section title={t('glance')}>
      <p className="figures text-3xl font-extrabold">
        <span className="block text-sm font-normal text-soft">{t('balance')}</span>
        {money(balance)}
      </p>
      <Facts
        facts={[
          [t('email'), account?.email ?? t('noAccount')],
          [t('orderCount'), count(counts.orders)],
          [t('pendingOrders'), count(counts.pendingOrders)],
          [t('paid'), money(counts.paid)],
          [t('refunded'), money(counts.refunded)],
          [t('couponCount'), count(counts.coupons)],
          [t('usedCoupons'), count(counts.usedCoupons)],
          [t('number'), userId],
        ]}
      />
    </Section>
  );
}

function Orders({ userId }: { readonly userId: string }) {
  const t = useTranslations('admin.customer');
  const query = useInfiniteQuery(orderListQuery({ userId }));
  const columns = useOrderColumns({ withCustomer: false });
  return <Listing query={query} caption={t('orders')} columns={columns} keyOf={({ id }) => id} empty={t('noOrders')} />;
}

function History({ userId }: { readonly userId: string }) {
  const t = useTranslations('admin.customer');
  const { money } = useFormats();
  const query = useInfiniteQuery(customerHistoryQuery(userId));
  return (
    <Listing
      query={query}
      caption={t('history')}
      keyOf={({ id }) => id}
      empty={t('noHistory')}
      columns={[
        { id: 'at', header: t('at'), isHeader: true, cell: ({ createdAt }) => <Moment iso={createdAt} /> },
        { id: 'kind', header: t('kind'), cell: ({ kind }) => t(kind) },
        { id: 'delta', header: t('delta'), isFigure: true, cell: ({ delta }) => `${delta > 0 ? '+' : ''}${money(delta)}` },
        { id: 'after', header: t('after'), isFigure: true, cell: ({ balanceAfter }) => money(balanceAfter) },
        { id: 'reference', header: t('reference'), cell: ({ reference }) => (reference === null ? '–' : shortId(reference)) },
      ]}
    />
  );
}

function Coupons({ userId }: { readonly userId: string }) {
  const t = useTranslations('admin.customer');
  const discount = useDiscountLine();
  const { count } = useFormats();
  const query = useInfiniteQuery(customerCouponsQuery(userId));
  return (
    <Listing
      query={query}
      caption={t('coupons')}
      keyOf={({ id }) => id}
      empty={t('noCoupons')}
      columns={[
        {
          id: 'name',
          header: t('coupon'),
          isHeader: true,
          cell: ({ couponId, name }) => (
            <Link to="/coupons/$couponId" params={{ couponId }} className="underline decoration-line-strong underline-offset-4">
              {name}
            </Link>
          ),
        },
        { id: 'status', header: t('status'), cell: ({ status }) => <IssuedBadge status={status} /> },
        { id: 'discount', header: t('discount'), cell: (coupon) => discount(coupon.discount) },
        { id: 'sequence', header: t('sequence'), isFigure: true, cell: ({ sequence }) => count(sequence) },
        { id: 'order', header: t('order'), cell: ({ orderId }) => (orderId === null ? '–' : <OrderLink orderId={orderId} />) },
        { id: 'issued', header: t('issued'), cell: ({ issuedAt }) => <Moment iso={issuedAt} /> },
        { id: 'expires', header: t('expires'), cell: ({ expiresAt }) => <Moment iso={expiresAt} /> },
      ]}
    />
  );
}
