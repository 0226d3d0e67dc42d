/** A delivery with its attempts, and the way to have it made again. */
import type { Delivery, DeliveryWithLog } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Confirm } from '../../shop/ui/confirm.tsx';
import { replayDelivery } from '../api/commands.ts';
import { deliveryQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Facts } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { DeliveryBadge, Moment } from './names.tsx';

export function DeliveryPanel({ delivery }: { readonly delivery: Delivery }) {
  const t = useTranslations('admin.deliveries');
  return (
    <Panel
      title={delivery.type}
      hint={delivery.id}
      isWide
      trigger={
        <Button look="quiet" aria-label={t('showOf', { id: delivery.id.slice(-12) })}>
          {t('show')}
        </Button>
      }
    >
      {() => <Detail deliveryId={delivery.id} />}
    </Panel>
  );
}

function Detail({ deliveryId }: { readonly deliveryId: string }) {
  const t = useTranslations('admin.deliveries');
  const query = useQuery(deliveryQuery(deliveryId));
  const replay = useWrite({ run: replayDelivery, done: () => t('replayed') });
  return (
    <Loaded query={query}>
      {(delivery) => (
        <div className="grid grid-cols-1 gap-4">
          <Facts
            facts={[
              [t('destination'), delivery.destination],
              [t('status'), <DeliveryBadge key="status" status={delivery.status} />],
              [t('at'), <Moment key="at" iso={delivery.createdAt} />],
              [t('event'), delivery.eventId],
              ...(delivery.nextAttemptAt === null ? [] : ([[t('next'), <Moment key="next" iso={delivery.nextAttemptAt} />]] as const)),
            ]}
          />
          <Attempts log={delivery.log} />
          {replay.error !== null && <ProblemMessage error={replay.error} />}
          {delivery.status !== 'pending' && (
            <div className="flex justify-end">
              <Confirm
                trigger={
                  <Button look="secondary" isPending={replay.isPending}>
                    <RotateCcw aria-hidden className="size-4" />
                    {t('replay')}
                  </Button>
                }
                title={t('replayTitle')}
                text={t('replayText')}
                confirmLabel={t('replay')}
                cancelLabel={t('keep')}
                onConfirm={() => replay.mutate(deliveryId)}
              />
            </div>
          )}
        </div>
      )}
    </Loaded>
  );
}

function Attempts({ log }: { readonly log: DeliveryWithLog['log'] }) {
  const t = useTranslations('admin.deliveries');
  const { count } = useFormats();
  if (log.length === 0) return <p className="text-sm text-soft">{t('noAttempts')}</p>;
  return (
    <div className="-mx-6">
      <DataTable
        caption={t('attempts')}
        rows={log}
        keyOf={({ number }) => String(number)}
        columns={[
          { id: 'number', header: t('attempt'), isHeader: true, cell: ({ number }) => count(number) },
          { id: 'at', header: t('at'), cell: ({ startedAt }) => <Moment iso={startedAt} /> },
          { id: 'outcome', header: t('status'), cell: ({ outcome }) => <DeliveryBadge status={outcome} /> },
          { id: 'took', header: t('took'), isFigure: true, cell: ({ durationMs }) => t('ms', { value: durationMs }) },
          { id: 'code', header: t('code'), isFigure: true, cell: ({ statusCode }) => statusCode ?? '–' },
          { id: 'answer', header: t('answer'), cell: ({ answer }) => <span className="break-all text-soft">{answer ?? '–'}</span> },
        ]}
      />
    </div>
  );
}
