/** Charges a customer's balance, or takes from it. */
import type { Charge } from '@openrun/client';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { chargeCustomer } from '../api/commands.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { AMOUNT_PATTERN, amountOf } from '../values.ts';

export function ChargePanel({ userId }: { readonly userId: string }) {
  const t = useTranslations('admin.charge');
  return (
    <Panel title={t('title')} hint={t('hint')} isFirm trigger={<Button>{t('open')}</Button>}>
      {(close) => <ChargeForm userId={userId} onDone={close} />}
    </Panel>
  );
}

function ChargeForm({ userId, onDone }: { readonly userId: string; readonly onDone: () => void }) {
  const t = useTranslations('admin.charge');
  const { money } = useFormats();
  const [typed, setTyped] = useState('');
  const [reference, setReference] = useState('');
  const attempt = useWrite({
    run: (body: Charge) => chargeCustomer(body),
    done: ({ charged, amount }) => t('done', { charged: money(charged), amount: money(amount) }),
    onDone,
  });
  const amount = amountOf(typed);
  return (
    <WriteForm
      submit={amount === null ? t('submit') : t('submitAmount', { amount: money(amount) })}
      attempt={attempt}
      onSubmit={() => {
        if (amount !== null) attempt.mutate({ userId, amount, ...(reference.trim() === '' ? {} : { reference: reference.trim() }) });
      }}
    >
      <TextInput label={t('amount')} required inputMode="decimal" pattern={AMOUNT_PATTERN} value={typed} onChange={setTyped} />
      <TextInput label={t('reference')} hint={t('referenceHint')} maxLength={200} value={reference} onChange={setReference} />
    </WriteForm>
  );
}
