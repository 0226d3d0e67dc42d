/** Makes a product with its options. */
import type { NewProduct } from '@openrun/client';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { createProduct } from '../api/commands.ts';
import { EMPTY_OPTION, newOptionOf, type OptionDraft, OptionFields } from '../forms/option-fields.tsx';
import { type ProductDraft, ProductFields } from '../forms/product-fields.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Page, Section } from '../ui/page.tsx';
import { useWrite } from '../use-write.ts';

interface NumberedDraft {
  readonly number: number;
  readonly draft: OptionDraft;
}

export function NewProductPage() {
  const t = useTranslations('admin.product');
  const navigate = useNavigate();
  const [product, setProduct] = useState<ProductDraft>({ name: '', description: '', status: 'active' });
  const [options, setOptions] = useState<readonly NumberedDraft[]>([{ number: 1, draft: EMPTY_OPTION }]);
  const attempt = useWrite({
    run: (body: NewProduct) => createProduct(body),
    done: ({ name }) => t('created', { name }),
    onDone: ({ id }) => void navigate({ to: '/products/$productId', params: { productId: id } }),
  });
  const submit = (): void =>
    attempt.mutate({ ...product, name: product.name.trim(), options: options.map(({ draft }) => newOptionOf(draft)) });
  return (
    <Page
      title={t('new')}
      above={
        <Link to="/products" className={buttonClass('quiet', '-ml-3.5 justify-self-start')}>
          {t('all')}
        </Link>
      }
    >
      <div className="max-w-3xl">
        <WriteForm submit={t('create')} attempt={attempt} onSubmit={submit}>
          <Section title={t('about')}>
            <ProductFields draft={product} onChange={setProduct} />
          </Section>
          <OptionDrafts options={options} onChange={setOptions} />
        </WriteForm>
      </div>
    </Page>
  );
}

interface OptionDraftsProps {
  readonly options: readonly NumberedDraft[];
  readonly onChange: (options: readonly NumberedDraft[]) => void;
}

function OptionDrafts({ options, onChange }: OptionDraftsProps) {
  const t = useTranslations('admin.product');
  const next = (options.at(-1)?.number ?? 0) + 1;
  return (
    <>
      {options.map(({ number, draft }, index) => (
        <Section
          key={number}
          title={t('optionNumber', { number: index + 1 })}
          actions={
            options.length > 1 && (
              <Button look="quiet" onClick={() => onChange(options.filter((option) => option.number !== number))}>
                <Trash2 aria-hidden className="size-4" />
                {t('removeOption')}
              </Button>
            )
          }
        >
          <OptionFields
            draft={draft}
            withStock
            onChange={(changed) => onChange(options.map((option) => (option.number === number ? { number, draft: changed } : option)))}
          />
        </Section>
      ))}
      <Button
        look="secondary"
        className="justify-self-start"
        onClick={() => onChange([...options, { number: next, draft: { ...EMPTY_OPTION, price: options.at(-1)?.draft.price ?? '' } }])}
      >
        <Plus aria-hidden className="size-4" />
        {t('addOption')}
      </Button>
    </>
  );
}
