/** Who is signed in. */
import type { AccountUser } from '@openrun/client';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries.ts';
import { settings } from './settings.ts';

export interface Session {
  readonly isLoading: boolean;
  readonly user: AccountUser | null;
  /** Whether it ended by itself: `user` was signed in, and the page is still theirs. */
  readonly hasEnded: boolean;
}

export function useSession(): Session {
  const { data, isPending } = useQuery({ ...sessionQuery, enabled: settings.accounts });
  return { isLoading: settings.accounts && isPending, user: data?.user ?? null, hasEnded: data?.hasEnded ?? false };
}
