/** Adds an option to a product, or changes one. */
import type { NewOption, OptionChange, ProductOption } from '@openrun/client';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { changeOption, createOption } from '../api/commands.ts';
import { Button } from '../ui/button.tsx';
import { WriteForm } from '../ui/form.tsx';
import { Panel } from '../ui/panel.tsx';
import { useWrite } from '../use-write.ts';
import { draftOf, EMPTY_OPTION, newOptionOf, OptionFields, optionOf } from './option-fields.tsx';

export function NewOptionPanel({ productId }: { readonly productId: string }) {
  const t = useTranslations('admin.option');
  return (
    <Panel
      title={t('add')}
      isFirm
      trigger={
        <Button look="secondary">
          <Plus aria-hidden className="size-4" />
          {t('add')}
        </Button>
      }
    >
      {(close) => <NewOptionForm productId={productId} onDone={close} />}
    </Panel>
  );
}

function NewOptionForm({ productId, onDone }: { readonly productId: string; readonly onDone: () => void }) {
  const t = useTranslations('admin.option');
  const [draft, setDraft] = useState(EMPTY_OPTION);
  const attempt = useWrite({
    run: (body: NewOption) => createOption({ productId, body }),
    done: ({ name }) => t('added', { name }),
    onDone,
  });
  return (
    <WriteForm submit={t('add')} attempt={attempt} onSubmit={() => attempt.mutate(newOptionOf(draft))}>
      <OptionFields draft={draft} withStock onChange={setDraft} />
    </WriteForm>
  );
}

export function ChangeOptionPanel({ option }: { readonly option: ProductOption }) {
  const t = useTranslations('admin.option');
  return (
    <Panel
      title={t('change', { name: option.name })}
      isFirm
      trigger={
        <Button look="secondary" aria-label={t('change', { name: option.name })}>
          <Pencil aria-hidden className="size-4" />
        </Button>
      }
    >
      {(close) => <ChangeOptionForm option={option} onDone={close} />}
    </Panel>
  );
}

function ChangeOptionForm({ option, onDone }: { readonly option: ProductOption; readonly onDone: () => void }) {
  const t = useTranslations('admin.option');
  const [draft, setDraft] = useState(() => draftOf(option));
  const attempt = useWrite({
    run: (body: OptionChange) => changeOption({ optionId: option.id, body }),
    done: ({ name }) => t('changed', { name }),
    onDone,
  });
  return (
    <WriteForm submit={t('save')} attempt={attempt} onSubmit={() => attempt.mutate(optionOf(draft))}>
      <OptionFields draft={draft} withStock={false} onChange={setDraft} />
    </WriteForm>
  );
}
