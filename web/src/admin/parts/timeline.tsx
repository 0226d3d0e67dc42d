/** What happened to an order, the oldest first. */
import type { Timeline, TimelineEntry } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Change } from '../ui/record.tsx';

const DOTS: Readonly<Record<TimelineEntry['kind'], string>> = {
  placed: 'bg-ink',
  stockHeld: 'bg-line-strong',
  couponHeld: 'bg-line-strong',
  paid: 'bg-pine',
  cancelled: 'bg-vermilion',
  expired: 'bg-vermilion',
  stockReleased: 'bg-line-strong',
  couponReleased: 'bg-line-strong',
  refunded: 'bg-indigo',
  event: 'bg-line',
  delivery: 'bg-line',
  attempt: 'bg-line',
  staffAction: 'bg-indigo',
};

export function TimelineList({ timeline: { entries, isComplete } }: { readonly timeline: Timeline }) {
  const t = useTranslations('admin.timeline');
  const { clock, moment } = useFormats();
  return (
    <div className="grid grid-cols-1 gap-3 text-sm">
      <ol className="grid grid-cols-1 gap-0">
        {entries.map((entry, index) => (
          <li key={keyOf(entry, index)} className="relative grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 pb-3">
            <span aria-hidden className="flex flex-col items-center">
              <span className={`mt-1.5 size-2.5 shrink-0 rounded-full ${DOTS[entry.kind]}`} />
              {index < entries.length - 1 && <span className="mt-1 w-px flex-1 bg-line" />}
            </span>
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline justify-between gap-x-3">
                <strong className="font-semibold">{t(entry.kind)}</strong>
                <time dateTime={entry.at} title={moment(entry.at)} className="figures text-xs text-soft">
                  {clock(Date.parse(entry.at))}
                </time>
              </p>
              <Detail entry={entry} />
            </div>
          </li>
        ))}
      </ol>
      {!isComplete && <p className="text-soft">{t('more')}</p>}
    </div>
  );
}

/** Entries of one moment and kind are told apart by their place. */
function keyOf({ at, kind }: TimelineEntry, index: number): string {
  return `${at} ${kind} ${index}`;
}

function Detail({ entry }: { readonly entry: TimelineEntry }) {
  const t = useTranslations('admin.timeline');
  if (entry.kind === 'staffAction') {
    return (
      <details>
        <summary className="text-soft">{t('by', { staff: entry.staffId, operation: entry.operation })}</summary>
        <Change before={entry.before} after={entry.after} caption={entry.operation} />
      </details>
    );
  }
  return <Sentence entry={entry} />;
}

function Sentence({ entry }: { readonly entry: Exclude<TimelineEntry, { kind: 'staffAction' }> }) {
  const textOf = useSentence();
  const text = textOf(entry);
  return text === '' ? null : <p className="break-words text-soft">{text}</p>;
}

function useSentence(): (entry: Exclude<TimelineEntry, { kind: 'staffAction' }>) => string {
  const t = useTranslations('admin.timeline');
  const { money, moment } = useFormats();
  return (entry) => {
    switch (entry.kind) {
      case 'placed':
        return t('placedText', { total: money(entry.total), until: moment(entry.expiresAt) });
      case 'stockHeld':
      case 'stockReleased':
        return entry.lines.map(({ name, quantity }) => `${name} × ${quantity}`).join(', ');
      case 'couponHeld':
        return t('couponText', { name: entry.name, discount: money(entry.discount) });
      case 'paid':
        return t('paidText', { amount: money(entry.amount), balance: money(entry.balanceAfter) });
      case 'refunded':
        return t('refundedText', {
          amount: money(entry.amount),
          staff: entry.staffId,
          reason: entry.reason,
          restocked: String(entry.restocked),
        });
      case 'event':
        return entry.type;
      case 'delivery':
        return t('deliveryText', { destination: entry.destination, status: entry.status, attempts: entry.attempts });
      case 'attempt':
        return t('attemptText', {
          number: entry.number,
          outcome: entry.outcome,
          code: entry.statusCode === null ? '' : String(entry.statusCode),
          ms: entry.durationMs,
        });
      case 'cancelled':
      case 'expired':
      case 'couponReleased':
        return '';
    }
  };
}
