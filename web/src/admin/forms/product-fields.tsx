/** The fields of a product. */
import { useTranslations } from 'use-intl';
import { SelectInput, TextInput } from '../ui/field.tsx';

export interface ProductDraft {
  readonly name: string;
  readonly description: string;
  readonly status: 'active' | 'hidden';
}

interface ProductFieldsProps {
  readonly draft: ProductDraft;
  readonly onChange: (draft: ProductDraft) => void;
}

export function ProductFields({ draft, onChange }: ProductFieldsProps) {
  const t = useTranslations('admin.product');
  const visibility = useTranslations('admin.visibility');
  return (
    <div className="grid grid-cols-1 gap-3">
      <TextInput label={t('name')} required maxLength={200} value={draft.name} onChange={(name) => onChange({ ...draft, name })} />
      <TextInput
        label={t('description')}
        rows={4}
        maxLength={10_000}
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
      />
      <SelectInput
        label={t('status')}
        value={draft.status}
        choices={(['active', 'hidden'] as const).map((value) => ({ value, label: visibility(value) }))}
        onChange={(status) => onChange({ ...draft, status })}
      />
    </div>
  );
}
