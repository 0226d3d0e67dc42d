/** How orders stand in tables. */
import type { Order } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { StatusWord } from '../../shop/ui/order-status.tsx';
import type { Column } from '../ui/data-table.tsx';
import { CustomerLink, Moment, OrderLink } from './names.tsx';

export function useOrderColumns({ withCustomer }: { readonly withCustomer: boolean }): readonly Column<Order>[] {
  const t = useTranslations('admin.orders');
  const names = useTranslations('orders');
  const { money } = useFormats();
  const customer: Column<Order> = { id: 'customer', header: t('customer'), cell: ({ userId }) => <CustomerLink userId={userId} /> };
  return [
    { id: 'order', header: t('order'), isHeader: true, cell: ({ id }) => <OrderLink orderId={id} /> },
    {
      id: 'status',
      header: t('status'),
      cell: ({ status }) => (
        <span className="whitespace-nowrap">
          <StatusWord status={status} />
        </span>
      ),
    },
    ...(withCustomer ? [customer] : []),
    {
      id: 'lines',
      header: t('lines'),
      cell: ({ lines }) => names('names', { first: lines[0]?.name ?? '', more: Math.max(0, lines.length - 1) }),
    },
    { id: 'total', header: t('total'), isFigure: true, cell: ({ total }) => money(total) },
    { id: 'discount', header: t('discount'), isFigure: true, cell: ({ discount }) => (discount === 0 ? '–' : money(-discount)) },
    { id: 'placed', header: t('placed'), cell: ({ createdAt }) => <Moment iso={createdAt} /> },
  ];
}
