/** One coupon: what it gives, and how it goes out, issue by issue. */
import type { Coupon } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { serverNow } from '../../api/server-clock.ts';
import { useFormats } from '../../i18n/format.ts';
import { Confirm } from '../../shop/ui/confirm.tsx';
import { useDiscountLine } from '../../shop/ui/discount-text.ts';
import { changeCoupon } from '../api/commands.ts';
import { couponQuery } from '../api/queries.ts';
import { CouponForm } from '../forms/coupon-form.tsx';
import { IssueWatch } from '../parts/issue-watch.tsx';
import { CouponBadge, Moment } from '../parts/names.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';

const route = getRouteApi('/coupons/$couponId');

export function CouponPage() {
  const t = useTranslations('admin.coupons');
  const { couponId } = route.useParams();
  const query = useQuery(couponQuery(couponId));
  return (
    <Page
      title={query.data?.name ?? t('one')}
      above={
        <Link to="/coupons" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
      beside={query.data !== undefined && <CouponBadge status={query.data.status} />}
      actions={query.data !== undefined && <CouponActions coupon={query.data} />}
    >
      <Loaded query={query}>
        {(coupon) => (
          <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
            <CouponFacts coupon={coupon} />
            <IssueWatch key={coupon.id} coupon={coupon} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function CouponActions({ coupon }: { readonly coupon: Coupon }) {
  const t = useTranslations('admin.coupons');
  const end = useWrite({
    run: () => changeCoupon({ couponId: coupon.id, body: endedNow(coupon) }),
    done: () => t('ended'),
  });
  return (
    <>
      {end.error !== null && <ProblemMessage error={end.error} />}
      <Panel title={t('edit')} isFirm trigger={<Button look="secondary">{t('edit')}</Button>}>
        {(close) => <CouponForm coupon={coupon} onDone={close} />}
      </Panel>
      {coupon.status !== 'expired' && (
        <Confirm
          trigger={
            <Button look="danger" isPending={end.isPending}>
              {t('end')}
            </Button>
          }
          title={t('endTitle')}
          text={t('endText')}
          confirmLabel={t('end')}
          cancelLabel={t('keep')}
          onConfirm={() => end.mutate()}
        />
      )}
    </>
  );
}

/** A coupon cannot end before it starts: one that has not started starts and ends at once. */
function endedNow({ startsAt }: Coupon): { expiresAt: string; startsAt?: string } {
  const now = serverNow();
  const expiresAt = new Date(now).toISOString();
  return Date.parse(startsAt) < now ? { expiresAt } : { expiresAt, startsAt: new Date(now - 1000).toISOString() };
}

function CouponFacts({ coupon }: { readonly coupon: Coupon }) {
  const t = useTranslations('admin.coupons');
  const discount = useDiscountLine();
  const { money, count } = useFormats();
  return (
    <Section title={t('facts')}>
      <Facts
        facts={[
          [t('discount'), discount(coupon.discount)],
          [t('minOrder'), money(coupon.minOrderAmount)],
          [t('quantity'), count(coupon.quantity)],
          [t('issued'), count(coupon.issued)],
          [t('remaining'), count(coupon.remaining)],
          [t('starts'), <Moment key="starts" iso={coupon.startsAt} />],
          [t('expires'), <Moment key="expires" iso={coupon.expiresAt} />],
          [t('number'), coupon.id],
        ]}
      />
    </Section>
  );
}
