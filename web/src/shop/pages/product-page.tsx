/** One product, with its stock as it is now. */
import { Problem, type Product } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { productQuery } from '../../api/queries.ts';
import { BuyForm } from '../forms/buy-form.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Patchwork } from '../ui/patchwork.tsx';
import { PageSkeleton } from '../ui/shell.tsx';
import { ErrorState } from '../ui/states.tsx';
import { MissingPage } from './lost-pages.tsx';

const route = getRouteApi('/products/$productId');

export function ProductPage() {
  const { productId } = route.useParams();
  const product = useQuery(productQuery(productId));
  if (product.data !== undefined) return <ProductView key={productId} product={product.data} />;
  if (!product.isError) return <PageSkeleton />;
  if (product.error instanceof Problem && product.error.status < 500 && product.error.status > 0) return <MissingPage />;
  return <ErrorState error={product.error} onRetry={() => void product.refetch()} />;
}

function ProductView({ product }: { readonly product: Product }) {
  const t = useTranslations('product');
  const isGone = product.options.every(({ soldOut }) => soldOut);
  return (
    <article className="grid gap-8 md:grid-cols-2 md:gap-12">
      <div className="grid content-start gap-4">
        <Link to="/" className="inline-flex min-h-11 items-center gap-2 justify-self-start font-medium text-soft hover:text-ink">
          <ArrowLeft aria-hidden className="size-5" />
          {t('back')}
        </Link>
        <div className="overflow-hidden rounded-card md:sticky md:top-24">
          <Patchwork seed={product.id} className={`aspect-[5/4] w-full md:aspect-[4/5] ${isGone ? 'grayscale' : ''}`} />
        </div>
      </div>
      <div className="grid content-start gap-6 md:pt-15">
        <div className="grid gap-4">
          <PageTitle title={product.name} className="text-3xl leading-tight font-black sm:text-4xl" />
          <p className="text-lg whitespace-pre-line text-soft">{product.description}</p>
        </div>
        <BuyForm product={product} />
      </div>
    </article>
  );
}
