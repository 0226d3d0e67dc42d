/** Sessions: who a cookie stands for, and how it ends. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AccountRepository } from './account.repository.ts';
import type { AccountUser } from './account.schemas.ts';
import { createSessionCache, type LiveSession } from './account.session-cache.ts';
import type { SessionIdentity } from './account.types.ts';
import { type Auth, sessionCookieName, userOf, withCause } from './better-auth.ts';

const EXPIRED_SESSIONS_PER_SWEEP = 1000;

/** What a session cookie stands for, with the `Set-Cookie` headers to answer. */
interface CookieSession {
  readonly user: AccountUser | null;
  readonly cookies: readonly string[];
}

export interface AccountSessions {
  /** Ends the session of the cookie, where there is one; gives the `Set-Cookie` headers that remove it. */
  signOut(headers: IncomingHttpHeaders): Promise<readonly string[]>;
  /** Who is signed in; lengthens a session that is more than a day old. */
  session(headers: IncomingHttpHeaders): Promise<CookieSession>;
  /** For the authenticator: reads only, and believes what it read for a few seconds. */
  readonly sessions: { identityOf(headers: IncomingHttpHeaders): Promise<SessionIdentity | null> };
  /** Deletes a batch of the sessions that had expired by then; gives how many. For the retention. */
  deleteExpiredSessions(at: Date): Promise<number>;
}

interface SessionDependencies {
  readonly auth: Auth;
  readonly repository: AccountRepository;
  readonly secureCookies: boolean;
  /** The value of a session cookie as the secret of today has signed it. */
  readonly current: (value: string) => string;
  readonly now: () => number;
}

export function createAccountSessions({ auth, repository, secureCookies, current, now }: SessionDependencies): AccountSessions {
  const prefix = `${sessionCookieName(secureCookies)}=`;
  const live = createSessionCache(findLive, now);

  /** The session cookie alone, so that what better-auth verifies is what the cache knows it by. */
  function cookieOf(headers: IncomingHttpHeaders): string | null {
    const pairs = headers.cookie?.split(';') ?? [];
    const cookie = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(prefix));
    return cookie === undefined ? null : prefix + current(cookie.slice(prefix.length));
  }

  async function find(cookie: string, disableRefresh: boolean) {
    return withCause(auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh }, returnHeaders: true }));
  }

  async function findLive(cookie: string): Promise<LiveSession | null> {
    const { response } = await find(cookie, true);
    if (response === null) return null;
    const { id: userId, role } = userOf(response.user);
    return { identity: { userId, role }, expiresAt: response.session.expiresAt.getTime() };
  }

  async function signOut(headers: IncomingHttpHeaders): Promise<readonly string[]> {
    const cookie = cookieOf(headers);
    if (cookie === null) return [];
    const { response } = await find(cookie, true);
    // better-auth answers a sign-out that failed like one that worked, so the session is ended here.
    if (response !== null) await repository.endSession(response.session.token);
    live.forget(cookie);
    const signedOut = await auth.api.signOut({ headers: new Headers(), returnHeaders: true });
    return signedOut.headers.getSetCookie();
  }

  async function session(headers: IncomingHttpHeaders): Promise<CookieSession> {
    const cookie = cookieOf(headers);
    if (cookie === null) return { user: null, cookies: [] };
    const found = await find(cookie, false);
    return { user: found.response === null ? null : userOf(found.response.user), cookies: found.headers.getSetCookie() };
  }

  async function identityOf(headers: IncomingHttpHeaders): Promise<SessionIdentity | null> {
    const cookie = cookieOf(headers);
    return cookie === null ? null : live.identityOf(cookie);
  }

  return {
    signOut,
    session,
    sessions: { identityOf },
    deleteExpiredSessions: (at) => repository.deleteExpiredSessions(at, EXPIRED_SESSIONS_PER_SWEEP),
  };
}
