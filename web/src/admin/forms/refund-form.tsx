/** Refunds a payment: all that is left of it, or some units of some lines. */
import type { NewRefund, Order } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { refundPayment } from '../api/commands.ts';
import { refundsQuery } from '../api/queries.ts';
import { CheckInput, SelectInput, TextInput } from '../ui/field.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { useWrite } from '../use-write.ts';
import { wholeOf } from '../values.ts';

interface RefundFormProps {
  readonly order: Order;
  readonly paymentId: string;
  readonly onDone: () => void;
}

type Extent = 'full' | 'lines';

export function RefundForm({ order, paymentId, onDone }: RefundFormProps) {
  const t = useTranslations('admin.refund');
  const { money } = useFormats();
  const refunds = useQuery(refundsQuery(paymentId));
  const [extent, setExtent] = useState<Extent>('full');
  const [units, setUnits] = useState<Readonly<Record<string, string>>>({});
  const [isRestocked, setRestocked] = useState(true);
  const [reason, setReason] = useState('');
  const attempt = useWrite({
    run: (body: NewRefund) => refundPayment({ paymentId, body }),
    done: ({ amount }) => t('done', { amount: money(amount) }),
    onDone,
  });
  const lines = order.lines.flatMap(({ optionId }) => {
    const quantity = wholeOf(units[optionId] ?? '') ?? 0;
    return quantity > 0 ? [{ optionId, quantity }] : [];
  });
  const choices = (['full', 'lines'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <WriteForm
      submit={t('submit')}
      look="danger"
      attempt={attempt}
      onSubmit={() => attempt.mutate({ restock: isRestocked, reason, ...(extent === 'lines' ? { lines } : {}) })}
    >
      <SelectInput label={t('extent')} value={extent} choices={choices} onChange={setExtent} />
      {extent === 'lines' && (
        <Loaded query={refunds} lines={2}>
          {(known) => (
            <fieldset className="grid grid-cols-1 gap-3">
              <legend className="mb-2 text-sm font-semibold">{t('units')}</legend>
              {order.lines.map(({ optionId, name, quantity }) => {
                const back = known.flatMap((refund) => refund.lines).filter((line) => line.optionId === optionId);
                const left = quantity - back.reduce((sum, line) => sum + line.quantity, 0);
                return (
                  <TextInput
                    key={optionId}
                    type="number"
                    min={0}
                    max={left}
                    step={1}
                    disabled={left === 0}
                    label={name}
                    hint={t('left', { left, quantity })}
                    value={units[optionId] ?? ''}
                    onChange={(value) => setUnits({ ...units, [optionId]: value })}
                  />
                );
              })}
            </fieldset>
          )}
        </Loaded>
      )}
      <CheckInput label={t('restock')} isChecked={isRestocked} onChange={setRestocked} />
      <TextInput label={t('reason')} hint={t('reasonHint')} required maxLength={500} value={reason} onChange={setReason} />
    </WriteForm>
  );
}
