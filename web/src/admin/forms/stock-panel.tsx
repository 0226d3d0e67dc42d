/** Adjusts the stock of an option, with a reason for the journal, which stands below. */
import type { ProductOption, StockChange } from '@openrun/client';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { adjustStock } from '../api/commands.ts';
import { StockJournal } from '../parts/stock-journal.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
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
          <StockJournal optionId={option.id} />
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
