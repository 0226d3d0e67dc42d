/** First-come coupons: when they open, how many are left, and the one tap that claims one. */
import { useQuery } from '@tanstack/react-query';
import { TicketX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { couponsQuery, myCouponsQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useServerNow } from '../now.ts';
import { useSession } from '../session.ts';
import { CouponTicket } from '../ui/coupon-ticket.tsx';
import { MyCoupons } from '../ui/my-coupons.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { EmptyState, ErrorState, Skeletons } from '../ui/states.tsx';

export function CouponsPage() {
  const t = useTranslations('coupons');
  const { user } = useSession();
  return (
    <div className="grid gap-8 sm:gap-10">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="grid gap-2">
          <PageTitle title={t('title')} />
          <p className="text-soft">{t('intro')}</p>
        </div>
        <ServerClock />
      </div>
      <Coupons isSignedIn={user !== null} />
      {user !== null && <MyCoupons />}
    </div>
  );
}

function ServerClock() {
  const t = useTranslations('coupons');
  const { clock } = useFormats();
  const now = useServerNow();
  return (
    <p className="grid">
      <span className="text-sm text-soft">{t('serverTime')}</span>
      <span className="figures text-3xl leading-none font-black" role="timer" aria-label={t('serverTime')}>
        {clock(now)}
      </span>
    </p>
  );
}

function Coupons({ isSignedIn }: { readonly isSignedIn: boolean }) {
  const t = useTranslations('coupons');
  const coupons = useQuery(couponsQuery);
  const mine = useQuery({ ...myCouponsQuery, enabled: isSignedIn });
  if (coupons.data === undefined) {
    if (coupons.isError) return <ErrorState error={coupons.error} onRetry={() => void coupons.refetch()} />;
    return (
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeletons count={3} className="h-64" />
      </div>
    );
  }
  if (coupons.data.length === 0) return <EmptyState icon={<TicketX />} title={t('none')} />;
  return (
    <ul className="grid gap-4 lg:grid-cols-2">
      {coupons.data.map((coupon) => (
        <li key={coupon.id} className="flex">
          <CouponTicket coupon={coupon} mine={mine.data?.find(({ couponId }) => couponId === coupon.id) ?? null} isSignedIn={isSignedIn} />
        </li>
      ))}
    </ul>
  );
}
