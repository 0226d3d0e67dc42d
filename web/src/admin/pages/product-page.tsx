/** One product: what it is, its options with their stock, and the journal of what staff did to them. */
import type { Product, ProductChange, ProductOption } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { changeProduct } from '../api/commands.ts';
import { staffProductQuery } from '../api/queries.ts';
import { ChangeOptionPanel, NewOptionPanel } from '../forms/option-panels.tsx';
import { ProductFields } from '../forms/product-fields.tsx';
import { StockPanel } from '../forms/stock-panel.tsx';
import { Moment, VisibilityBadge } from '../parts/names.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';

const route = getRouteApi('/products/$productId');

export function ProductPage() {
  const t = useTranslations('admin.product');
  const { productId } = route.useParams();
  const query = useQuery(staffProductQuery(productId));
  return (
    <Page
      title={query.data?.name ?? t('one')}
      above={
        <Link to="/products" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
      beside={query.data !== undefined && <VisibilityBadge status={query.data.status} />}
      actions={query.data !== undefined && <EditPanel product={query.data} />}
    >
      <Loaded query={query}>
        {(product) => (
          <div className="grid grid-cols-1 gap-4">
            <Section title={t('about')}>
              {product.description !== '' && <p className="max-w-prose whitespace-pre-line">{product.description}</p>}
              <Facts
                facts={[
                  [t('created_at'), <Moment key="created" iso={product.createdAt} />],
                  [t('updated_at'), <Moment key="updated" iso={product.updatedAt} />],
                  [t('number'), product.id],
                ]}
              />
            </Section>
            <Options product={product} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function EditPanel({ product }: { readonly product: Product }) {
  const t = useTranslations('admin.product');
  return (
    <Panel title={t('edit')} isFirm trigger={<Button look="secondary">{t('edit')}</Button>}>
      {(close) => <EditForm product={product} onDone={close} />}
    </Panel>
  );
}

function EditForm({ product, onDone }: { readonly product: Product; readonly onDone: () => void }) {
  const t = useTranslations('admin.product');
  const { id: productId, name, description, status } = product;
  const [draft, setDraft] = useState({ name, description, status });
  const attempt = useWrite({
    run: (body: ProductChange) => changeProduct({ productId, body }),
    done: () => t('changed'),
    onDone,
  });
  return (
    <WriteForm submit={t('save')} attempt={attempt} onSubmit={() => attempt.mutate({ ...draft, name: draft.name.trim() })}>
      <ProductFields draft={draft} onChange={setDraft} />
    </WriteForm>
  );
}

function Options({ product }: { readonly product: Product }) {
  const t = useTranslations('admin.product');
  const columns = useColumns();
  return (
    <Section title={t('options')} actions={<NewOptionPanel productId={product.id} />}>
      <div className="-mx-5">
        <DataTable caption={t('options')} columns={columns} rows={product.options} keyOf={({ id }) => id} />
      </div>
    </Section>
  );
}

function useColumns(): readonly Column<ProductOption>[] {
  const t = useTranslations('admin.option');
  const { money, count } = useFormats();
  return [
    { id: 'name', header: t('name'), isHeader: true, cell: ({ name }) => name },
    { id: 'sku', header: t('sku'), cell: ({ sku }) => <code className="text-xs whitespace-nowrap">{sku}</code> },
    { id: 'status', header: t('status'), cell: ({ status }) => <VisibilityBadge status={status} /> },
    { id: 'price', header: t('price'), isFigure: true, cell: ({ price }) => money(price) },
    { id: 'max', header: t('maxPerUser'), isFigure: true, cell: ({ maxPerUser }) => (maxPerUser === null ? '–' : count(maxPerUser)) },
    { id: 'onHand', header: t('onHand'), isFigure: true, cell: ({ onHand }) => count(onHand ?? 0) },
    { id: 'reserved', header: t('reserved'), isFigure: true, cell: ({ reserved }) => count(reserved ?? 0) },
    {
      id: 'available',
      header: t('available'),
      isFigure: true,
      cell: ({ available }) => <strong className={available === 0 ? 'text-vermilion' : ''}>{count(available)}</strong>,
    },
    {
      id: 'actions',
      header: t('actions'),
      cell: (option) => (
        <div className="flex gap-2">
          <StockPanel option={option} />
          <ChangeOptionPanel option={option} />
        </div>
      ),
    },
  ];
}
