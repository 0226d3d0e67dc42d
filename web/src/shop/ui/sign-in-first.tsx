/** Shows a page to those who are signed in, and the way there to everybody else. */
import type { AccountUser } from '@openrun/client';
import { Link, useRouterState } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useSession } from '../session.ts';
import { settings } from '../settings.ts';
import { buttonClass } from './button.tsx';
import { PageTitle } from './page-title.tsx';
import { PageSkeleton } from './shell.tsx';
import { EmptyState } from './states.tsx';

interface SignInFirstProps {
  /** Of the page that is behind the door. */
  readonly title: string;
  readonly children: (user: AccountUser) => ReactNode;
}

export function SignInFirst({ title, children }: SignInFirstProps) {
  const { isLoading, user } = useSession();
  if (user !== null) return <Fragment key={user.id}>{children(user)}</Fragment>;
  if (isLoading) return <PageSkeleton />;
  return (
    <div className="grid gap-6">
      <PageTitle title={title} />
      <SignInPrompt />
    </div>
  );
}

export function SignInPrompt() {
  const t = useTranslations('signIn');
  const next = useRouterState({ select: ({ location }) => location.href });
  if (!settings.accounts) {
    return (
      <EmptyState icon={<KeyRound />} title={t('elsewhere')}>
        <p>{t('elsewhereHint')}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<KeyRound />} title={t('first')}>
      <div className="flex flex-wrap justify-center gap-3">
        <Link to="/sign-in" search={{ next }} className={buttonClass('primary')}>
          {t('title')}
        </Link>
        <Link to="/sign-up" search={{ next }} className={buttonClass('secondary')}>
          {t('signUp')}
        </Link>
      </div>
    </EmptyState>
  );
}
