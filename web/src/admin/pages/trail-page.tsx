/** What staff have done, with what it was before and after. */
import type { StaffAction } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { trailQuery } from '../api/queries.ts';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Moment, shortId } from '../parts/names.tsx';
import { Period } from '../parts/period.tsx';
import type { TrailSearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { TextInput } from '../ui/field.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { Change } from '../ui/record.tsx';
import { dayOf, given } from '../values.ts';

const route = getRouteApi('/trail');

export function TrailPage() {
  const t = useTranslations('admin.trail');
  const { staff, object, from, to } = route.useSearch();
  const query = useInfiniteQuery(trailQuery(given({ staffId: staff, object, from: dayOf(from ?? ''), to: dayOf(to ?? '', 1) })));
  const columns = useColumns();
  return (
    <Page title={t('title')}>
      <Filters />
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ id }) => id} empty={t('none')} />
    </Page>
  );
}

function Filters() {
  const t = useTranslations('admin.trail');
  const navigate = useNavigate();
  const search = route.useSearch();
  const [draft, setDraft] = useState({ staff: '', object: '', from: '', to: '', ...search });
  const put = (change: TrailSearch): void => setDraft({ ...draft, ...change });
  return (
    <FilterBar
      onApply={() => void navigate({ to: '/trail', search: given({ ...draft, staff: draft.staff.trim(), object: draft.object.trim() }) })}
      onClear={() => {
        setDraft({ staff: '', object: '', from: '', to: '' });
        void navigate({ to: '/trail', search: {} });
      }}
    >
      <TextInput label={t('staffId')} value={draft.staff} onChange={(staff) => put({ staff })} />
      <TextInput label={t('object')} placeholder={t('objectHint')} value={draft.object} onChange={(object) => put({ object })} />
      <Period from={draft.from} to={draft.to} onChange={put} />
    </FilterBar>
  );
}

function useColumns(): readonly Column<StaffAction>[] {
  const t = useTranslations('admin.trail');
  return [
    { id: 'at', header: t('at'), isHeader: true, cell: ({ createdAt }) => <Moment iso={createdAt} /> },
    { id: 'staff', header: t('staff'), cell: ({ staffId }) => <span title={staffId}>{shortId(staffId)}</span> },
    { id: 'operation', header: t('operation'), cell: ({ operation }) => <code className="text-xs">{operation}</code> },
    {
      id: 'object',
      header: t('object'),
      cell: ({ object }) => (
        <span title={object.id}>
          {object.kind} {shortId(object.id)}
        </span>
      ),
    },
    { id: 'change', header: t('change'), cell: (action) => <ChangePanel action={action} /> },
  ];
}

function ChangePanel({ action: { operation, object, before, after } }: { readonly action: StaffAction }) {
  const t = useTranslations('admin.trail');
  return (
    <Panel
      title={operation}
      hint={`${object.kind} ${object.id}`}
      isWide
      trigger={
        <Button look="quiet" aria-label={t('showOf', { operation })}>
          {t('show')}
        </Button>
      }
    >
      {() => (
        <div className="-mx-6">
          <Change before={before} after={after} caption={t('change')} />
        </div>
      )}
    </Panel>
  );
}
