/** The customer's own corner: balance, language, appearance, and the way out. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { balanceQuery } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useSignOut } from '../door.ts';
import { PreferencesForm } from '../forms/preferences-form.tsx';
import { useProblemText } from '../problem-text.ts';
import { useSession } from '../session.ts';
import { Button } from '../ui/button.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { PageSkeleton } from '../ui/shell.tsx';
import { SignInPrompt } from '../ui/sign-in-first.tsx';
import { Message } from '../ui/states.tsx';

export function MePage() {
  const t = useTranslations('me');
  const { isLoading, user } = useSession();
  if (isLoading) return <PageSkeleton />;
  return (
    <div className="grid max-w-2xl gap-8">
      <PageTitle title={t('title')}>{user === null ? t('title') : t('hello', { name: user.name })}</PageTitle>
      {user === null ? <SignInPrompt /> : <BalanceLink />}
      <PreferencesForm />
      {user !== null && <SignOut email={user.email} />}
    </div>
  );
}

function BalanceLink() {
  const t = useTranslations('me');
  const { money } = useFormats();
  const { data } = useQuery(balanceQuery);
  return (
    <Link to="/balance" className="card flex items-center justify-between gap-4 p-6 transition-colors hover:border-line-strong">
      <span>
        <span className="block text-soft">{t('balance')}</span>
        <span className="figures block min-h-10 text-3xl font-black">{data === undefined ? '' : money(data.amount)}</span>
      </span>
      <span className="flex items-center gap-1 font-semibold">
        {t('charge')}
        <ChevronRight aria-hidden className="size-5" />
      </span>
    </Link>
  );
}

function SignOut({ email }: { readonly email: string }) {
  const t = useTranslations('me');
  const textOf = useProblemText();
  const signOut = useMutation({ mutationFn: useSignOut() });
  return (
    <div className="seam grid gap-4 pt-6">
      {signOut.error !== null && <Message tone="error">{textOf(signOut.error)}</Message>}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="text-soft">{t('signedInAs', { email })}</p>
        <Button look="secondary" isPending={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('signOut')}
        </Button>
      </div>
    </div>
  );
}
