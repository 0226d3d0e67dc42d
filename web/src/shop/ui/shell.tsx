/** What stands around every page: the way to the others, what is in the basket, and what has just happened. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { CircleUserRound, type LucideIcon, ReceiptText, ShoppingBag, Store, Ticket } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useBasket } from '../basket.ts';
import { useNotice } from '../notices.ts';
import { useSession } from '../session.ts';
import { LiveRegion } from './live-region.tsx';
import { Mark } from './mark.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Skeletons } from './states.tsx';

const PLACES = [
  { to: '/', name: 'home', icon: Store },
  { to: '/coupons', name: 'coupons', icon: Ticket },
  { to: '/basket', name: 'basket', icon: ShoppingBag },
  { to: '/orders', name: 'orders', icon: ReceiptText },
  { to: '/me', name: 'me', icon: CircleUserRound },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon }[];

export function Shell() {
  const t = useTranslations('shop');
  return (
    <div className="flex min-h-dvh flex-col pb-[calc(4.5rem+env(safe-area-inset-bottom))] md:pb-0">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-ink px-4 py-3 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <Header />
      <OfflineBanner />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-10">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="mx-auto w-full max-w-6xl px-4 pb-8 text-sm text-soft sm:px-6">
        <p className="seam pt-5">{t('promise')}</p>
      </footer>
      <Notices />
      <Tabs />
      <EndOfSession />
    </div>
  );
}

const SessionEnded = lazy(async () => ({ default: (await import('./session-ended.tsx')).SessionEnded }));

function EndOfSession() {
  const { user, hasEnded } = useSession();
  if (!hasEnded || user === null) return null;
  return (
    <Suspense>
      <SessionEnded user={user} />
    </Suspense>
  );
}

/** Stands in for a page whose script is on its way. */
export function PageSkeleton() {
  return (
    <div className="grid gap-5">
      <Skeletons count={1} className="h-10 w-1/2" />
      <div aria-hidden className="skeleton h-72" />
    </div>
  );
}

function Header() {
  const t = useTranslations('shop');
  const places = useTranslations('place');
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-ground/92 backdrop-blur-md">
      <div className="mx-auto flex h-15 w-full max-w-6xl items-center gap-6 px-4 sm:px-6">
        <Link to="/" className="flex min-h-12 items-center gap-2.5 text-xl font-black tracking-tight">
          <Mark className="size-7" />
          {t('name')}
        </Link>
        <nav aria-label={t('navigation')} className="ml-auto hidden items-center gap-1 md:flex">
          {PLACES.map(({ to, name }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' }}
              className="relative flex min-h-11 items-center gap-2 rounded-control px-4 font-medium text-soft transition-colors hover:text-ink aria-[current=page]:font-bold aria-[current=page]:text-ink"
            >
              {places(name)}
              {name === 'basket' && <BasketCount className="bg-ink text-on-ink" />}
            </Link>
          ))}
        </nav>
      </div>
    </header>
  );
}

/** The same places at the thumb, on phones. */
function Tabs() {
  const t = useTranslations('shop');
  const places = useTranslations('place');
  return (
    <nav
      aria-label={t('navigation')}
      className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-5 border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-md md:hidden"
    >
      {PLACES.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/' }}
          className="group relative flex h-[4.5rem] flex-col items-center justify-center gap-1 text-xs font-medium text-soft outline-offset-[-4px] aria-[current=page]:font-bold aria-[current=page]:text-ink"
        >
          <Icon aria-hidden className="size-6 stroke-[1.7] group-aria-[current=page]:stroke-[2.3]" />
          {places(name)}
          {name === 'basket' && <BasketCount className="absolute top-2 left-1/2 ml-2 bg-vermilion text-on-ink" />}
        </Link>
      ))}
    </nav>
  );
}

function BasketCount({ className }: { readonly className: string }) {
  const t = useTranslations('shop');
  const count = useBasket().length;
  if (count === 0) return null;
  return (
    <span className={`figures grid h-5 min-w-5 place-items-center rounded-full px-1.5 text-xs font-bold ${className}`}>
      <span aria-hidden>{count}</span>
      <span className="sr-only">{t('inBasket', { count })}</span>
    </span>
  );
}

function Notices() {
  const notice = useNotice();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <LiveRegion className="pointer-events-none fixed inset-x-4 top-18 z-30 flex justify-center md:top-auto md:bottom-6">
      {notice !== null && (
        <p
          key={notice.id}
          className="pointer-events-auto flex animate-[rise_0.25s_var(--ease-calm)] items-center gap-4 rounded-control bg-ink py-1.5 pr-2 pl-5 font-medium text-on-ink shadow-lift"
        >
          <span className="py-2 pr-2">{notice.text}</span>
          {notice.action !== undefined && notice.action.to !== path && (
            <Link
              to={notice.action.to}
              className="flex min-h-11 shrink-0 items-center rounded-control px-3 font-bold underline underline-offset-4"
            >
              {notice.action.label}
            </Link>
          )}
        </p>
      )}
    </LiveRegion>
  );
}
