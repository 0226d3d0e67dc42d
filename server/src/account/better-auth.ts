/**
 * better-auth, set up for this shop: email and password, sessions in our own tables, our ids. It talks to nobody but
 * PostgreSQL, sends no mail and no telemetry, and none of its own routes is served: `account.service.ts` calls it.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { Database } from '../database/database.ts';
import { newId } from '../kernel/ids.ts';
import { type AccountUser, PASSWORD_MAX_CHARACTERS, PASSWORD_MIN_CHARACTERS } from './account.schemas.ts';
import type { OnError } from './account.types.ts';

/** What the accounts need to know of the server. */
export interface AuthSettings {
  readonly pool: Database['readers'];
  /** `AUTH_JWT_SECRET`; the cookies are signed with a key derived from it. */
  readonly secret: string;
  /** Where browsers reach the server, or null where that is not known. */
  readonly baseUrl: string | null;
  /** Whether browsers reach the server by https alone. */
  readonly secureCookies: boolean;
  readonly onError: OnError;
}

const SESSION_SECONDS = 7 * 24 * 60 * 60;
const SESSION_RENEWED_AFTER_SECONDS = 24 * 60 * 60;

const COOKIE_PREFIX = 'openrun';

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' };

/** The options, which also say what schema better-auth expects of the migrations. */
export function authOptions({ pool, secret, baseUrl, secureCookies, onError }: AuthSettings) {
  return {
    appName: 'Openrun',
    // Both are given in full, since better-auth looks into the environment for what is left out.
    baseURL: baseUrl ?? 'http://localhost',
    secrets: [{ version: 1, value: cookieSecret(secret) }],
    database: pool,
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message, ...details) => onError(message, details) },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_MIN_CHARACTERS,
      // better-auth counts UTF-16 units; the limit in characters is the schema's.
      maxPasswordLength: 2 * PASSWORD_MAX_CHARACTERS,
    },
    user: {
      modelName: 'account_user',
      fields: { emailVerified: 'email_verified', ...TIMES },
      additionalFields: { role: { type: 'string', required: true, defaultValue: 'customer', input: false } },
    },
    session: {
      modelName: 'account_session',
      fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...TIMES },
      expiresIn: SESSION_SECONDS,
      updateAge: SESSION_RENEWED_AFTER_SECONDS,
    },
    account: {
      modelName: 'account_credential',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...TIMES,
      },
    },
    verification: { modelName: 'account_verification', fields: { expiresAt: 'expires_at', ...TIMES } },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: secureCookies,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      // A test compares the schema with the migrations, so it need not be looked at in production.
      database: { generateId: () => newId(), joins: true, validateSchema: false },
    },
  } satisfies BetterAuthOptions;
}

/** Makes the instance; nothing is connected until its first use. */
export function createAuth(settings: AuthSettings) {
  return betterAuth(authOptions(settings));
}

export type Auth = ReturnType<typeof createAuth>;

/** The name of the session cookie. */
export function sessionCookieName(secureCookies: boolean): string {
  return `${secureCookies ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`;
}

/** The stable code of an error that better-auth means for its caller; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof APIError ? error.body?.code : undefined;
}

/** Gives errors of the database as they are, which better-auth wraps into its own where it reads a session. */
export async function withCause<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof APIError && error.cause !== undefined ? error.cause : error;
  }
}

/** A user as the wire shows it; any role but staff is a customer. */
export function userOf({
  id,
  name,
  email,
  role,
}: {
  id: string;
  name: string;
  email: string;
  role?: string | null | undefined;
}): AccountUser {
  return { id, name, email, role: role === 'staff' ? 'staff' : 'customer' };
}

/**
 * Gives what signs a cookie anew that the secret before has signed, and leaves every other as it is. better-auth knows one secret for
 * cookies; a session that is lengthened gets a cookie of today's secret anyway.
 */
export function cookieRenewal(secret: string, previous: string | null): (value: string) => string {
  if (previous === null) return (value) => value;
  const [keyNow, keyBefore] = [cookieSecret(secret), cookieSecret(previous)];
  return (value) => {
    const [, token, signature] = /^([\w-]+)\.([\w+/]+={0,2})$/.exec(value.replaceAll(/%(2[BF]|3D)/gi, unescaped)) ?? [];
    if (token === undefined || signature === undefined) return value;
    return isSame(signature, signed(token, keyBefore)) ? encodeURIComponent(`${token}.${signed(token, keyNow)}`) : value;
  };
}

function unescaped(code: string): string {
  return decodeURIComponent(code);
}

/** As better-auth signs cookies. */
function signed(token: string, key: string): string {
  return createHmac('sha256', key).update(token).digest('base64');
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** A key for the cookies alone (HKDF, RFC 5869), so that a signed cookie can never be a token, nor the other way round. */
function cookieSecret(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', 'openrun session cookie', 32)).toString('base64url');
}
