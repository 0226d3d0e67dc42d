/** One coupon as a ticket: what it gives above the perforation, how to get it below. */
import type { Coupon, UserCoupon } from '@openrun/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { claimCoupon } from '../../api/commands.ts';
import { couponsQuery, myCouponsQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useRemaining } from '../now.ts';
import { useProblemText } from '../problem-text.ts';
import { settings } from '../settings.ts';
import { Button, buttonClass } from './button.tsx';
import { Countdown } from './countdown.tsx';
import { useDiscountText } from './discount-text.ts';
import { Message } from './states.tsx';

interface CouponTicketProps {
  readonly coupon: Coupon;
  /** The customer's own one of these. */
  readonly mine: UserCoupon | null;
  readonly isSignedIn: boolean;
}

export function CouponTicket({ coupon, mine, isSignedIn }: CouponTicketProps) {
  const t = useTranslations('coupons');
  const { money, moment } = useFormats();
  const { main, limit } = useDiscountText()(coupon.discount);
  const hasStarted = useRemaining(coupon.startsAt) === 0;
  return (
    <article className="card flex w-full flex-col overflow-hidden">
      <div className="flex flex-1 flex-col gap-1 p-6 pb-5">
        <p className="figures flex flex-wrap items-baseline gap-x-3 text-4xl leading-tight font-black">
          {main}
          {limit !== null && <span className="text-lg font-bold text-soft">{limit}</span>}
        </p>
        <h2 className="text-lg font-bold">{coupon.name}</h2>
        <p className="text-soft">
          {coupon.minOrderAmount > 0 ? t('from', { amount: money(coupon.minOrderAmount) }) : t('anyOrder')}
          {' · '}
          {t('until', { time: moment(coupon.expiresAt) })}
        </p>
      </div>
      <div className="seam mx-6" aria-hidden />
      <div className="grid gap-4 p-6 pt-5">
        {hasStarted ? <Remaining coupon={coupon} /> : <Opening coupon={coupon} />}
        <Claim coupon={coupon} mine={mine} isSignedIn={isSignedIn} hasStarted={hasStarted} />
      </div>
    </article>
  );
}

function Opening({ coupon }: { readonly coupon: Coupon }) {
  const t = useTranslations('coupons');
  const { moment, count } = useFormats();
  const client = useQueryClient();
  return (
    <div className="flex items-end justify-between gap-4">
      <p className="text-soft">
        {t('opensAt', { time: moment(coupon.startsAt) })}
        <br />
        {t('quantity', { count: count(coupon.quantity) })}
      </p>
      <Countdown
        until={coupon.startsAt}
        label={t('opensIn')}
        className="text-2xl font-black"
        onEnd={() => void client.invalidateQueries({ queryKey: couponsQuery.queryKey })}
      />
    </div>
  );
}

function Remaining({ coupon: { remaining, quantity } }: { readonly coupon: Coupon }) {
  const t = useTranslations('coupons');
  const { count } = useFormats();
  const share = quantity === 0 ? 0 : remaining / quantity;
  const isLow = share <= 0.1;
  return (
    <div className="grid gap-2">
      <p className="flex items-baseline justify-between gap-4">
        <span className="text-soft">{t('remaining')}</span>
        <span className={`figures text-lg font-extrabold ${isLow ? 'text-vermilion' : ''}`}>
          {t('of', { remaining: count(remaining), quantity: count(quantity) })}
        </span>
      </p>
      <svg viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden className="h-2 w-full overflow-hidden rounded-full bg-sunken">
        <rect width={share * 100} height="2" className={isLow ? 'fill-vermilion' : 'fill-ink'} />
      </svg>
    </div>
  );
}

function Claim({ coupon, mine, isSignedIn, hasStarted }: CouponTicketProps & { readonly hasStarted: boolean }) {
  const t = useTranslations('coupons');
  const textOf = useProblemText();
  const next = useRouterState({ select: ({ location }) => location.href });
  const client = useQueryClient();
  const claim = useMutation({
    mutationFn: () => claimCoupon(coupon.id),
    // The result is shown at once, whether or not the rest can be read anew.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: myCouponsQuery.queryKey });
      void client.invalidateQueries({ queryKey: couponsQuery.queryKey });
    },
  });
  const won = claim.data ?? mine;
  const isGone = hasStarted && coupon.remaining === 0;
  return (
    <div className="grid gap-3">
      <div aria-live="polite" className="empty:hidden">
        {won !== null && (
          <Message tone="good">
            <span className="flex items-center gap-2">
              <Check aria-hidden className="size-5 shrink-0 stroke-[3]" />
              {t(claim.data === undefined ? 'held' : 'won', { sequence: won.sequence })}
            </span>
          </Message>
        )}
        {won === null && claim.error !== null && <Message tone="error">{textOf(claim.error)}</Message>}
      </div>
      {won === null && !isSignedIn && settings.accounts && (
        <Link to="/sign-in" search={{ next }} className={buttonClass('secondary')}>
          {t('signIn')}
        </Link>
      )}
      {won === null && isSignedIn && (
        <Button disabled={!hasStarted || isGone} isPending={claim.isPending} onClick={() => claim.mutate()}>
          {isGone ? t('soldOut') : hasStarted ? t('claim') : t('notYet')}
        </Button>
      )}
    </div>
  );
}
