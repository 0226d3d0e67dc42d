/** Who may come in. Nothing of the house is loaded for those before its door. */
import type { ReactNode } from 'react';
import { useSession } from '../../shop/session.ts';
import { OfflineBanner } from '../../shop/ui/offline-banner.tsx';
import { SignInPage, WrongRolePage } from '../pages/sign-in-page.tsx';
import { PageSkeleton } from './shell.tsx';

export function Entrance({ children }: { readonly children: ReactNode }) {
  const { isLoading, user } = useSession();
  if (isLoading) return <Door>{<PageSkeleton />}</Door>;
  if (user === null) return <Door>{<SignInPage />}</Door>;
  if (user.role !== 'staff') return <Door>{<WrongRolePage user={user} />}</Door>;
  return children;
}

/** The frame for those who are not in. */
function Door({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <OfflineBanner />
      <main id="main" tabIndex={-1} className="mx-auto grid grid-cols-1 w-full max-w-sm flex-1 content-center px-4 py-10 outline-none">
        {children}
      </main>
    </div>
  );
}
