/** Everyone's orders. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { orderListQuery } from '../api/queries.ts';
import { OrderFilters, queryOf } from '../forms/order-filters.tsx';
import { ExportPanel } from '../parts/export-panel.tsx';
import { useOrderColumns } from '../parts/order-columns.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';

const route = getRouteApi('/orders');

export function OrdersPage() {
  const t = useTranslations('admin.orders');
  const search = route.useSearch();
  const query = useInfiniteQuery(orderListQuery(queryOf(search)));
  const columns = useOrderColumns({ withCustomer: true });
  return (
    <Page title={t('title')} actions={<ExportPanel />}>
      <OrderFilters search={search} />
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ id }) => id} empty={t('none')} />
    </Page>
  );
}
