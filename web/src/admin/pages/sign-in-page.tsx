/** The door: for staff with an account of this shop. Behind it is the page whose address was opened. */
import type { AccountUser } from '@openrun/client';
import { useTranslations } from 'use-intl';
import { useEnter } from '../../shop/door.ts';
import { settings } from '../../shop/settings.ts';
import { Mark } from '../../shop/ui/mark.tsx';
import { PageTitle } from '../../shop/ui/page-title.tsx';
import { SignInForm } from '../../shop/ui/sign-in-form.tsx';
import { Preferences } from '../ui/preferences.tsx';
import { SignOutButton } from '../ui/side-bar.tsx';

export function SignInPage() {
  const t = useTranslations('admin.signIn');
  const words = useTranslations('signIn');
  const enter = useEnter();
  return (
    <div className="grid grid-cols-1 gap-6">
      <Mark className="size-12" />
      <div className="grid grid-cols-1 gap-1">
        <PageTitle title={t('title')} className="text-2xl font-extrabold" />
        <p className="text-soft">{settings.accounts ? t('hint') : words('elsewhereHint')}</p>
      </div>
      {settings.accounts && <SignInForm onEntered={enter} />}
      <Preferences />
    </div>
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
