/** What is left: of coupons, of the stock, and what became of the orders. */
import type { Dashboard, OrderStatus } from '@openrun/client';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { DataTable } from '../ui/data-table.tsx';
import { BarsChart } from './bars-chart.tsx';
import { ChartCard } from './chart-card.tsx';
import type { TrendProps } from './flow-cards.tsx';
import { TrendChart } from './trend-chart.tsx';

const LINK = 'underline decoration-line-strong underline-offset-4';
const STATUSES = ['pending', 'paid', 'cancelled', 'expired', 'refunded', 'partiallyRefunded'] as const satisfies readonly OrderStatus[];

export function CouponCard({ snapshot: { coupons }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  return (
    <ChartCard
      title={t('couponTitle')}
      hint={t('couponHint')}
      summary={coupons.map(({ name, remaining }) => `${name}: ${count(remaining)}`).join(', ')}
      empty={coupons.length === 0 ? t('noCoupons') : null}
      chart={<TrendChart points={points} of="coupons" format={(value) => `${count(value)}%`} />}
      table={
        <DataTable
          caption={t('couponTitle')}
          rows={coupons}
          keyOf={({ couponId }) => couponId}
          columns={[
            {
              id: 'name',
              header: t('coupon'),
              isHeader: true,
              cell: ({ couponId, name }) => (
                <Link to="/coupons/$couponId" params={{ couponId }} className={LINK}>
                  {name}
                </Link>
              ),
            },
            { id: 'remaining', header: t('remaining'), isFigure: true, cell: ({ remaining }) => count(remaining) },
            { id: 'issued', header: t('issued'), isFigure: true, cell: ({ issued }) => count(issued) },
            { id: 'rate', header: t('rate'), isFigure: true, cell: ({ issuedPerSecond }) => count(issuedPerSecond) },
            {
              id: 'left',
              header: t('secondsLeft'),
              isFigure: true,
              cell: ({ secondsLeft }) => (secondsLeft === null ? '–' : t('seconds', { value: secondsLeft })),
            },
          ]}
        />
      }
    />
  );
}

export function StockCard({ snapshot: { stock } }: { readonly snapshot: Dashboard }) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  const { runningOut } = stock;
  return (
    <ChartCard
      title={t('stockTitle')}
      hint={t('stockHint', { soldOut: count(stock.soldOut) })}
      summary={runningOut.map(({ name, available }) => `${name}: ${count(available)}`).join(', ')}
      empty={runningOut.length === 0 ? t('noneRunningOut') : null}
      chart={
        <BarsChart bars={runningOut.slice(0, 8).map(({ sku, available }) => ({ name: sku, value: available }))} label={t('available')} />
      }
      table={
        <DataTable
          caption={t('stockTitle')}
          rows={runningOut}
          keyOf={({ optionId }) => optionId}
          columns={[
            {
              id: 'name',
              header: t('option'),
              isHeader: true,
              cell: ({ productId, name }) => (
                <Link to="/products/$productId" params={{ productId }} className={LINK}>
                  {name}
                </Link>
              ),
            },
            { id: 'sku', header: t('sku'), cell: ({ sku }) => <code className="text-xs whitespace-nowrap">{sku}</code> },
            { id: 'available', header: t('available'), isFigure: true, cell: ({ available }) => count(available) },
            { id: 'reserved', header: t('reserved'), isFigure: true, cell: ({ reserved }) => count(reserved) },
          ]}
        />
      }
    />
  );
}

export function OrdersCard({ snapshot: { orders } }: { readonly snapshot: Dashboard }) {
  const t = useTranslations('admin.dashboard');
  const statuses = useTranslations('status');
  const { count } = useFormats();
  const rows = STATUSES.map((status) => ({ status, name: statuses(status), value: orders.byStatus[status] ?? 0 }));
  return (
    <ChartCard
      title={t('ordersTitle')}
      hint={t('ordersHint')}
      summary={rows.map(({ name, value }) => `${name}: ${count(value)}`).join(', ')}
      empty={rows.every(({ value }) => value === 0) ? t('noOrders') : null}
      chart={<BarsChart bars={rows} label={t('orders')} />}
      table={
        <DataTable
          caption={t('ordersTitle')}
          rows={rows}
          keyOf={({ status }) => status}
          columns={[
            { id: 'status', header: t('status'), isHeader: true, cell: ({ name }) => name },
            { id: 'orders', header: t('orders'), isFigure: true, cell: ({ value }) => count(value) },
          ]}
        />
      }
    />
  );
}
