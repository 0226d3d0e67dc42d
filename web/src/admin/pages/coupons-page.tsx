/** All coupons, or those of one status. */
import type { Coupon, CouponStatus } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { useDiscountLine } from '../../shop/ui/discount-text.ts';
import { couponListQuery } from '../api/queries.ts';
import { NewCouponForm } from '../forms/coupon-form.tsx';
import { IssuedBar } from '../parts/issued-bar.tsx';
import { CouponBadge, Moment } from '../parts/names.tsx';
import { Button } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { SelectInput } from '../ui/field.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

const STATUSES = ['all', 'scheduled', 'open', 'soldOut', 'expired'] as const satisfies readonly CouponStatus[];
const route = getRouteApi('/coupons');

export function CouponsPage() {
  const t = useTranslations('admin.coupons');
  const { status } = route.useSearch();
  const chosen = STATUSES.find((known) => known === status) ?? 'all';
  const query = useInfiniteQuery(couponListQuery(chosen));
  const columns = useColumns();
  return (
    <Page
      title={t('title')}
      actions={
        <Panel
          title={t('create')}
          isFirm
          trigger={
            <Button>
              <Plus aria-hidden className="size-4" />
              {t('create')}
            </Button>
          }
        >
          {(close) => <NewCouponForm onDone={close} />}
        </Panel>
      }
    >
      <StatusFilter chosen={chosen} />
      <Listing
        query={query}
        caption={t('title')}
        columns={columns}
        keyOf={({ id }) => id}
        empty={chosen === 'all' ? t('none') : t('noneOfStatus')}
      />
    </Page>
  );
}

function StatusFilter({ chosen }: { readonly chosen: CouponStatus }) {
  const t = useTranslations('admin.coupons');
  const statuses = useTranslations('admin.couponStatus');
  const navigate = useNavigate();
  const choices = STATUSES.map((value) => ({ value, label: statuses(value) }));
  return (
    <div className="max-w-44">
      <SelectInput
        label={t('status')}
        value={chosen}
        choices={choices}
        onChange={(status) => void navigate({ to: '/coupons', search: status === 'all' ? {} : { status } })}
      />
    </div>
  );
}

function useColumns(): readonly Column<Coupon>[] {
  const t = useTranslations('admin.coupons');
  const discount = useDiscountLine();
  const { money } = useFormats();
  return [
    {
      id: 'name',
      header: t('name'),
      isHeader: true,
      cell: ({ id, name }) => (
        <Link to="/coupons/$couponId" params={{ couponId: id }} className="underline decoration-line-strong underline-offset-4">
          {name}
        </Link>
      ),
    },
    { id: 'status', header: t('status'), cell: ({ status }) => <CouponBadge status={status} /> },
    { id: 'discount', header: t('discount'), cell: (coupon) => discount(coupon.discount) },
    {
      id: 'least',
      header: t('minOrder'),
      isFigure: true,
      cell: ({ minOrderAmount }) => (minOrderAmount === 0 ? '–' : money(minOrderAmount)),
    },
    {
      id: 'issued',
      header: t('issued'),
      isFigure: true,
      cell: ({ issued, quantity }) => <IssuedBar issued={issued} quantity={quantity} label={t('issued')} />,
    },
    { id: 'starts', header: t('starts'), cell: ({ startsAt }) => <Moment iso={startsAt} /> },
    { id: 'expires', header: t('expires'), cell: ({ expiresAt }) => <Moment iso={expiresAt} /> },
  ];
}
