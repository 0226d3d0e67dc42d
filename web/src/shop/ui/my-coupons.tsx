/** The coupons that the customer has. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { myCouponsQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useDiscountLine } from './discount-text.ts';
import { ErrorState, Skeletons } from './states.tsx';

export function MyCoupons() {
  const t = useTranslations('myCoupons');
  const { moment } = useFormats();
  const discountText = useDiscountLine();
  const mine = useQuery(myCouponsQuery);
  return (
    <section aria-labelledby="my-coupons" className="grid gap-4">
      <h2 id="my-coupons" className="text-2xl font-extrabold">
        {t('title')}
      </h2>
      {mine.isPending && <Skeletons count={2} className="h-20" />}
      {mine.data === undefined && mine.isError && <ErrorState error={mine.error} onRetry={() => void mine.refetch()} />}
      {mine.data?.length === 0 && <p className="text-soft">{t('none')}</p>}
      <ul className="card divide-y divide-line empty:hidden">
        {mine.data?.map(({ id, name, discount, sequence, status, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-6 py-4">
            <div>
              <p className="font-bold">{discountText(discount)}</p>
              <p className="text-soft">{name}</p>
            </div>
            <p className="figures text-right text-sm text-soft">
              <span className={`block font-semibold ${status === 'issued' ? 'text-pine' : ''}`}>{t(status)}</span>
              {t('number', { sequence })}
              {status === 'issued' && ` · ${t('until', { time: moment(expiresAt) })}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
