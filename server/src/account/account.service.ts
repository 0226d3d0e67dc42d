/**
 * The built-in accounts, for shops without an identity provider of their own: sign-up, sign-in, sessions in a
 * cookie, and the staff. Passwords, sessions and cookies are better-auth's; around them are limits.
 */
import { hashPassword } from 'better-auth/crypto';
import { type Database, executorOn } from '../database/database.ts';
import { newId } from '../kernel/ids.ts';
import { createGate } from './account.limits.ts';
import { createPasswordSignIn, type PasswordSignIn } from './account.passwords.ts';
import { createAccountRepository } from './account.repository.ts';
import { type AccountSessions, createAccountSessions } from './account.sessions.ts';
import { createStaffAdmin, type StaffAdmin } from './account.staff.ts';
import type { OnError } from './account.types.ts';
import { cookieRenewal, createAuth } from './better-auth.ts';

/** Hashing takes a core and 32 MB for about a tenth of a second: two at once leave the shop its cores. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING_MAX = 100;
/** Whose turn it is where nobody's network asks. */
const OPERATOR = 'operator';

export interface AccountService extends PasswordSignIn, AccountSessions, StaffAdmin {}

export interface AccountOptions {
  readonly pool: Database['readers'];
  /** `AUTH_JWT_SECRET`; the cookies are signed with a key derived from it. */
  readonly secret: string;
  /** The secret before it: cookies that it signed count on. */
  readonly previousSecret?: string | null;
  /** Where browsers reach the server, or null where that is not known. */
  readonly baseUrl: string | null;
  /** Whether browsers reach the server by https alone. */
  readonly secureCookies: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onError?: OnError;
}

/** Makes the accounts on `pool`; nothing is connected until their first use. */
export function createAccountService(options: AccountOptions): AccountService {
  const { pool, secret, previousSecret = null, secureCookies, now = Date.now, onError = () => undefined } = options;
  const auth = createAuth({ ...options, onError });
  const repository = createAccountRepository(executorOn(pool));
  const hashing = createGate({ concurrency: HASHES_AT_ONCE, queue: HASHES_WAITING_MAX });
  return {
    ...createPasswordSignIn({ auth, repository, hashing, now }),
    ...createAccountSessions({ auth, repository, secureCookies, current: cookieRenewal(secret, previousSecret), now }),
    ...createStaffAdmin({ repository, hash: (password) => hashing.run(OPERATOR, () => hashPassword(password)), newId, now }),
  };
}
