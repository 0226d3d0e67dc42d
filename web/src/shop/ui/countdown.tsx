/** Time that is left: for the eye every second, for screen readers at its milestones. */
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRemaining } from '../now.ts';

const MILESTONES_SECONDS = [600, 300, 60, 30, 10] as const;
const URGENT_SECONDS = 60;

interface CountdownProps {
  readonly until: string;
  /** What ends then, for screen readers. */
  readonly label: string;
  readonly className?: string;
  /** Whether the end is something to hurry for. */
  readonly isDeadline?: boolean;
  readonly onEnd?: () => void;
}

export function Countdown({ until, label, className = '', isDeadline = false, onEnd }: CountdownProps) {
  const seconds = Math.ceil(useRemaining(until) / 1000);
  const isOver = seconds === 0;
  const end = useEffectEvent(() => onEnd?.());
  useEffect(() => {
    if (isOver) end();
  }, [isOver]);
  const isUrgent = isDeadline && seconds <= URGENT_SECONDS;
  return (
    <span className={`figures shrink-0 whitespace-nowrap ${isUrgent ? 'text-vermilion' : ''} ${className}`}>
      <span role="timer" aria-label={label}>
        {clockOf(seconds)}
      </span>
      <Milestones seconds={seconds} label={label} />
    </span>
  );
}

function Milestones({ seconds, label }: { readonly seconds: number; readonly label: string }) {
  const t = useTranslations('countdown');
  const [said, setSaid] = useState(0);
  const milestone = MILESTONES_SECONDS.find((known) => known === seconds);
  if (milestone !== undefined && milestone !== said) setSaid(milestone);
  const text = said >= 60 ? t('minutes', { value: said / 60 }) : t('seconds', { value: said });
  return (
    <span className="sr-only" aria-live="polite">
      {said > 0 && `${label}: ${text}`}
    </span>
  );
}

/** `1:02:03:04` days, hours, minutes and seconds, without the leading parts that are nothing. */
function clockOf(seconds: number): string {
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = Math.min(
    [...parts, 1].findIndex((part) => part > 0),
    2,
  );
  return parts
    .slice(first)
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
}
