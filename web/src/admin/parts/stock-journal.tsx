/** Everything that moved the stock of an option, newest first. */
import type { StockMovement } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { stockJournalQuery } from '../api/queries.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { Column } from '../ui/data-table.tsx';
import { Listing } from '../ui/listing.tsx';
import { CustomerLink, Moment, OrderLink, shortId } from './names.tsx';

const TONES = { adjustment: 'busy', held: 'busy', sold: 'good', givenBack: 'dull', restock: 'good' } as const satisfies Record<
  string,
  Tone
>;

export function StockJournal({ optionId }: { readonly optionId: string }) {
  const t = useTranslations('admin.stock');
  const query = useInfiniteQuery(stockJournalQuery(optionId));
  const columns = useColumns();
  return (
    <section className="grid min-w-0 grid-cols-1 gap-2">
      <h3 className="text-sm font-bold">{t('journal')}</h3>
      <Listing query={query} caption={t('journal')} columns={columns} keyOf={({ id }) => id} empty={t('noJournal')} />
    </section>
  );
}

function useColumns(): readonly Column<StockMovement>[] {
  const t = useTranslations('admin.stock');
  const { count } = useFormats();
  return [
    { id: 'at', header: t('at'), isHeader: true, cell: ({ at }) => <Moment iso={at} /> },
    {
      id: 'what',
      header: t('what'),
      cell: (movement) => {
        const kind = movement.kind === 'order' ? movement.outcome : movement.kind;
        return <Badge tone={TONES[kind]}>{t(`kind.${kind}`)}</Badge>;
      },
    },
    { id: 'delta', header: t('delta'), isFigure: true, cell: (movement) => changesOf(movement).map(signed(count)).join(' ') },
    {
      id: 'after',
      header: t('after'),
      isFigure: true,
      cell: (movement) => (movement.kind === 'adjustment' ? count(movement.onHandAfter) : '–'),
    },
    { id: 'details', header: t('details'), cell: (movement) => <Details movement={movement} /> },
    {
      id: 'staff',
      header: t('staff'),
      cell: (movement) => (movement.kind === 'order' ? <CustomerLink userId={movement.userId} /> : shortId(movement.staffId)),
    },
  ];
}

/** What a movement did to what is available, one after the other. */
function changesOf(movement: StockMovement): readonly number[] {
  switch (movement.kind) {
    case 'adjustment':
      return [movement.delta];
    case 'restock':
      return [movement.quantity];
    case 'order':
      return movement.outcome === 'givenBack' ? [-movement.quantity, movement.quantity] : [-movement.quantity];
  }
}

function signed(count: (value: number) => string): (value: number) => string {
  return (value) => `${value < 0 ? '−' : '+'}${count(Math.abs(value))}`;
}

function Details({ movement }: { readonly movement: StockMovement }) {
  if (movement.kind === 'adjustment') return movement.reason;
  if (movement.kind === 'restock') {
    return (
      <>
        {movement.reason} · <OrderLink orderId={movement.orderId} />
      </>
    );
  }
  return (
    <>
      <OrderLink orderId={movement.id} />
      {movement.settledAt !== null && (
        <span className="text-soft">
          {' '}
          → <Moment iso={movement.settledAt} />
        </span>
      )}
    </>
  );
}
