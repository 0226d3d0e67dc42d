/** Which deliveries are meant. */
import type { DeliveryQuery } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { destinationsQuery } from '../api/queries.ts';
import { DELIVERY_STATUSES, EVENT_TYPES } from '../parts/event-types.ts';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Period } from '../parts/period.tsx';
import type { DeliverySearch } from '../search.ts';
import { SelectInput } from '../ui/field.tsx';
import { dayOf, given } from '../values.ts';

export function queryOf({ status, destination, type, from, to }: DeliverySearch): DeliveryQuery {
  return given({
    status: DELIVERY_STATUSES.find((known) => known === status),
    destination,
    type: EVENT_TYPES.find((known) => known === type),
    from: dayOf(from ?? ''),
    to: dayOf(to ?? '', 1),
  });
}

export function DeliveryFilters({ search }: { readonly search: DeliverySearch }) {
  const t = useTranslations('admin.deliveries');
  const statuses = useTranslations('admin.deliveryStatus');
  const any = { value: '', label: useTranslations('admin.filter')('any') };
  const destinations = useQuery(destinationsQuery);
  const navigate = useNavigate();
  const put = (change: DeliverySearch): void => void navigate({ to: '/deliveries', search: given({ ...search, ...change }) });
  const names = (destinations.data ?? []).map(({ name }) => ({ value: name, label: name }));
  return (
    <FilterBar onClear={() => void navigate({ to: '/deliveries', search: {} })}>
      <SelectInput
        label={t('status')}
        value={search.status ?? ''}
        choices={[any, ...DELIVERY_STATUSES.map((value) => ({ value, label: statuses(value) }))]}
        onChange={(status) => put({ status })}
      />
      <SelectInput
        label={t('destination')}
        value={search.destination ?? ''}
        choices={[any, ...names]}
        onChange={(destination) => put({ destination })}
      />
      <SelectInput
        label={t('type')}
        value={search.type ?? ''}
        choices={[any, ...EVENT_TYPES.map((value) => ({ value, label: value }))]}
        onChange={(type) => put({ type })}
      />
      <Period from={search.from ?? ''} to={search.to ?? ''} onChange={put} />
    </FilterBar>
  );
}
