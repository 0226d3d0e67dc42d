/** The frame of a page: its heading, what can be done there, and its parts. */
import type { ReactNode } from 'react';
import { PageTitle } from '../../shop/ui/page-title.tsx';

interface PageProps {
  readonly title: string;
  /** What stands above the heading, such as the way back. */
  readonly above?: ReactNode;
  /** What stands beside the heading. */
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, above, beside, actions, children }: PageProps) {
  return (
    <div className="grid grid-cols-1 gap-5">
      <header className="grid grid-cols-1 gap-1.5">
        {above}
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div className="flex min-w-0 flex-wrap items-center gap-3">
            <PageTitle title={title} className="text-2xl font-extrabold" />
            {beside}
          </div>
          {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page on a card. */
export function Section({ title, hint, actions, className = '', children }: SectionProps) {
  return (
    <section className={`card grid grid-cols-1 min-w-0 content-start gap-4 p-5 ${className}`}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div>
          <h2 className="text-base font-bold">{title}</h2>
          {hint !== undefined && <p className="text-sm text-soft">{hint}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** Facts in pairs of a name and a value. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    // Wide enough for most moments; one with its year is longer, and goes on in the next line.
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))] gap-x-6 gap-y-3 text-sm [&_time]:whitespace-normal">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-soft">{name}</dt>
          <dd className="figures font-semibold break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
