/** The way in for those who have an account. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useEntrance } from '../forms/entrance.ts';
import { settings } from '../settings.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { SignInPrompt } from '../ui/sign-in-first.tsx';
import { SignInForm } from '../ui/sign-in-form.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const t = useTranslations('signIn');
  const search = route.useSearch();
  const enter = useEntrance(search.next);
  return (
    <div className="mx-auto grid w-full max-w-md gap-6">
      <PageTitle title={t('title')} />
      {settings.accounts ? (
        <>
          <SignInForm onEntered={enter} />
          <p className="text-soft">
            {t('noAccount')}{' '}
            <Link
              to="/sign-up"
              search={search}
              className="inline-flex min-h-11 items-center font-semibold text-ink underline underline-offset-4"
            >
              {t('signUp')}
            </Link>
          </p>
        </>
      ) : (
        <SignInPrompt />
      )}
    </div>
  );
}
