/**
 * The identities of live session cookies, kept for a few seconds, so that a page that sends many requests reads its
 * session once. A sign-out ends the session at once in this process and, at most {@link KEPT_FOR_MS} later, in others.
 */
import type { SessionIdentity } from './account.types.ts';

/** The session that a cookie stands for; `expiresAt` in milliseconds since 1970. */
export interface LiveSession {
  readonly identity: SessionIdentity;
  readonly expiresAt: number;
}

/** How long an identity is believed without looking again. */
const KEPT_FOR_MS = 5000;
const KEPT_MAX = 10_000;

export interface SessionCache {
  /** The identity of the cookie; all who ask at the same time share one look-up. */
  identityOf(cookie: string): Promise<SessionIdentity | null>;
  /** Forgets the cookie, also where its look-up is still under way. */
  forget(cookie: string): void;
}

/** `until` is known once the look-up is done; those who ask before share it. */
interface Entry {
  readonly session: Promise<LiveSession | null>;
  until: number;
}

/** Makes a cache in front of `find`, which gives null for a cookie of no live session. */
export function createSessionCache(find: (cookie: string) => Promise<LiveSession | null>, now: () => number): SessionCache {
  const kept = new Map<string, Entry>();

  async function keep(cookie: string, entry: Entry): Promise<void> {
    const found = await entry.session.catch(() => null);
    if (found !== null) entry.until = Math.min(found.expiresAt, now() + KEPT_FOR_MS);
    else if (kept.get(cookie) === entry) kept.delete(cookie);
  }

  function lookUp(cookie: string): Promise<LiveSession | null> {
    const entry: Entry = { session: find(cookie), until: Number.POSITIVE_INFINITY };
    kept.delete(cookie);
    kept.set(cookie, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MAX) break;
      kept.delete(oldest);
    }
    void keep(cookie, entry);
    return entry.session;
  }

  return {
    identityOf: async (cookie) => {
      const entry = kept.get(cookie);
      const session = await (entry !== undefined && now() < entry.until ? entry.session : lookUp(cookie));
      return session === null ? null : session.identity;
    },
    forget: (cookie) => {
      kept.delete(cookie);
    },
  };
}
