/** The catalogue, with what staff see of its stock. */
import type { Product, ProductSort } from '@openrun/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { productListQuery } from '../api/queries.ts';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Moment, VisibilityBadge } from '../parts/names.tsx';
import { buttonClass } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { SelectInput, TextInput } from '../ui/field.tsx';
import { Listing } from '../ui/listing.tsx';
import { Page } from '../ui/page.tsx';
import { given } from '../values.ts';

const route = getRouteApi('/products');
const SORTS = ['newest', 'name', 'priceAsc', 'priceDesc'] as const satisfies readonly ProductSort[];

export function ProductsPage() {
  const t = useTranslations('admin.products');
  const { search, sort } = route.useSearch();
  const query = useInfiniteQuery(productListQuery(given({ search, sort: SORTS.find((known) => known === sort) })));
  const columns = useColumns();
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Link to="/products/import" className={buttonClass('secondary')}>
            <FileUp aria-hidden className="size-4" />
            {t('import')}
          </Link>
          <Link to="/products/new" className={buttonClass('primary')}>
            <Plus aria-hidden className="size-4" />
            {t('create')}
          </Link>
        </>
      }
    >
      <Filters />
      <Listing query={query} caption={t('title')} columns={columns} keyOf={({ id }) => id} empty={t('none')} />
    </Page>
  );
}

function Filters() {
  const t = useTranslations('admin.products');
  const sorts = useTranslations('sort');
  const { search = '', sort = 'newest' } = route.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(search);
  const go = (next: { search: string; sort: string }): void =>
    void navigate({ to: '/products', search: given({ search: next.search.trim(), sort: next.sort === 'newest' ? '' : next.sort }) });
  return (
    <FilterBar
      onApply={() => go({ search: text, sort })}
      onClear={() => {
        setText('');
        go({ search: '', sort: '' });
      }}
    >
      <TextInput label={t('search')} value={text} onChange={setText} />
      <SelectInput
        label={t('sort')}
        value={sort}
        choices={SORTS.map((value) => ({ value, label: sorts(value) }))}
        onChange={(next) => go({ search: text, sort: next })}
      />
    </FilterBar>
  );
}

const sumOf = ({ options }: Product, field: 'available' | 'reserved') => options.reduce((sum, option) => sum + (option[field] ?? 0), 0);

function useColumns(): readonly Column<Product>[] {
  const t = useTranslations('admin.products');
  const { money, count } = useFormats();
  return [
    {
      id: 'name',
      header: t('name'),
      isHeader: true,
      cell: ({ id, name }) => (
        <Link to="/products/$productId" params={{ productId: id }} className="underline decoration-line-strong underline-offset-4">
          {name}
        </Link>
      ),
    },
    { id: 'status', header: t('status'), cell: ({ status }) => <VisibilityBadge status={status} /> },
    { id: 'options', header: t('options'), isFigure: true, cell: ({ options }) => count(options.length) },
    { id: 'price', header: t('price'), isFigure: true, cell: ({ options }) => pricesOf(options, money) },
    {
      id: 'available',
      header: t('available'),
      isFigure: true,
      cell: (product) => {
        const available = sumOf(product, 'available');
        return <span className={available === 0 ? 'font-bold text-vermilion' : ''}>{count(available)}</span>;
      },
    },
    { id: 'reserved', header: t('reserved'), isFigure: true, cell: (product) => count(sumOf(product, 'reserved')) },
    { id: 'updated', header: t('updated'), cell: ({ updatedAt }) => <Moment iso={updatedAt} /> },
  ];
}

function pricesOf(options: Product['options'], money: (amount: number) => string): string {
  const prices = options.map(({ price }) => price);
  if (prices.length === 0) return '–';
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return least === most ? money(least) : `${money(least)} – ${money(most)}`;
}
