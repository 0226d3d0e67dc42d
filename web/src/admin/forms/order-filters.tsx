/** Which orders are meant. */
import type { OrderQuery, OrderStatus } from '@openrun/client';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Period } from '../parts/period.tsx';
import type { OrderSearch } from '../search.ts';
import { SelectInput, TextInput } from '../ui/field.tsx';
import { dayOf, given } from '../values.ts';

const STATUSES = ['pending', 'paid', 'cancelled', 'expired', 'refunded', 'partiallyRefunded'] as const satisfies readonly OrderStatus[];

export function queryOf({ search, user, status, from, to }: OrderSearch): OrderQuery {
  return given({
    search,
    userId: user,
    status: STATUSES.find((known) => known === status),
    from: dayOf(from ?? ''),
    to: dayOf(to ?? '', 1),
  });
}

export function OrderFilters({ search }: { readonly search: OrderSearch }) {
  const t = useTranslations('admin.orders');
  const statuses = useTranslations('status');
  const any = useTranslations('admin.filter')('any');
  const navigate = useNavigate();
  const [draft, setDraft] = useState({ search: '', user: '', status: '', from: '', to: '', ...search });
  const put = (change: OrderSearch): void => setDraft({ ...draft, ...change });
  const choices = [{ value: '', label: any }, ...STATUSES.map((value) => ({ value, label: statuses(value) }))];
  return (
    <FilterBar
      onApply={() => void navigate({ to: '/orders', search: given({ ...draft, search: draft.search.trim(), user: draft.user.trim() }) })}
      onClear={() => {
        setDraft({ search: '', user: '', status: '', from: '', to: '' });
        void navigate({ to: '/orders', search: {} });
      }}
    >
      <TextInput label={t('search')} value={draft.search} onChange={(next) => put({ search: next })} />
      <TextInput label={t('customerId')} value={draft.user} onChange={(user) => put({ user })} />
      <SelectInput label={t('status')} value={draft.status} choices={choices} onChange={(status) => put({ status })} />
      <Period from={draft.from} to={draft.to} onChange={put} />
    </FilterBar>
  );
}
