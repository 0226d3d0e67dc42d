/** What goes through: orders, payments and coupons, what was refused of them, and what they bring. */
import type { Dashboard } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import type { Point } from '../api/points.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ChartCard } from './chart-card.tsx';
import { TrendChart } from './trend-chart.tsx';

export interface TrendProps {
  readonly snapshot: Dashboard;
  readonly points: readonly Point[];
}

const FLOWS = ['orders', 'payments', 'couponIssues'] as const;

export function FlowCard({ snapshot: { flows, processes }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  const nameOf = (line: string): string => {
    const flow = FLOWS.find((known) => known === line);
    return flow === undefined ? line : t(flow);
  };
  const rows = FLOWS.map((name) => ({ name, ...flows[name] }));
  return (
    <ChartCard
      title={t('flowTitle')}
      hint={t('ofProcesses', { processes })}
      summary={rows.map(({ name, perSecond }) => `${t(name)}: ${count(perSecond.done)}`).join(', ')}
      chart={<TrendChart points={points} of="flows" nameOf={nameOf} format={count} />}
      table={
        <DataTable
          caption={t('flowTitle')}
          rows={rows}
          keyOf={({ name }) => name}
          columns={[
            { id: 'name', header: t('flow'), isHeader: true, cell: ({ name }) => t(name) },
            { id: 'rate', header: t('rate'), isFigure: true, cell: ({ perSecond }) => count(perSecond.done) },
            { id: 'done', header: t('done'), isFigure: true, cell: ({ done }) => count(done) },
            { id: 'replayed', header: t('replayed'), isFigure: true, cell: ({ replayed }) => count(replayed) },
          ]}
        />
      }
    />
  );
}

export function RefusalCard({ snapshot: { flows }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  const rows = FLOWS.flatMap((name) => {
    const { refused, perSecond } = flows[name];
    return Object.entries(refused).map(([code, total]) => ({ name, code, total, rate: perSecond.refused[code] ?? 0 }));
  });
  return (
    <ChartCard
      title={t('refusalTitle')}
      hint={t('refusalHint')}
      summary={rows.map(({ code, rate }) => `${code}: ${count(rate)}`).join(', ')}
      empty={rows.length === 0 ? t('noRefusals') : null}
      chart={<TrendChart points={points} of="refused" format={count} />}
      table={
        <DataTable
          caption={t('refusalTitle')}
          rows={rows}
          keyOf={({ name, code }) => `${name} ${code}`}
          columns={[
            { id: 'code', header: t('reason'), isHeader: true, cell: ({ code }) => <code className="text-xs">{code}</code> },
            { id: 'flow', header: t('flow'), cell: ({ name }) => t(name) },
            { id: 'rate', header: t('rate'), isFigure: true, cell: ({ rate }) => count(rate) },
            { id: 'total', header: t('total'), isFigure: true, cell: ({ total }) => count(total) },
          ]}
        />
      }
    />
  );
}

export function RevenueCard({ snapshot: { sales }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { money, count } = useFormats();
  const rows = (['today', 'lastHour'] as const).map((name) => ({ name, figures: sales[name] }));
  const nameOf = (): string => t('revenueToday');
  return (
    <ChartCard
      title={t('revenueTitle')}
      hint={t('beforeRefunds')}
      summary={`${t('revenueToday')}: ${money(sales.today.revenue)}`}
      chart={<TrendChart points={points} of="revenue" nameOf={nameOf} format={money} />}
      table={
        <DataTable
          caption={t('revenueTitle')}
          rows={rows}
          keyOf={({ name }) => name}
          columns={[
            { id: 'span', header: t('span'), isHeader: true, cell: ({ name }) => t(`spans.${name}`) },
            { id: 'revenue', header: t('revenue'), isFigure: true, cell: ({ figures }) => money(figures.revenue) },
            { id: 'orders', header: t('orders'), isFigure: true, cell: ({ figures }) => count(figures.orders) },
            { id: 'payments', header: t('payments'), isFigure: true, cell: ({ figures }) => count(figures.payments) },
          ]}
        />
      }
    />
  );
}
