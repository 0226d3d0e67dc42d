/** How the sale goes, as it goes. */
import { type Dashboard, Problem } from '@openrun/client';
import { useQueryClient } from '@tanstack/react-query';
import { Radio, RefreshCw, Unplug } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { sessionQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { ErrorState } from '../../shop/ui/states.tsx';
import { type Feed, followFeed, readFeed } from '../api/feed.ts';
import type { Point } from '../api/points.ts';
import { FlowCard, RefusalCard, RevenueCard } from '../parts/flow-cards.tsx';
import { CouponCard, OrdersCard, StockCard } from '../parts/sale-cards.tsx';
import { BatchCard, LagCard, QueueCard } from '../parts/system-cards.tsx';
import { Badge } from '../ui/badge.tsx';
import { Page } from '../ui/page.tsx';
import { PageSkeleton } from '../ui/shell.tsx';

export function DashboardPage() {
  const t = useTranslations('admin.dashboard');
  const { snapshot, points, source, error } = useSyncExternalStore(followFeed, readFeed);
  const client = useQueryClient();
  const isOut = error instanceof Problem && error.status === 401;
  useEffect(() => {
    // The session ended meanwhile: ask who is signed in, and the shell says the rest.
    if (isOut) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [isOut, client]);
  if (snapshot === null) {
    return (
      <Page title={t('title')}>{error === null ? <PageSkeleton /> : <ErrorState error={error} onRetry={() => location.reload()} />}</Page>
    );
  }
  return (
    <Page title={t('title')} beside={<Source source={source} asOf={snapshot.asOf} />}>
      <Tiles snapshot={snapshot} />
      <Cards snapshot={snapshot} points={points} />
    </Page>
  );
}

function Source({ source, asOf }: { readonly source: Feed['source']; readonly asOf: string }) {
  const t = useTranslations('admin.dashboard');
  const { clock } = useFormats();
  const Icon = source === 'stream' ? Radio : source === 'broken' ? Unplug : RefreshCw;
  return (
    <span className="flex items-center gap-2 text-sm text-soft">
      <span role="status">
        <Badge tone={source === 'stream' ? 'good' : source === 'broken' ? 'bad' : 'busy'}>
          <span className="flex items-center gap-1">
            <Icon aria-hidden className="size-3.5" />
            {t(`source.${source}`)}
          </span>
        </Badge>
      </span>
      <span className="figures">{clock(Date.parse(asOf))}</span>
    </span>
  );
}

function Tiles({ snapshot: { sales, holds, stock, flows } }: { readonly snapshot: Dashboard }) {
  const t = useTranslations('admin.dashboard');
  const { money, count, clock } = useFormats();
  const tiles = [
    { name: t('revenueToday'), value: money(sales.today.revenue), more: t('lastHour', { value: money(sales.lastHour.revenue) }) },
    { name: t('ordersToday'), value: count(sales.today.orders), more: t('perSecond', { value: count(flows.orders.perSecond.done) }) },
    { name: t('paymentsToday'), value: count(sales.today.payments), more: t('perSecond', { value: count(flows.payments.perSecond.done) }) },
    { name: t('holds'), value: count(holds.orders), more: t('held', { value: money(holds.total) }) },
    {
      name: t('expiring'),
      value: count(holds.expiringWithinMinute),
      more:
        holds.nextExpiryAt === null
          ? t('overdue', { count: count(holds.overdue) })
          : t('nextExpiry', { time: clock(Date.parse(holds.nextExpiryAt)) }),
    },
    { name: t('soldOut'), value: count(stock.soldOut), more: t('runningOut', { count: count(stock.runningOut.length) }) },
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
      {tiles.map(({ name, value, more }) => (
        <div key={name} className="card p-4">
          <dt className="text-sm text-soft">{name}</dt>
          <dd className="figures mt-0.5">
            <span className="block text-xl font-extrabold whitespace-nowrap sm:text-2xl">{value}</span>
            <span className="block text-xs text-soft">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Cards({ snapshot, points }: { readonly snapshot: Dashboard; readonly points: readonly Point[] }) {
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
      <FlowCard snapshot={snapshot} points={points} />
      <RefusalCard snapshot={snapshot} points={points} />
      <RevenueCard snapshot={snapshot} points={points} />
      <CouponCard snapshot={snapshot} points={points} />
      <StockCard snapshot={snapshot} />
      <OrdersCard snapshot={snapshot} />
      <LagCard snapshot={snapshot} points={points} />
      <BatchCard snapshot={snapshot} points={points} />
      <QueueCard snapshot={snapshot} points={points} />
    </div>
  );
}
