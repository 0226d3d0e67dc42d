/** The door: for staff with an account of this shop. Behind it is the page whose address was opened. */
import { Form } from '@base-ui/react/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { signIn } from '../../api/commands.ts';
import type { AccountUser } from '../../api/types.ts';
import { useProblemText } from '../../shop/problem-text.ts';
import { useEnter } from '../../shop/session.ts';
import { settings } from '../../shop/settings.ts';
import { Button } from '../../shop/ui/button.tsx';
import { Mark } from '../../shop/ui/mark.tsx';
import { PageTitle } from '../../shop/ui/page-title.tsx';
import { Message } from '../../shop/ui/states.tsx';
import { TextField } from '../../shop/ui/text-field.tsx';
import { Preferences } from '../ui/preferences.tsx';
import { SignOutButton } from '../ui/side-bar.tsx';

export function SignInPage() {
  const t = useTranslations('admin.signIn');
  const words = useTranslations('signIn');
  return (
    <div className="grid grid-cols-1 gap-6">
      <Mark className="size-12" />
      <div className="grid grid-cols-1 gap-1">
        <PageTitle title={t('title')} className="text-2xl font-extrabold" />
        <p className="text-soft">{settings.accounts ? t('hint') : words('elsewhereHint')}</p>
      </div>
      {settings.accounts && <SignInForm />}
      <Preferences />
    </div>
  );
}

function SignInForm() {
  const t = useTranslations('signIn');
  const textOf = useProblemText();
  const enter = useEnter();
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (user) => {
      // What a colleague saw before is asked for anew.
      client.removeQueries({ queryKey: ['staff'] });
      enter(user);
    },
  });
  return (
    <Form
      className="grid grid-cols-1 gap-5"
      onFormSubmit={({ email, password }) => attempt.mutate({ email: String(email), password: String(password) })}
    >
      <TextField
        name="email"
        label={t('email')}
        type="email"
        autoComplete="username"
        required
        errors={{ valueMissing: t('emailMissing'), typeMismatch: t('emailWrong') }}
      />
      <TextField
        name="password"
        label={t('password')}
        type="password"
        autoComplete="current-password"
        required
        errors={{ valueMissing: t('passwordMissing') }}
      />
      {attempt.error !== null && !attempt.isPending && <Message tone="error">{textOf(attempt.error)}</Message>}
      <Button type="submit" isPending={attempt.isPending}>
        {t('submit')}
      </Button>
    </Form>
  );
}

/** Whoever is signed in here is a customer. */
export function WrongRolePage({ user }: { readonly user: AccountUser }) {
  const t = useTranslations('admin.signIn');
  return (
    <div className="grid grid-cols-1 gap-6">
      <Mark className="size-12" />
      <PageTitle title={t('staffOnly')} className="text-2xl font-extrabold" />
      <p className="text-soft">{t('customer', { email: user.email })}</p>
      <SignOutButton />
    </div>
  );
}
