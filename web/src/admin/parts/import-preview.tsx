/** What a look through a file found. */
import type { ImportPreview } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { DataTable } from '../ui/data-table.tsx';

export function ImportErrors({ preview: { rowErrors } }: { readonly preview: ImportPreview }) {
  const t = useTranslations('admin.import');
  const { count } = useFormats();
  return (
    <div className="grid grid-cols-1 gap-2">
      <h3 className="text-sm font-bold">{t('errors')}</h3>
      <div className="-mx-5">
        <DataTable
          caption={t('errors')}
          rows={rowErrors}
          keyOf={({ row, column, message }) => `${row} ${column} ${message}`}
          columns={[
            { id: 'row', header: t('row'), isHeader: true, cell: ({ row }) => count(row) },
            { id: 'column', header: t('column'), cell: ({ column }) => (column === null ? '–' : <code>{column}</code>) },
            { id: 'message', header: t('message'), cell: ({ message }) => message },
          ]}
        />
      </div>
    </div>
  );
}

export function ImportSample({ preview: { sample } }: { readonly preview: ImportPreview }) {
  const t = useTranslations('admin.import');
  const { money, count } = useFormats();
  const rows = sample.flatMap(({ name, options }) => options.map((option) => ({ product: name, ...option })));
  return (
    <div className="grid grid-cols-1 gap-2">
      <h3 className="text-sm font-bold">{t('sample')}</h3>
      <div className="-mx-5">
        <DataTable
          caption={t('sample')}
          rows={rows}
          keyOf={({ sku }) => sku}
          columns={[
            { id: 'product', header: t('product'), isHeader: true, cell: ({ product }) => product },
            { id: 'option', header: t('option'), cell: ({ name }) => name },
            { id: 'sku', header: t('sku'), cell: ({ sku }) => <code className="text-xs whitespace-nowrap">{sku}</code> },
            { id: 'price', header: t('price'), isFigure: true, cell: ({ price }) => money(price) },
            { id: 'stock', header: t('stock'), isFigure: true, cell: ({ stock }) => count(stock ?? 0) },
          ]}
        />
      </div>
    </div>
  );
}
