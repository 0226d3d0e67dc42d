/** How many units. */
import { NumberField } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';

interface QuantityProps {
  readonly value: number;
  readonly max: number;
  readonly label: string;
  readonly onChange: (value: number) => void;
}

const STEP = 'grid size-12 place-items-center transition-colors not-data-disabled:hover:bg-sunken data-disabled:opacity-40';

export function Quantity({ value, max, label, onChange }: QuantityProps) {
  const t = useTranslations('quantity');
  return (
    <NumberField.Root value={value} min={1} max={Math.max(1, max)} onValueChange={(next) => onChange(next ?? 1)}>
      <NumberField.Group className="inline-flex overflow-hidden rounded-control border border-line-strong bg-surface">
        <NumberField.Decrement aria-label={t('less', { what: label })} className={STEP}>
          <Minus aria-hidden className="size-5" />
        </NumberField.Decrement>
        <NumberField.Input
          aria-label={label}
          className="figures w-12 bg-transparent text-center text-lg font-semibold outline-offset-[-3px]"
        />
        <NumberField.Increment aria-label={t('more', { what: label })} className={STEP}>
          <Plus aria-hidden className="size-5" />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  );
}
