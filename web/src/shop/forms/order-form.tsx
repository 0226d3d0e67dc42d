/** Chooses a coupon, shows what it saves, and orders. */
import type { NewOrder } from '@openrun/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { placeOrder } from '../../api/commands.ts';
import { latestOpen } from '../../api/intents.ts';
import { myCouponsQuery, orderQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { removeFromBasket } from '../basket.ts';
import { isUsable, savingOf } from '../discount.ts';
import type { Lines } from '../lines.ts';
import { useProblemText } from '../problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Message } from '../ui/states.tsx';
import { CouponChoice } from './coupon-choice.tsx';

const NO_COUPON = 'none';

export function OrderForm({ lines, isFromBasket }: { readonly lines: Lines; readonly isFromBasket: boolean }) {
  const t = useTranslations('checkout');
  const { money } = useFormats();
  const textOf = useProblemText();
  const { data: coupons = [] } = useQuery(myCouponsQuery);
  const usable = coupons.filter((coupon) => isUsable(coupon, lines.subtotal));
  const best = usable.toSorted((a, b) => savingOf(b.discount, lines.subtotal) - savingOf(a.discount, lines.subtotal))[0];
  const [picked, setPicked] = useState<string | null>(null);
  const choice = picked ?? best?.id ?? NO_COUPON;
  const coupon = usable.find(({ id }) => id === choice);
  const saving = coupon === undefined ? 0 : savingOf(coupon.discount, lines.subtotal);
  const request: NewOrder = {
    lines: lines.known.map(({ optionId, quantity }) => ({ optionId, quantity })),
    ...(coupon === undefined ? {} : { userCouponId: coupon.id }),
  };
  const order = useOrder(isFromBasket);
  useResumed(request.lines, !lines.isLoading && lines.known.length > 0, order.mutate);
  const isBusy = order.isPending || order.isSuccess;

  return (
    <aside className="card grid gap-6 p-6 lg:sticky lg:top-24">
      <CouponChoice coupons={coupons} subtotal={lines.subtotal} value={choice} none={NO_COUPON} onChange={setPicked} />
      <dl className="figures grid gap-2" aria-live="polite">
        <Row label={t('subtotal')} value={money(lines.subtotal)} />
        {saving > 0 && <Row label={t('saving')} value={`−${money(saving)}`} className="font-bold text-pine" />}
        <div className="seam mt-2 flex items-baseline justify-between pt-4">
          <dt className="font-bold">{t('total')}</dt>
          <dd className="text-2xl font-black">{money(lines.subtotal - saving)}</dd>
        </div>
      </dl>
      {order.error !== null && <Message tone="error">{textOf(order.error)}</Message>}
      <Button disabled={!lines.isOrderable && !isBusy} isPending={isBusy} onClick={() => order.mutate(request)}>
        {t('order', { total: money(lines.subtotal - saving) })}
      </Button>
      <p className="text-sm text-soft">{t('hold')}</p>
    </aside>
  );
}

function Row({ label, value, className = '' }: { readonly label: string; readonly value: string; readonly className?: string }) {
  return (
    <div className={`flex justify-between ${className}`}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function useOrder(isFromBasket: boolean) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: placeOrder,
    onSuccess: async (order) => {
      client.setQueryData(orderQuery(order.id).queryKey, order);
      void client.invalidateQueries({ queryKey: ['mine'] });
      await navigate({ to: '/orders/$orderId/pay', params: { orderId: order.id }, replace: true });
      if (isFromBasket) removeFromBasket(order.lines.map(({ optionId }) => optionId));
    },
  });
}

/**
 * An order whose answer never came, as after a reload: the same request goes out again, with the coupon that was chosen
 * then, which gives the order that there is or makes the one that was wanted. It costs nothing yet, and holds no longer.
 */
function useResumed(lines: NewOrder['lines'], isReady: boolean, send: (request: NewOrder) => void): void {
  const resume = useEffectEvent(() => {
    const open = latestOpen('order');
    if (isNewOrder(open) && JSON.stringify(open.lines) === JSON.stringify(lines)) send(open);
  });
  useEffect(() => {
    if (isReady) resume();
  }, [isReady]);
}

function isNewOrder(value: unknown): value is NewOrder {
  if (typeof value !== 'object' || value === null || !('lines' in value) || !Array.isArray(value.lines)) return false;
  return !('userCouponId' in value) || typeof value.userCouponId === 'string';
}
