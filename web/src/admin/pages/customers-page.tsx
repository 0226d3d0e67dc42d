/** Users who have an account, money, coupons or orders. */
import type { Customer } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { customerListQuery } from '../api/queries.ts';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Badge } from '../ui/badge.tsx';
import type { Column } from '../ui/data-table.tsx';
import { TextInput } from '../ui/field.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';
import { given } from '../values.ts';

const route = getRouteApi('/customers');

export function CustomersPage() {
  const t = useTranslations('admin.customers');
  const { search = '' } = route.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(search);
  const query = useInfiniteQuery(customerListQuery(search));
  const columns = useColumns();
  return (
    <Page title={t('title')}>
      <FilterBar
        onApply={() => void navigate({ to: '/customers', search: given({ search: text.trim() }) })}
        onClear={() => {
          setText('');
          void navigate({ to: '/customers', search: {} });
        }}
      >
        <TextInput label={t('search')} value={text} onChange={setText} />
      </FilterBar>
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ userId }) => userId} empty={t('none')} />
    </Page>
  );
}

function useColumns(): readonly Column<Customer>[] {
  const t = useTranslations('admin.customers');
  return [
    {
      id: 'customer',
      header: t('customer'),
      isHeader: true,
      cell: ({ userId, account }) => (
        <Link to="/customers/$userId" params={{ userId }} className="underline decoration-line-strong underline-offset-4">
          {account?.name ?? userId}
        </Link>
      ),
    },
    { id: 'email', header: t('email'), cell: ({ account }) => account?.email ?? '–' },
    {
      id: 'role',
      header: t('role'),
      cell: ({ account }) => (
        <Badge tone={account?.role === 'staff' ? 'busy' : 'dull'}>
          {account === null ? t('elsewhere') : t(account.role === 'staff' ? 'staff' : 'account')}
        </Badge>
      ),
    },
    { id: 'id', header: t('number'), cell: ({ userId }) => <code className="text-xs">{userId}</code> },
  ];
}
