/** Brings products in as CSV: first a look at what is in the file, row by row, then all of it or nothing. */
import type { ImportPreview } from '@openrun/client';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useFormats } from '../../i18n/format.ts';
import { Confirm } from '../../shop/ui/confirm.tsx';
import { Message } from '../../shop/ui/states.tsx';
import { importProducts, previewImport } from '../api/commands.ts';
import { ImportErrors, ImportSample } from '../parts/import-preview.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { ProblemMessage } from '../ui/form.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';
import { useWrite } from '../use-write.ts';

interface Checked {
  readonly file: File;
  readonly csv: string;
  readonly preview: ImportPreview;
}

const COLUMNS = ['product', 'description', 'productStatus', 'sku', 'option', 'price', 'optionStatus', 'maxPerUser', 'stock'] as const;

export function ImportPage() {
  const t = useTranslations('admin.import');
  const check = useMutation({
    mutationFn: async (file: File): Promise<Checked> => {
      const csv = await file.text();
      return { file, csv, preview: await previewImport(csv) };
    },
  });
  return (
    <Page
      title={t('title')}
      above={
        <Link to="/products" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
    >
      <Section title={t('file')} hint={t('hint')}>
        <p className="flex flex-wrap gap-1.5">
          {COLUMNS.map((name) => (
            <code key={name} className="rounded-[4px] bg-sunken px-1.5 py-0.5 text-xs">
              {name}
            </code>
          ))}
        </p>
        <label className="grid grid-cols-1 gap-1 text-sm font-semibold">
          {t('choose')}
          <input
            type="file"
            accept=".csv,text/csv"
            className="w-full max-w-lg rounded-[8px] border border-line-strong bg-surface p-2 font-normal file:mr-3 file:rounded-[6px] file:bg-ink file:px-3 file:py-1.5 file:font-semibold file:text-on-ink"
            onChange={({ target }) => {
              const file = target.files?.[0];
              // The same file may be chosen again once it was mended.
              target.value = '';
              if (file !== undefined) check.mutate(file);
            }}
          />
        </label>
        <div role="status">{check.isPending && <p className="text-sm text-soft">{t('checking')}</p>}</div>
        {check.error !== null && !check.isPending && <ProblemMessage error={check.error} />}
      </Section>
      {check.data !== undefined && !check.isPending && <Preview key={check.submittedAt} checked={check.data} />}
    </Page>
  );
}

function Preview({ checked }: { readonly checked: Checked }) {
  const t = useTranslations('admin.import');
  const { count } = useFormats();
  const { file, preview } = checked;
  return (
    <Section title={file.name} actions={preview.errorCount === 0 && <ImportButton checked={checked} />}>
      <Message tone={preview.errorCount === 0 ? 'good' : 'error'}>
        {preview.errorCount === 0 ? t('good') : t('bad', { count: count(preview.errorCount) })}
      </Message>
      <Facts
        facts={[
          [t('rows'), count(preview.rows)],
          [t('products'), count(preview.products)],
          [t('options'), count(preview.options)],
          [t('errors'), count(preview.errorCount)],
        ]}
      />
      {preview.rowErrors.length > 0 && <ImportErrors preview={preview} />}
      {preview.sample.length > 0 && <ImportSample preview={preview} />}
    </Section>
  );
}

function ImportButton({ checked: { file, csv, preview } }: { readonly checked: Checked }) {
  const t = useTranslations('admin.import');
  const { count } = useFormats();
  const navigate = useNavigate();
  const attempt = useWrite({
    run: () => importProducts({ file, csv }),
    done: ({ products, options }) => t('done', { products: count(products), options: count(options) }),
    onDone: () => void navigate({ to: '/products' }),
  });
  return (
    <>
      {attempt.error !== null && <ProblemMessage error={attempt.error} />}
      <Confirm
        trigger={<Button isPending={attempt.isPending}>{t('submit')}</Button>}
        title={t('confirmTitle')}
        text={t('confirmText', { products: count(preview.products), options: count(preview.options) })}
        confirmLabel={t('submit')}
        cancelLabel={t('keep')}
        onConfirm={() => attempt.mutate()}
      />
    </>
  );
}
