/** What happens once somebody is signed in: on to where they wanted to go. */
import type { AccountUser } from '@openrun/client';
import { useRouter } from '@tanstack/react-router';
import { useEnter } from '../door.ts';

export function useEntrance(next: string | undefined): (user: AccountUser) => void {
  const enter = useEnter();
  const router = useRouter();
  return (user) => {
    enter(user);
    router.history.replace(`/shop${next === undefined || next === '/' ? '' : next}`);
  };
}
