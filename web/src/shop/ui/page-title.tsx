/** The heading of a page: it names the tab, and takes the focus when somebody comes here from another page. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';

/** Set when what somebody looks at is about to be replaced, until the new page has its heading. */
let hasMoved = false;

export function expectNewPage(): void {
  hasMoved = true;
}

interface PageTitleProps {
  /** For the tab. */
  readonly title: string;
  /** Whether it takes the focus even where nobody moved: what they were at is gone. */
  readonly takesFocus?: boolean;
  readonly className?: string;
  readonly children?: ReactNode;
}

export function PageTitle({ title, takesFocus = false, className = 'text-3xl font-extrabold sm:text-4xl', children }: PageTitleProps) {
  const t = useTranslations('shop');
  const heading = useRef<HTMLHeadingElement>(null);
  const name = t('name');
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  useEffect(() => {
    if (!hasMoved && !takesFocus) return;
    hasMoved = false;
    heading.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
