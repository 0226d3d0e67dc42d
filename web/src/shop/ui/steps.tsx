/** Where one is on the way from wanting to having. */
import { useTranslations } from 'use-intl';

const STEPS = ['order', 'pay'] as const;

export function Steps({ current }: { readonly current: (typeof STEPS)[number] }) {
  const t = useTranslations('steps');
  return (
    <ol aria-label={t('label')} className="flex items-center gap-3 text-sm font-semibold">
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={step === current ? 'step' : undefined}
          className="flex items-center gap-2 text-soft not-first:before:mr-1 not-first:before:h-px not-first:before:w-8 not-first:before:bg-line-strong aria-[current=step]:text-ink"
        >
          <span
            aria-hidden
            className={`figures grid size-6 place-items-center rounded-full ${step === current ? 'bg-ink text-on-ink' : 'border border-line-strong'}`}
          >
            {index + 1}
          </span>
          {t(step)}
        </li>
      ))}
    </ol>
  );
}
