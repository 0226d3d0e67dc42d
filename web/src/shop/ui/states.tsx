/** What a page shows while it has nothing, or nothing yet, to show. */
import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '../problem-text.ts';
import { Button } from './button.tsx';

export function EmptyState({ icon, title, children }: { readonly icon: ReactNode; readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border-[1.5px] border-dashed border-line px-6 py-14 text-center">
      <span aria-hidden className="text-soft *:size-9 *:stroke-[1.4]">
        {icon}
      </span>
      <p className="text-lg font-semibold">{title}</p>
      <div className="flex flex-col items-center gap-3 text-soft">{children}</div>
    </div>
  );
}

export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const t = useTranslations('state');
  const textOf = useProblemText();
  return (
    <div role="alert">
      <EmptyState icon={<CloudOff />} title={t('failed')}>
        <p>{textOf(error)}</p>
        <Button look="secondary" onClick={onRetry}>
          {t('retry')}
        </Button>
      </EmptyState>
    </div>
  );
}

/** Room for `count` things that are on their way. */
export function Skeletons({ count, className }: { readonly count: number; readonly className: string }) {
  const t = useTranslations('state');
  return (
    <>
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      {Array.from({ length: count }, (_nothing, index) => (
        <div key={index} aria-hidden className={`skeleton ${className}`} />
      ))}
    </>
  );
}

type Tone = 'error' | 'good' | 'plain';

const TONES: Readonly<Record<Tone, string>> = {
  error: 'bg-vermilion-wash text-vermilion',
  good: 'bg-pine-wash text-pine',
  plain: 'bg-sunken text-ink',
};

/** A sentence about what has just happened, read out as it appears. */
export function Message({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <div role={tone === 'error' ? 'alert' : 'status'} className={`rounded-control px-4 py-3 font-medium ${TONES[tone]}`}>
      {children}
    </div>
  );
}
