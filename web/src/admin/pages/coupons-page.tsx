/** The coupons that have not expired. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Coupon } from '../../api/types.ts';
import { useFormats } from '../../i18n/format.ts';
import { useDiscountLine } from '../../shop/ui/discount-text.ts';
import { couponListQuery } from '../api/queries.ts';
import { NewCouponForm } from '../forms/coupon-form.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { IssuedBar } from '../parts/issued-bar.tsx';
import { CouponBadge, Moment } from '../parts/names.tsx';
import { Button } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { TextInput } from '../ui/field.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

export function CouponsPage() {
  const t = useTranslations('admin.coupons');
  const query = useInfiniteQuery(couponListQuery);
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
      <OpenById />
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ id }) => id} empty={t('none')} />
      <p className="text-sm text-soft">{t('expiredHint')}</p>
    </Page>
  );
}

/** Coupons that have expired are in no list, but each still has its page. */
function OpenById() {
  const t = useTranslations('admin.coupons');
  const navigate = useNavigate();
  const [id, setId] = useState('');
  return (
    <FilterBar
      onApply={() => {
        if (id.trim() !== '') void navigate({ to: '/coupons/$couponId', params: { couponId: id.trim() } });
      }}
      onClear={() => setId('')}
    >
      <TextInput label={t('byId')} value={id} onChange={setId} />
    </FilterBar>
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
