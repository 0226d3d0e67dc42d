/** Charges the balance. */
import { Form } from '@base-ui/react/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { chargeBalance } from '../../api/commands.ts';
import { latestOpen } from '../../api/intents.ts';
import { balanceQuery } from '../../api/queries.ts';
import { MINOR_UNITS, useFormats } from '../../i18n/format.ts';
import { notify } from '../notices.ts';
import { useProblemText } from '../problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Message } from '../ui/states.tsx';

/** Amounts to choose from, in major units. */
const PRESETS = [10_000, 50_000, 100_000, 300_000] as const;

/** `needed`: what is missing, in minor units; it is proposed. */
export function ChargeForm({ needed }: { readonly needed?: number }) {
  const t = useTranslations('charge');
  const { money, count } = useFormats();
  const textOf = useProblemText();
  const label = useId();
  const [unheard] = useState(unheardAmount);
  const [typed, setTyped] = useState(() => textOfAmount(unheard ?? needed ?? null));
  const client = useQueryClient();
  const charge = useMutation({
    mutationFn: chargeBalance,
    onSuccess: ({ amount, charged }) => {
      setTyped('');
      // On the way to a payment this form is gone in a moment.
      notify(t('done', { amount: money(charged) }));
      client.setQueryData(balanceQuery.queryKey, (balance) => (balance === undefined ? balance : { ...balance, amount }));
      void client.invalidateQueries({ queryKey: ['mine', 'balance'] });
    },
  });
  const amount = Math.round(Number(typed.replaceAll(/[,\s]/g, '')) * MINOR_UNITS);
  const isUsable = Number.isSafeInteger(amount) && amount > 0;
  return (
    <Form
      className="grid gap-4"
      onFormSubmit={() => {
        if (isUsable && !charge.isPending) charge.mutate(amount);
      }}
    >
      <div className="grid gap-1.5">
        <label htmlFor={label} className="font-semibold">
          {t('amount')}
        </label>
        <input
          id={label}
          inputMode={MINOR_UNITS === 1 ? 'numeric' : 'decimal'}
          autoComplete="off"
          className="figures min-h-12 w-full rounded-control border border-line-strong bg-surface px-4 text-lg font-semibold transition-colors hover:border-ink"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      <div className="grid grid-cols-2 gap-2">
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            className="figures min-h-11 rounded-control border border-line px-3 text-sm font-semibold transition-colors hover:border-ink"
            onClick={() => setTyped(String(preset))}
          >
            {count(preset)}
          </button>
        ))}
      </div>
      {unheard !== null && charge.isIdle && <Message tone="plain">{t('unheard', { amount: money(unheard) })}</Message>}
      {charge.error !== null && !charge.isPending && <Message tone="error">{textOf(charge.error)}</Message>}
      <Button type="submit" look="secondary" disabled={!isUsable} isPending={charge.isPending}>
        {isUsable ? t('chargeAmount', { amount: money(amount) }) : t('charge')}
      </Button>
    </Form>
  );
}

/** The amount of a charge that was sent, and whose answer never came. */
function unheardAmount(): number | null {
  const request = latestOpen('charge');
  if (typeof request !== 'object' || request === null || !('amount' in request)) return null;
  return typeof request.amount === 'number' ? request.amount : null;
}

function textOfAmount(amount: number | null): string {
  return amount === null ? '' : String(amount / MINOR_UNITS);
}
