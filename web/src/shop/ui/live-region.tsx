/** Where something is said that nobody asked for: screen readers read it out when it appears. */
import type { ReactNode } from 'react';

interface LiveRegionProps {
  readonly className?: string;
  readonly children: ReactNode;
}

export function LiveRegion({ className, children }: LiveRegionProps) {
  return (
    // A status is polite by itself; but an open dialog hides all around it from screen readers except what says `aria-live`.
    <div role="status" aria-live="polite" className={className}>
      {children}
    </div>
  );
}
