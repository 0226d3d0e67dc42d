/** A labelled field of a form, with what is wrong with it. */
import { Field } from '@base-ui/react/field';
import type { ComponentProps } from 'react';

interface TextFieldProps extends Omit<ComponentProps<typeof Field.Control>, 'className'> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors: { readonly [Kind in 'valueMissing' | 'typeMismatch' | 'tooShort']?: string };
}

export function TextField({ name, label, hint, errors, ...control }: TextFieldProps) {
  return (
    <Field.Root name={name} className="flex flex-col gap-1.5">
      <Field.Label className="font-semibold">{label}</Field.Label>
      <Field.Control
        {...control}
        className="min-h-12 rounded-control border border-line-strong bg-surface px-4 text-base outline-offset-2 transition-colors hover:border-ink data-invalid:border-vermilion"
      />
      {hint !== undefined && <Field.Description className="text-sm text-soft">{hint}</Field.Description>}
      {Object.entries(errors).map(([kind, text]) => (
        <Field.Error key={kind} match={matchOf(kind)} className="text-sm font-medium text-vermilion">
          {text}
        </Field.Error>
      ))}
    </Field.Root>
  );
}

function matchOf(kind: string): 'valueMissing' | 'typeMismatch' | 'tooShort' {
  return kind === 'valueMissing' || kind === 'typeMismatch' ? kind : 'tooShort';
}
