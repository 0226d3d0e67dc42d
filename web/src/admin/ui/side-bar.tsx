/** The way to every page, and who is signed in: beside the page, or above it on narrow screens. */
import type { AccountUser } from '@openrun/client';
import { Link, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  History,
  LogOut,
  type LucideIcon,
  Package,
  ReceiptText,
  Send,
  ShieldCheck,
  Ticket,
  TrendingUp,
  Users,
  Webhook,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useSignOut } from '../../shop/door.ts';
import { Mark } from '../../shop/ui/mark.tsx';
import { useWrite } from '../use-write.ts';
import { Button } from './button.tsx';
import { Preferences } from './preferences.tsx';

const PLACES = [
  { to: '/', name: 'dashboard', icon: Activity },
  { to: '/orders', name: 'orders', icon: ReceiptText },
  { to: '/products', name: 'products', icon: Package },
  { to: '/coupons', name: 'coupons', icon: Ticket },
  { to: '/customers', name: 'customers', icon: Users },
  { to: '/deliveries', name: 'deliveries', icon: Send },
  { to: '/destinations', name: 'destinations', icon: Webhook },
  { to: '/ranking', name: 'ranking', icon: TrendingUp },
  { to: '/audit', name: 'audit', icon: ShieldCheck },
  { to: '/trail', name: 'trail', icon: History },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon }[];

export function SideBar({ user }: { readonly user: AccountUser }) {
  const t = useTranslations('admin.shell');
  return (
    <header className="z-20 flex flex-col gap-3 border-b border-line bg-surface p-3 lg:sticky lg:top-0 lg:h-dvh lg:gap-5 lg:overflow-y-auto lg:border-r lg:border-b-0 lg:p-4">
      <Link to="/" className="flex min-h-10 items-center gap-2.5 px-2 text-lg leading-tight font-black tracking-tight">
        <Mark className="size-7 shrink-0" />
        {t('name')}
      </Link>
      <Places />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 lg:mt-auto lg:grid">
        <Preferences />
        <p className="min-w-0 px-1 text-sm">
          <span className="block font-semibold">{user.name}</span>
          <span className="block truncate text-xs text-soft">{user.email}</span>
        </p>
        <SignOutButton />
      </div>
    </header>
  );
}

function Places() {
  const t = useTranslations('admin.shell');
  const places = useTranslations('admin.place');
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const place = PLACES.findLast(({ to }) => path.includes(to))?.to ?? '/';
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the row is wider than the page.
    row.current?.querySelector(`[data-place="${place}"]`)?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [place]);
  return (
    <nav ref={row} aria-label={t('navigation')} className="relative -mx-3 overflow-x-auto px-3 lg:mx-0 lg:overflow-visible lg:px-0">
      <ul className="flex gap-1 lg:grid lg:gap-0.5">
        {PLACES.map(({ to, name, icon: Icon }) => (
          <li key={to} data-place={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="group flex min-h-9 items-center gap-2.5 rounded-[8px] px-2.5 text-sm font-medium whitespace-nowrap text-soft outline-offset-[-3px] transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-bold aria-[current=page]:text-ink"
            >
              <Icon aria-hidden className="size-4.5 shrink-0 stroke-[1.8] group-aria-[current=page]:stroke-[2.3]" />
              {places(name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function SignOutButton() {
  const t = useTranslations('me');
  const signOut = useSignOut();
  const attempt = useWrite({ run: signOut });
  return (
    <Button look="secondary" isPending={attempt.isPending} onClick={() => attempt.mutate()}>
      <LogOut aria-hidden className="size-4" />
      {t('signOut')}
    </Button>
  );
}
