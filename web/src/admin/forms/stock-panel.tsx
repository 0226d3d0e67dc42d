/** Adjusts the stock of an option, with a reason for the journal; what staff did to it before stands below. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ProductOption } from '../../api/types.ts';
import { useFormats } from '../../i18n/format.ts';
import { adjustStock } from '../api/commands.ts';
import { trailQuery } from '../api/queries.ts';
import type { StaffAction, StockChange } from '../api/types.ts';
import { Moment } from '../parts/names.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { wholeOf } from '../values.ts';

export function StockPanel({ option }: { readonly option: ProductOption }) {
  const t = useTranslations('admin.stock');
  return (
    <Panel
      title={t('title', { name: option.name })}
      isWide
      isFirm
      trigger={
        <Button look="secondary" aria-label={t('title', { name: option.name })}>
          {t('open')}
        </Button>
      }
    >
      {() => (
        <div className="grid grid-cols-1 gap-5">
          <StockForm option={option} />
          <Journal optionId={option.id} />
        </div>
      )}
    </Panel>
  );
}

function StockForm({ option }: { readonly option: ProductOption }) {
  const t = useTranslations('admin.stock');
  const { count } = useFormats();
  const [delta, setDelta] = useState('');
  const [reason, setReason] = useState('');
  const attempt = useWrite({
    run: (body: StockChange) => adjustStock({ optionId: option.id, body }),
    done: ({ available }) => t('done', { available: count(available) }),
    onDone: () => {
      setDelta('');
      setReason('');
    },
  });
  const change = wholeOf(delta);
  const onHand = option.onHand ?? 0;
  return (
    <WriteForm
      submit={t('submit')}
      attempt={attempt}
      onSubmit={() => {
        if (change !== null) attempt.mutate({ delta: change, reason });
      }}
    >
      <p aria-live="polite">
        {t('now', { onHand: count(onHand), reserved: count(option.reserved ?? 0) })}{' '}
        {change !== null && <strong>{t('then', { onHand: count(onHand + change) })}</strong>}
      </p>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <TextInput type="number" step={1} required label={t('delta')} hint={t('deltaHint')} value={delta} onChange={setDelta} />
        <TextInput label={t('reason')} required maxLength={500} value={reason} onChange={setReason} />
      </div>
    </WriteForm>
  );
}

/** The journal as the trail of staff has it. */
function Journal({ optionId }: { readonly optionId: string }) {
  const t = useTranslations('admin.stock');
  const query = useInfiniteQuery(trailQuery({ object: `option:${optionId}` }));
  return (
    <div className="grid grid-cols-1 gap-2">
      <h3 className="text-sm font-bold">{t('journal')}</h3>
      <Loaded query={query} lines={2}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items).filter(({ operation }) => operation === 'stock.adjust');
          if (rows.length === 0) return <p className="text-sm text-soft">{t('noJournal')}</p>;
          return <JournalTable rows={rows} />;
        }}
      </Loaded>
    </div>
  );
}

function JournalTable({ rows }: { readonly rows: readonly StaffAction[] }) {
  const t = useTranslations('admin.stock');
  return (
    <div className="-mx-6">
      <DataTable
        caption={t('journal')}
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { id: 'at', header: t('at'), isHeader: true, cell: ({ createdAt }) => <Moment iso={createdAt} /> },
          { id: 'before', header: t('before'), isFigure: true, cell: ({ before }) => fieldOf(before, 'onHand') },
          { id: 'delta', header: t('delta'), isFigure: true, cell: ({ after }) => fieldOf(after, 'delta') },
          { id: 'after', header: t('after'), isFigure: true, cell: ({ after }) => fieldOf(after, 'onHand') },
          { id: 'reason', header: t('reason'), cell: ({ after }) => fieldOf(after, 'reason') },
          { id: 'staff', header: t('staff'), cell: ({ staffId }) => staffId.slice(-12) },
        ]}
      />
    </div>
  );
}

/** A field of what the trail recorded. */
function fieldOf(record: object | null, name: string): string {
  const fields: Readonly<Record<string, unknown>> = { ...record };
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}
