/** The fields of an option, new or known. */
import type { NewOption, ProductOption } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { SelectInput, TextInput } from '../ui/field.tsx';
import { AMOUNT_PATTERN, amountOf, typedAmount, wholeOf } from '../values.ts';

export interface OptionDraft {
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly status: 'active' | 'hidden';
  readonly maxPerUser: string;
  readonly stock: string;
}

export const EMPTY_OPTION: OptionDraft = { sku: '', name: '', price: '', status: 'active', maxPerUser: '', stock: '' };

export function draftOf({ sku, name, price, status, maxPerUser }: ProductOption): OptionDraft {
  return { sku, name, price: typedAmount(price), status, maxPerUser: maxPerUser === null ? '' : String(maxPerUser), stock: '' };
}

/** The option that was typed, without its first stock. */
export function optionOf({ sku, name, price, status, maxPerUser }: OptionDraft) {
  return { sku: sku.trim(), name: name.trim(), price: amountOf(price) ?? 0, status, maxPerUser: wholeOf(maxPerUser) };
}

export function newOptionOf(draft: OptionDraft): NewOption {
  return { ...optionOf(draft), stock: wholeOf(draft.stock) ?? 0 };
}

interface OptionFieldsProps {
  readonly draft: OptionDraft;
  readonly withStock: boolean;
  readonly onChange: (draft: OptionDraft) => void;
}

export function OptionFields({ draft, withStock, onChange }: OptionFieldsProps) {
  const t = useTranslations('admin.option');
  const visibility = useTranslations('admin.visibility');
  const put = (change: Partial<OptionDraft>): void => onChange({ ...draft, ...change });
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <TextInput label={t('name')} required maxLength={200} value={draft.name} onChange={(name) => put({ name })} />
      <TextInput label={t('sku')} required maxLength={100} value={draft.sku} onChange={(sku) => put({ sku })} />
      <TextInput
        label={t('price')}
        required
        inputMode="decimal"
        pattern={AMOUNT_PATTERN}
        value={draft.price}
        onChange={(price) => put({ price })}
      />
      {withStock && (
        <TextInput
          type="number"
          min={0}
          max={1_000_000_000}
          step={1}
          label={t('stock')}
          value={draft.stock}
          onChange={(stock) => put({ stock })}
        />
      )}
      <TextInput
        type="number"
        min={1}
        max={1_000_000}
        step={1}
        label={t('maxPerUser')}
        hint={t('maxPerUserHint')}
        value={draft.maxPerUser}
        onChange={(maxPerUser) => put({ maxPerUser })}
      />
      <SelectInput
        label={t('status')}
        value={draft.status}
        choices={(['active', 'hidden'] as const).map((value) => ({ value, label: visibility(value) }))}
        onChange={(status) => put({ status })}
      />
    </div>
  );
}
