/** Where events go. */
import type { Destination } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { Webhook } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Confirm } from '../../shop/ui/confirm.tsx';
import { EmptyState } from '../../shop/ui/states.tsx';
import { changeDestination } from '../api/commands.ts';
import { destinationsQuery } from '../api/queries.ts';
import { ChangeDestinationPanel, NewDestinationPanel, RotatePanel } from '../forms/destination-panels.tsx';
import { Moment } from '../parts/names.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useWrite } from '../use-write.ts';

export function DestinationsPage() {
  const t = useTranslations('admin.destinations');
  const query = useQuery(destinationsQuery);
  const columns = useColumns();
  return (
    <Page title={t('title')} actions={<NewDestinationPanel />}>
      <Loaded query={query}>
        {(destinations) =>
          destinations.length === 0 ? (
            <EmptyState icon={<Webhook />} title={t('none')} />
          ) : (
            <div className="card overflow-hidden">
              <DataTable caption={t('title')} columns={columns} rows={destinations} keyOf={({ name }) => name} />
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function useColumns(): readonly Column<Destination>[] {
  const t = useTranslations('admin.destinations');
  return [
    { id: 'name', header: t('name'), isHeader: true, cell: ({ name }) => name },
    { id: 'kind', header: t('kind'), cell: ({ kind, origin }) => `${t(kind)}${origin === 'environment' ? ` (${t('environment')})` : ''}` },
    { id: 'state', header: t('state'), cell: (destination) => <State destination={destination} /> },
    { id: 'url', header: t('url'), cell: ({ url }) => <span className="break-all">{url ?? '–'}</span> },
    {
      id: 'types',
      header: t('types'),
      cell: ({ eventTypes }) => (
        <span className="flex max-w-sm flex-wrap gap-1">
          {eventTypes.map((type) => (
            <code key={type} className="rounded-[4px] bg-sunken px-1.5 py-0.5 text-xs">
              {type}
            </code>
          ))}
        </span>
      ),
    },
    { id: 'actions', header: t('actions'), cell: (destination) => <Actions destination={destination} /> },
  ];
}

function State({ destination: { enabled, disabledReason, previousSecretUntil } }: { readonly destination: Destination }) {
  const t = useTranslations('admin.destinations');
  return (
    <span className="grid grid-cols-1 justify-items-start gap-1">
      <Badge tone={enabled ? 'good' : 'dull'}>{t(enabled ? 'on' : 'off')}</Badge>
      {disabledReason !== null && <span className="text-xs text-soft">{t(`because.${disabledReason}`)}</span>}
      {previousSecretUntil !== null && (
        <span className="text-xs text-soft">
          {t('previousSecret')} <Moment iso={previousSecretUntil} />
        </span>
      )}
    </span>
  );
}

function Actions({ destination }: { readonly destination: Destination }) {
  const t = useTranslations('admin.destinations');
  const { name, enabled, kind, origin } = destination;
  const turn = useWrite({
    run: (isOn: boolean) => changeDestination({ name, body: { enabled: isOn } }),
    done: (changed) => t(changed.enabled ? 'turnedOn' : 'turnedOff', { name }),
  });
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex gap-2">
        {enabled ? (
          <Confirm
            trigger={
              <Button look="danger" isPending={turn.isPending} aria-label={t('turnOffOf', { name })}>
                {t('turnOff')}
              </Button>
            }
            title={t('offTitle', { name })}
            text={t('offText')}
            confirmLabel={t('turnOff')}
            cancelLabel={t('keep')}
            onConfirm={() => turn.mutate(false)}
          />
        ) : (
          <Button look="secondary" isPending={turn.isPending} aria-label={t('turnOnOf', { name })} onClick={() => turn.mutate(true)}>
            {t('turnOn')}
          </Button>
        )}
        {origin === 'staff' && <ChangeDestinationPanel destination={destination} />}
        {origin === 'staff' && kind === 'webhook' && <RotatePanel name={name} />}
      </div>
      {turn.error !== null && <ProblemMessage error={turn.error} />}
    </div>
  );
}
