/** Who is signed in, and the ways in and out. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { signOut } from '../api/commands.ts';
import { sessionQuery } from '../api/queries.ts';
import type { AccountUser } from '../api/types.ts';
import { settings } from './settings.ts';

export interface Session {
  readonly isLoading: boolean;
  readonly user: AccountUser | null;
}

export function useSession(): Session {
  const { data, isPending } = useQuery({ ...sessionQuery, enabled: settings.accounts });
  return { isLoading: settings.accounts && isPending, user: data ?? null };
}

/** Takes over who is signed in now, and drops what was another's. */
export function useEnter(): (user: AccountUser | null) => void {
  const client = useQueryClient();
  return (user) => {
    client.removeQueries({ queryKey: ['mine'] });
    client.setQueryData(sessionQuery.queryKey, user);
  };
}

export function useSignOut(): () => Promise<void> {
  const enter = useEnter();
  return async () => {
    await signOut();
    enter(null);
  };
}
