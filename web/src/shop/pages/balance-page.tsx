/** The balance, how it is charged, and what it was used for. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { balanceHistoryQuery, balanceQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { ChargeForm } from '../forms/charge-form.tsx';
import { settings } from '../settings.ts';
import { Button } from '../ui/button.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { SignInFirst } from '../ui/sign-in-first.tsx';
import { ErrorState, Message, Skeletons } from '../ui/states.tsx';

export function BalancePage() {
  const t = useTranslations('balance');
  return (
    <SignInFirst title={t('title')}>
      {() => (
        <div className="grid gap-8">
          <PageTitle title={t('title')} />
          <div className="grid gap-8 lg:grid-cols-[1fr_22rem] lg:grid-rows-[auto_1fr] lg:items-start lg:gap-x-12">
            <Amount />
            <section
              aria-labelledby="charge"
              className="card grid gap-5 p-6 lg:sticky lg:top-24 lg:col-start-2 lg:row-span-2 lg:row-start-1"
            >
              <h2 id="charge" className="text-xl font-bold">
                {t('charge')}
              </h2>
              {settings.selfCharge ? <ChargeForm /> : <Message tone="plain">{t('staffCharge')}</Message>}
            </section>
            <History />
          </div>
        </div>
      )}
    </SignInFirst>
  );
}

function Amount() {
  const t = useTranslations('balance');
  const { money } = useFormats();
  const balance = useQuery(balanceQuery);
  if (balance.data === undefined && balance.isError) return <ErrorState error={balance.error} onRetry={() => void balance.refetch()} />;
  return (
    <div className="grid gap-1" aria-live="polite">
      <p className="text-soft">{t('now')}</p>
      {balance.data === undefined ? (
        <Skeletons count={1} className="h-14 w-64" />
      ) : (
        <p className="figures text-5xl font-black tracking-tight">{money(balance.data.amount)}</p>
      )}
    </div>
  );
}

function History() {
  const t = useTranslations('balance');
  const { money, moment } = useFormats();
  const history = useInfiniteQuery(balanceHistoryQuery);
  const entries = history.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-labelledby="history" className="grid gap-3">
      <h2 id="history" className="text-xl font-bold">
        {t('history')}
      </h2>
      {history.isPending && <Skeletons count={4} className="h-16" />}
      {history.data === undefined && history.isError && <ErrorState error={history.error} onRetry={() => void history.refetch()} />}
      {history.data !== undefined && entries.length === 0 && <p className="text-soft">{t('none')}</p>}
      <ol className="divide-y divide-line">
        {entries.map(({ id, kind, delta, balanceAfter, createdAt }) => (
          <li key={id} className="flex items-center justify-between gap-4 py-4">
            <div>
              <p className="font-semibold">{t(kind)}</p>
              <p className="figures text-sm text-soft">{moment(createdAt)}</p>
            </div>
            <div className="figures text-right">
              <p className={`text-lg font-extrabold ${delta > 0 ? 'text-pine' : ''}`}>
                {delta > 0 ? '+' : '−'}
                {money(Math.abs(delta))}
              </p>
              <p className="text-sm text-soft">{t('after', { amount: money(balanceAfter) })}</p>
            </div>
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button look="secondary" isPending={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </section>
  );
}
