/** Pays an order from the balance, and charges what is missing on the spot. */
import { type Order, Problem } from '@openrun/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { payOrder } from '../../api/commands.ts';
import { isOpen } from '../../api/intents.ts';
import { balanceQuery, orderQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useProblemText } from '../problem-text.ts';
import { settings } from '../settings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState, Message, Skeletons } from '../ui/states.tsx';
import { ChargeForm } from './charge-form.tsx';

/** Refusals that say that order or balance are not what this page shows. */
const STALE = new Set(['ORDER_ALREADY_PAID', 'ORDER_CANCELLED', 'ORDER_EXPIRED', 'INSUFFICIENT_BALANCE']);

export function PayForm({ order }: { readonly order: Order }) {
  const t = useTranslations('pay');
  const { money } = useFormats();
  const balance = useQuery(balanceQuery);
  const pay = usePay(order.id);
  const [wasOpen] = useState(() => isOpen('pay', { orderId: order.id }));
  const textOf = useProblemText();
  const payButton = useFocusOnceCharged(balance.data === undefined ? null : balance.data.amount >= order.total);
  if (balance.data === undefined) {
    if (balance.isError) return <ErrorState error={balance.error} onRetry={() => void balance.refetch()} />;
    return <Skeletons count={2} className="h-12" />;
  }
  const { amount } = balance.data;
  const missing = order.total - amount;
  // The outcome of a payment that was sent is asked for first: it may have taken the balance already.
  const isUnheard = wasOpen || (pay.error instanceof Problem && pay.error.isOpen);
  const isBusy = pay.isPending || pay.isSuccess;
  return (
    <div className="grid gap-5">
      <dl className="figures grid gap-2">
        <div className="flex justify-between">
          <dt>{t('balance')}</dt>
          <dd className="font-semibold">{money(amount)}</dd>
        </div>
        <div className="flex justify-between text-soft">
          <dt>{missing > 0 ? t('missing') : t('after')}</dt>
          <dd className={missing > 0 ? 'font-bold text-vermilion' : ''}>{money(Math.abs(missing))}</dd>
        </div>
      </dl>
      {isUnheard && !isBusy && <Message tone="plain">{t('unheard')}</Message>}
      {pay.error !== null && !isBusy && <Message tone="error">{textOf(pay.error)}</Message>}
      {missing > 0 && !isUnheard ? (
        <Missing amount={missing} />
      ) : (
        <Button ref={payButton} isPending={isBusy} onClick={() => pay.mutate()}>
          {isUnheard ? t('ask') : t('pay', { total: money(order.total) })}
        </Button>
      )}
      <p className="text-sm text-soft">{t('once')}</p>
    </div>
  );
}

/** Brings the focus to the button that takes the place of the form that charged. */
function useFocusOnceCharged(isEnough: boolean | null) {
  const button = useRef<HTMLButtonElement>(null);
  const wasShort = useRef(false);
  useEffect(() => {
    if (isEnough === true && wasShort.current) button.current?.focus();
    wasShort.current = isEnough === false;
  }, [isEnough]);
  return button;
}

function Missing({ amount }: { readonly amount: number }) {
  const t = useTranslations('pay');
  if (!settings.selfCharge) return <Message tone="plain">{t('staffCharge')}</Message>;
  return (
    <div className="seam grid gap-4 pt-5">
      <h3 className="font-bold">{t('chargeFirst')}</h3>
      <ChargeForm needed={amount} />
    </div>
  );
}

function usePay(orderId: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => client.invalidateQueries({ queryKey: ['mine'] });
  return useMutation({
    mutationFn: () => payOrder(orderId),
    onSuccess: async (payment) => {
      client.setQueryData(orderQuery(orderId).queryKey, (order) =>
        order === undefined ? order : { ...order, status: 'paid' as const, paymentId: payment.id, paidAt: payment.paidAt },
      );
      await navigate({ to: '/orders/$orderId', params: { orderId }, replace: true });
      void refresh();
    },
    onError: (error) => {
      if (error instanceof Problem && STALE.has(error.code)) void refresh();
    },
  });
}
