/** A secret that nobody sees again. */
import { useTranslations } from 'use-intl';
import { Message } from '../../shop/ui/states.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';

export function SecretOnce({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  const t = useTranslations('admin.destinations');
  return (
    <div className="grid grid-cols-1 gap-4">
      <Message tone="good">{t('secretOnce')}</Message>
      <label className="grid grid-cols-1 gap-1 text-sm font-semibold">
        {t('secret')}
        <input
          readOnly
          value={secret}
          className="min-h-9 w-full rounded-[8px] border border-line-strong bg-sunken px-3 font-mono text-sm font-normal"
          onFocus={({ target }) => target.select()}
        />
      </label>
      <div className="flex justify-end gap-2">
        <CopyButton text={secret} />
        <Button onClick={onDone}>{t('secretKept')}</Button>
      </div>
    </div>
  );
}
