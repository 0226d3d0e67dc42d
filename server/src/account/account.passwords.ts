/** Sign-up and sign-in with a password: better-auth's, within limits on hashing and on guessing. */
import { type Refusal, refuse } from '../kernel/errors.ts';
import { createAttemptLimiter, type Gate, networkOf } from './account.limits.ts';
import type { AccountRepository } from './account.repository.ts';
import type { AccountUser, SignInBody, SignUpBody } from './account.schemas.ts';
import { type Auth, codeOf, userOf } from './better-auth.ts';

/** Guesses at one account, and at all accounts together, from one network. */
const SIGN_INS_PER_MINUTE = 10;
const FAILURES_PER_MINUTE = 100;
const KEYS_MAX = 10_000;

/** A user with the `Set-Cookie` headers that sign the browser in. */
export interface SignedInUser {
  readonly user: AccountUser;
  readonly cookies: readonly string[];
}

export interface PasswordSignIn {
  /** Limits of the fields are the schema's; `address` is the client's. @throws 429 `RATE_LIMITED`, 503 `OVERLOADED`. */
  signUp(account: SignUpBody, address: string): Promise<SignedInUser | Refusal<'EMAIL_TAKEN'>>;
  /** `address` is the client's. @throws 429 `RATE_LIMITED`, 503 `OVERLOADED`. */
  signIn(credentials: SignInBody, address: string): Promise<SignedInUser | Refusal<'INVALID_CREDENTIALS'>>;
}

interface PasswordDependencies {
  readonly auth: Auth;
  readonly repository: AccountRepository;
  readonly hashing: Gate;
  readonly now: () => number;
}

export function createPasswordSignIn({ auth, repository, hashing, now }: PasswordDependencies): PasswordSignIn {
  const attempts = createAttemptLimiter({ perMinute: SIGN_INS_PER_MINUTE, maxKeys: KEYS_MAX, now });
  const failures = createAttemptLimiter({ perMinute: FAILURES_PER_MINUTE, maxKeys: KEYS_MAX, now });

  async function signUp({ name, email, password }: SignUpBody, address: string): Promise<SignedInUser | Refusal<'EMAIL_TAKEN'>> {
    const network = networkOf(address);
    failures.check(network);
    try {
      const { headers, response } = await hashing.run(network, () => {
        // Given back to nobody: a new account is as cheap for its maker as a guess, and dearer for the shop.
        failures.take(network);
        return auth.api.signUpEmail({ body: { name, email, password }, headers: new Headers(), returnHeaders: true });
      });
      return { user: userOf(response.user), cookies: headers.getSetCookie() };
    } catch (error) {
      if (codeOf(error) === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL') return refuse('EMAIL_TAKEN');
      // Of two sign-ups at once, the second fails at the unique index, which better-auth does not tell apart.
      if (codeOf(error) === 'FAILED_TO_CREATE_USER' && (await repository.findByEmail(email.toLowerCase())) !== null) {
        return refuse('EMAIL_TAKEN');
      }
      throw error;
    }
  }

  async function signIn({ email, password }: SignInBody, address: string): Promise<SignedInUser | Refusal<'INVALID_CREDENTIALS'>> {
    const network = networkOf(address);
    const key = `${network} ${email.toLowerCase()}`;
    attempts.check(key);
    failures.check(network);
    try {
      const { headers, response } = await hashing.run(network, () => {
        // Taken with a place, not before: those who wait have cost nothing yet, and none of them gets past the limit.
        attempts.take(key);
        failures.take(network);
        return auth.api.signInEmail({ body: { email, password }, headers: new Headers(), returnHeaders: true });
      });
      attempts.forget(key);
      failures.giveBack(network);
      return { user: userOf(response.user), cookies: headers.getSetCookie() };
    } catch (error) {
      if (codeOf(error) === 'INVALID_EMAIL_OR_PASSWORD') return refuse('INVALID_CREDENTIALS');
      throw error;
    }
  }

  return { signUp, signIn };
}
