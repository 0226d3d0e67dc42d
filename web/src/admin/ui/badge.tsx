/** A state as a small word in its colour. */
import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'busy' | 'dull';

const TONES: Readonly<Record<Tone, string>> = {
  good: 'bg-pine-wash text-pine',
  bad: 'bg-vermilion-wash text-vermilion',
  busy: 'bg-indigo-wash text-indigo',
  dull: 'bg-sunken text-soft',
};

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`inline-block rounded-[6px] px-2 py-0.5 text-xs leading-5 font-bold whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  );
}
