/** What stands around every page: the way to the others, and what has just happened. */
import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useNotice } from '../../shop/notices.ts';
import { useSession } from '../../shop/session.ts';
import { LiveRegion } from '../../shop/ui/live-region.tsx';
import { OfflineBanner } from '../../shop/ui/offline-banner.tsx';
import { SessionEnded } from '../../shop/ui/session-ended.tsx';
import { Skeletons } from '../../shop/ui/states.tsx';
import { SideBar } from './side-bar.tsx';

export function Shell() {
  const t = useTranslations('shop');
  const { user, hasEnded } = useSession();
  // Whoever has just left is back at the door.
  if (user === null) return null;
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
