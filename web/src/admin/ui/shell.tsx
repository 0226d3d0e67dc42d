/** What stands around every page: the door, the way to the other pages, and what has just happened. */
import { Outlet } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useNotice } from '../../shop/notices.ts';
import { useSession } from '../../shop/session.ts';
import { LiveRegion } from '../../shop/ui/live-region.tsx';
import { OfflineBanner } from '../../shop/ui/offline-banner.tsx';
import { SessionEnded } from '../../shop/ui/session-ended.tsx';
import { Skeletons } from '../../shop/ui/states.tsx';
import { SignInPage, WrongRolePage } from '../pages/sign-in-page.tsx';
import { SideBar } from './side-bar.tsx';

export function Shell() {
  const t = useTranslations('shop');
  const { isLoading, user, hasEnded } = useSession();
  if (isLoading) return <Door>{<PageSkeleton />}</Door>;
  if (user === null) return <Door>{<SignInPage />}</Door>;
  if (user.role !== 'staff') return <Door>{<WrongRolePage user={user} />}</Door>;
  return (
    <div key={user.id} className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-ink px-4 py-3 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <SideBar user={user} />
      <div className="flex min-w-0 flex-col">
        <OfflineBanner />
        <main id="main" tabIndex={-1} className="w-full max-w-[96rem] flex-1 px-4 py-6 outline-none sm:px-8">
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Notices />
      {hasEnded && <SessionEnded user={user} />}
    </div>
  );
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

/** Stands in for a page whose script is on its way. */
export function PageSkeleton() {
  return (
    <div className="grid grid-cols-1 gap-5">
      <Skeletons count={1} className="h-8 w-1/3" />
      <div aria-hidden className="skeleton h-72" />
    </div>
  );
}

function Notices() {
  const notice = useNotice();
  return (
    <LiveRegion className="pointer-events-none fixed inset-x-4 bottom-6 z-60 flex justify-center">
      {notice !== null && (
        <p
          key={notice.id}
          className="pointer-events-auto animate-[rise_0.25s_var(--ease-calm)] rounded-control bg-ink px-5 py-3 text-sm font-medium text-on-ink shadow-lift"
        >
          {notice.text}
        </p>
      )}
    </LiveRegion>
  );
}
