/** How the machine keeps up: deliveries behind, batches and how long they take. */
import type { Dashboard } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { ChartCard } from './chart-card.tsx';
import type { TrendProps } from './flow-cards.tsx';
import { TrendChart } from './trend-chart.tsx';

type Queue = Dashboard['queues'][number];

export function LagCard({ snapshot: { deliveries }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  return (
    <ChartCard
      title={t('lagTitle')}
      hint={t('lagHint')}
      summary={deliveries.map(({ destination, lagSeconds }) => `${destination}: ${count(lagSeconds)} s`).join(', ')}
      empty={deliveries.length === 0 ? t('noDestinations') : null}
      chart={<TrendChart points={points} of="lag" format={(value) => t('seconds', { value })} />}
      table={
        <DataTable
          caption={t('lagTitle')}
          rows={deliveries}
          keyOf={({ destination }) => destination}
          columns={[
            { id: 'destination', header: t('destination'), isHeader: true, cell: ({ destination }) => destination },
            { id: 'lag', header: t('lag'), isFigure: true, cell: ({ lagSeconds }) => t('seconds', { value: lagSeconds }) },
            { id: 'pending', header: t('pending'), isFigure: true, cell: ({ pending }) => count(pending) },
            { id: 'failed', header: t('failed'), isFigure: true, cell: ({ failed }) => count(failed) },
          ]}
        />
      }
    />
  );
}

export function BatchCard({ snapshot: { queues }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  const columns = useQueueColumns();
  return (
    <ChartCard
      title={t('batchTitle')}
      hint={t('batchHint')}
      summary={queues.map(({ queue, meanBatchSize }) => `${queue}: ${count(meanBatchSize ?? 0)}`).join(', ')}
      empty={queues.length === 0 ? t('noQueues') : null}
      chart={<TrendChart points={points} of="batchSize" format={count} />}
      table={<DataTable caption={t('batchTitle')} rows={queues} keyOf={({ queue }) => queue} columns={columns} />}
    />
  );
}

export function QueueCard({ snapshot: { queues }, points }: TrendProps) {
  const t = useTranslations('admin.dashboard');
  const columns = useQueueColumns();
  const msOf = (value: number): string => t('ms', { value });
  return (
    <ChartCard
      title={t('queueTitle')}
      hint={t('queueHint')}
      summary={queues.map(({ queue, batchMsP99 }) => `${queue}: ${msOf(batchMsP99 ?? 0)}`).join(', ')}
      empty={queues.length === 0 ? t('noQueues') : null}
      chart={<TrendChart points={points} of="batchMs" format={msOf} />}
      table={<DataTable caption={t('queueTitle')} rows={queues} keyOf={({ queue }) => queue} columns={columns} />}
    />
  );
}

function useQueueColumns(): readonly Column<Queue>[] {
  const t = useTranslations('admin.dashboard');
  const { count } = useFormats();
  const msOf = (value: number | null): string => (value === null ? '–' : t('ms', { value }));
  return [
    { id: 'queue', header: t('queue'), isHeader: true, cell: ({ queue }) => queue },
    { id: 'waiting', header: t('waiting'), isFigure: true, cell: ({ waiting }) => count(waiting) },
    { id: 'commands', header: t('commandRate'), isFigure: true, cell: ({ commandsPerSecond }) => count(commandsPerSecond) },
    { id: 'batches', header: t('batchRate'), isFigure: true, cell: ({ batchesPerSecond }) => count(batchesPerSecond) },
    { id: 'size', header: t('size'), isFigure: true, cell: ({ meanBatchSize }) => (meanBatchSize === null ? '–' : count(meanBatchSize)) },
    { id: 'p50', header: t('p50'), isFigure: true, cell: ({ batchMsP50 }) => msOf(batchMsP50) },
    { id: 'p99', header: t('p99'), isFigure: true, cell: ({ batchMsP99 }) => msOf(batchMsP99) },
    { id: 'wait', header: t('waitP99'), isFigure: true, cell: ({ waitMsP99 }) => msOf(waitMsP99) },
  ];
}
