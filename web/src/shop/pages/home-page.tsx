/** What is for sale, and what sells best. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { productsQuery } from '../../api/queries.ts';
import { ProductFilters } from '../forms/product-filters.tsx';
import type { HomeSearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { ProductCard } from '../ui/product-card.tsx';
import { Ranking } from '../ui/ranking.tsx';
import { EmptyState, ErrorState, Skeletons } from '../ui/states.tsx';

const route = getRouteApi('/');
const GRID = 'grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 sm:gap-y-10 lg:grid-cols-4';

const HEADLINE = {
  mark: (words: ReactNode) => <span className="text-vermilion">{words}</span>,
  br: () => <br />,
};

export function HomePage() {
  const t = useTranslations('home');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isPlain = search.search === undefined && search.inStock === undefined;
  return (
    <div className="grid gap-8 sm:gap-12">
      <PageTitle title={t('title')} className="max-w-2xl pt-2 text-[2.15rem] leading-tight font-black sm:pt-6 sm:text-6xl">
        {t.rich('headline', HEADLINE)}
      </PageTitle>
      {isPlain && <Ranking />}
      <section aria-labelledby="drops" className="grid gap-5">
        <h2 id="drops" className="text-2xl font-extrabold">
          {t('drops')}
        </h2>
        <ProductFilters
          value={search}
          onChange={(wanted) => void navigate({ to: '.', search: () => wanted, replace: true, resetScroll: false })}
        />
        <Products search={search} />
      </section>
    </div>
  );
}

function Products({ search }: { readonly search: HomeSearch }) {
  const t = useTranslations('home');
  const products = useInfiniteQuery(productsQuery(search));
  if (products.data === undefined) {
    if (products.isError) return <ErrorState error={products.error} onRetry={() => void products.refetch()} />;
    return (
      <div className={GRID}>
        <Skeletons count={8} className="aspect-[4/6]" />
      </div>
    );
  }
  const found = products.data.pages.flatMap(({ items }) => items);
  return (
    <>
      <p role="status" className="sr-only">
        {t('found', { count: found.length, more: String(products.hasNextPage) })}
      </p>
      {found.length === 0 && (
        <EmptyState icon={<SearchX />} title={t('nothing')}>
          <p>{t('nothingHint')}</p>
        </EmptyState>
      )}
      <ul className={`${GRID} ${products.isPlaceholderData ? 'opacity-60' : ''}`}>
        {found.map((product) => (
          <li key={product.id} className="flex">
            <ProductCard product={product} />
          </li>
        ))}
      </ul>
      {products.hasNextPage && (
        <Button
          look="secondary"
          className="justify-self-center px-10"
          isPending={products.isFetchingNextPage}
          onClick={() => void products.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </>
  );
}
