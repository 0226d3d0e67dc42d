/** What a list is filtered by, above it. */
import { Form } from '@base-ui/react/form';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button.tsx';

interface FilterBarProps {
  readonly onApply?: () => void;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

export function FilterBar({ onApply, onClear, children }: FilterBarProps) {
  const t = useTranslations('admin.filter');
  return (
    <Form
      role="search"
      className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] items-end gap-x-3 gap-y-2"
      onFormSubmit={() => onApply?.()}
    >
      {children}
      <div className="flex gap-2">
        {onApply !== undefined && <Button type="submit">{t('apply')}</Button>}
        <Button look="secondary" onClick={onClear}>
          {t('clear')}
        </Button>
      </div>
    </Form>
  );
}
