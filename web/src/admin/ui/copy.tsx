/** Copies a text, and says that it did. */
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { notify } from '../../shop/notices.ts';
import { Button } from './button.tsx';

export function CopyButton({ text }: { readonly text: string }) {
  const t = useTranslations('admin.copy');
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      notify(t('done'));
    } catch {
      // Browsers keep the clipboard to pages that came over https.
      notify(t('failed'));
    }
  };
  return (
    <Button look="secondary" onClick={() => void copy()}>
      {isDone ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
      {t('copy')}
    </Button>
  );
}
