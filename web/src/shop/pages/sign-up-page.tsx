/** The way in for those who have no account yet. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { SignUpForm } from '../forms/sign-up-form.tsx';
import { settings } from '../settings.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { SignInPrompt } from '../ui/sign-in-first.tsx';

const route = getRouteApi('/sign-up');

export function SignUpPage() {
  const t = useTranslations('signUp');
  const search = route.useSearch();
  return (
    <div className="mx-auto grid w-full max-w-md gap-6">
      <PageTitle title={t('title')} />
      {settings.accounts ? (
        <>
          <SignUpForm next={search.next} />
          <p className="text-soft">
            {t('hasAccount')}{' '}
            <Link
              to="/sign-in"
              search={search}
              className="inline-flex min-h-11 items-center font-semibold text-ink underline underline-offset-4"
            >
              {t('signIn')}
            </Link>
          </p>
        </>
      ) : (
        <SignInPrompt />
      )}
    </div>
  );
}
