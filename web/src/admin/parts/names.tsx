/** Small things that many pages show: numbers of objects, moments, states. */
import type { Coupon } from '@openrun/client';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const LINK = 'whitespace-nowrap underline decoration-line-strong underline-offset-4 hover:decoration-ink';

/** An id by its end, which differs where the beginnings, which are times, do not. */
export function shortId(id: string): string {
  return id.length > 16 ? `…${id.slice(-12)}` : id;
}

export function OrderLink({ orderId }: { readonly orderId: string }) {
  return (
    <Link to="/orders/$orderId" params={{ orderId }} className={LINK} title={orderId}>
      {shortId(orderId)}
    </Link>
  );
}

export function CustomerLink({ userId }: { readonly userId: string }) {
  return (
    <Link to="/customers/$userId" params={{ userId }} className={LINK} title={userId}>
      {shortId(userId)}
    </Link>
  );
}

export function Moment({ iso }: { readonly iso: string }) {
  const { moment } = useFormats();
  return (
    <time dateTime={iso} title={iso} className="whitespace-nowrap">
      {moment(iso)}
    </time>
  );
}

export function VisibilityBadge({ status }: { readonly status: 'active' | 'hidden' }) {
  const t = useTranslations('admin.visibility');
  return <Badge tone={status === 'active' ? 'good' : 'dull'}>{t(status)}</Badge>;
}

const COUPON_TONES: Readonly<Record<Coupon['status'], Tone>> = { open: 'good', scheduled: 'busy', soldOut: 'bad', expired: 'dull' };

export function CouponBadge({ status }: { readonly status: Coupon['status'] }) {
  const t = useTranslations('admin.couponStatus');
  return <Badge tone={COUPON_TONES[status]}>{t(status)}</Badge>;
}

const ISSUED_TONES = { issued: 'good', held: 'busy', used: 'dull', expired: 'dull' } as const satisfies Record<string, Tone>;

export function IssuedBadge({ status }: { readonly status: keyof typeof ISSUED_TONES }) {
  const t = useTranslations('myCoupons');
  return <Badge tone={ISSUED_TONES[status]}>{t(status)}</Badge>;
}

const DELIVERY_TONES = { pending: 'busy', delivered: 'good', failed: 'bad' } as const satisfies Record<string, Tone>;

export function DeliveryBadge({ status }: { readonly status: keyof typeof DELIVERY_TONES }) {
  const t = useTranslations('admin.deliveryStatus');
  return <Badge tone={DELIVERY_TONES[status]}>{t(status)}</Badge>;
}
