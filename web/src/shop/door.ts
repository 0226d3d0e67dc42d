/** The ways in and out. */
import type { AccountUser } from '@openrun/client';
import { useQueryClient } from '@tanstack/react-query';
import { signOut } from '../api/commands.ts';
import { sessionQuery } from '../api/queries.ts';

/** What belongs to whoever is signed in, and what staff alone see. */
const PRIVATE = ['mine', 'staff'] as const;

/** Takes over who is signed in now. What was another's is dropped; who comes back finds the page as it was. */
export function useEnter(): (user: AccountUser | null) => void {
  const client = useQueryClient();
  return (user) => {
    const before = client.getQueryData(sessionQuery.queryKey)?.user ?? null;
    const isBack = user !== null && user.id === before?.id;
    client.setQueryData(sessionQuery.queryKey, { user, hasEnded: false });
    for (const key of PRIVATE) {
      if (isBack) void client.invalidateQueries({ queryKey: [key] });
      else client.removeQueries({ queryKey: [key] });
    }
  };
}

export function useSignOut(): () => Promise<void> {
  const enter = useEnter();
  return async () => {
    await signOut();
    enter(null);
  };
}
