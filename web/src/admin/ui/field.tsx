/** Labelled fields of forms and filters. */
import { Field } from '@base-ui/react/field';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';

const CONTROL =
  'min-h-9 w-full rounded-[8px] border border-line-strong bg-surface px-3 py-1.5 text-sm transition-colors hover:border-ink data-invalid:border-vermilion';
const KINDS = ['valueMissing', 'typeMismatch', 'patternMismatch', 'badInput', 'rangeUnderflow', 'rangeOverflow', 'stepMismatch'] as const;

interface TextInputProps
  extends Omit<ComponentProps<typeof Field.Control>, 'className' | 'value' | 'onChange' | 'render' | 'onValueChange'> {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Several lines instead of one. */
  readonly rows?: number;
}

export function TextInput({ label, hint, value, onChange, rows, ...control }: TextInputProps) {
  const t = useTranslations('admin.field');
  return (
    <Field.Root className="flex min-w-0 flex-col gap-1">
      <Field.Label className="text-sm font-semibold">{label}</Field.Label>
      <Field.Control
        autoComplete="off"
        {...control}
        {...(rows === undefined ? {} : { render: <textarea rows={rows} /> })}
        value={value}
        onValueChange={(next) => onChange(next)}
        className={CONTROL}
      />
      {hint !== undefined && <Field.Description className="text-xs text-soft">{hint}</Field.Description>}
      {KINDS.map((kind) => (
        <Field.Error key={kind} match={kind} className="text-xs font-medium text-vermilion">
          {t(kind)}
        </Field.Error>
      ))}
    </Field.Root>
  );
}

interface SelectInputProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  readonly isLabelHidden?: boolean;
}

export function SelectInput<Value extends string>({ label, value, choices, onChange, isLabelHidden = false }: SelectInputProps<Value>) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-sm font-semibold'}>
        {label}
      </label>
      <select
        id={id}
        className={CONTROL}
        value={value}
        onChange={({ target }) => {
          const chosen = choices.find((choice) => choice.value === target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckInputProps {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function CheckInput({ label, isChecked, onChange }: CheckInputProps) {
  return (
    <label className="flex min-h-9 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4.5 shrink-0 accent-ink"
        checked={isChecked}
        onChange={({ target }) => onChange(target.checked)}
      />
      {label}
    </label>
  );
}
