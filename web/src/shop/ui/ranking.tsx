/** The five best sellers of three days. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { rankingQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { Patchwork } from './patchwork.tsx';
import { Skeletons } from './states.tsx';

export function Ranking() {
  const t = useTranslations('ranking');
  const { count, moment } = useFormats();
  const { data, isError } = useQuery(rankingQuery);
  // A shop without sales has no best sellers, and a list of products is worth more than a message about them.
  if (isError || data?.items.length === 0) return null;
  return (
    <section aria-labelledby="ranking" className="grid gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="ranking" className="text-2xl font-extrabold">
          {t('title')}
        </h2>
        {data !== undefined && <p className="text-sm text-soft">{t('asOf', { time: moment(data.asOf) })}</p>}
      </div>
      <ol className="-mx-4 flex snap-x snap-mandatory scroll-px-4 gap-3 overflow-x-auto px-4 pb-2 sm:-mx-6 sm:scroll-px-6 sm:px-6 lg:mx-0 lg:grid lg:grid-cols-5 lg:gap-4 lg:overflow-visible lg:px-0 lg:pb-0">
        {data === undefined && <Skeletons count={5} className="h-52 w-40 shrink-0 lg:w-auto" />}
        {data?.items.map(({ rank, productId, name, quantity }) => (
          <li key={productId} className="flex w-40 shrink-0 snap-start sm:w-48 lg:w-auto">
            <Link
              to="/products/$productId"
              params={{ productId }}
              className="card flex w-full flex-col overflow-hidden outline-offset-[-3px] transition-colors hover:border-line-strong"
            >
              <Patchwork seed={productId} className="h-24 w-full shrink-0" />
              <span className="flex flex-1 flex-col gap-1 p-4 pt-3">
                <span className="figures text-2xl leading-none font-black">{rank}</span>
                <span className="line-clamp-2 leading-snug font-semibold">{name}</span>
                <span className="figures mt-auto text-sm text-soft">{t('sold', { count: count(quantity) })}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
