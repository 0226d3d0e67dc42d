/** Two days, the first and the last. */
import { useTranslations } from 'use-intl';
import { TextInput } from '../ui/field.tsx';

interface PeriodProps {
  readonly from: string;
  readonly to: string;
  readonly onChange: (period: { from: string; to: string }) => void;
}

export function Period({ from, to, onChange }: PeriodProps) {
  const t = useTranslations('admin.period');
  return (
    <>
      <TextInput type="date" label={t('from')} value={from} onChange={(next) => onChange({ from: next, to })} />
      <TextInput type="date" label={t('to')} value={to} onChange={(next) => onChange({ from, to: next })} />
    </>
  );
}
