/** What was sent where, and what came of it. */
import type { Delivery } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { deliveryListQuery } from '../api/queries.ts';
import { DeliveryFilters, queryOf } from '../forms/delivery-filters.tsx';
import { ReplayPanel } from '../forms/replay-panel.tsx';
import { DeliveryPanel } from '../parts/delivery-panel.tsx';
import { DeliveryBadge, Moment } from '../parts/names.tsx';
import type { Column } from '../ui/data-table.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';

const route = getRouteApi('/deliveries');

export function DeliveriesPage() {
  const t = useTranslations('admin.deliveries');
  const search = route.useSearch();
  const query = useInfiniteQuery(deliveryListQuery(queryOf(search)));
  const columns = useColumns();
  return (
    <Page title={t('title')} actions={<ReplayPanel search={search} />}>
      <DeliveryFilters search={search} />
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ id }) => id} empty={t('none')} />
    </Page>
  );
}

function useColumns(): readonly Column<Delivery>[] {
  const t = useTranslations('admin.deliveries');
  const { count } = useFormats();
  return [
    { id: 'at', header: t('at'), isHeader: true, cell: ({ createdAt }) => <Moment iso={createdAt} /> },
    { id: 'type', header: t('type'), cell: ({ type }) => <code className="text-xs">{type}</code> },
    { id: 'destination', header: t('destination'), cell: ({ destination }) => destination },
    { id: 'status', header: t('status'), cell: ({ status }) => <DeliveryBadge status={status} /> },
    { id: 'attempts', header: t('attempts'), isFigure: true, cell: ({ attempts }) => count(attempts) },
    {
      id: 'error',
      header: t('lastError'),
      cell: ({ lastError }) => <span className="line-clamp-2 max-w-md break-words text-soft">{lastError ?? '–'}</span>,
    },
    { id: 'actions', header: t('actions'), cell: (delivery) => <DeliveryPanel delivery={delivery} /> },
  ];
}
