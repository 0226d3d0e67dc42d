/**
 * Who calls: bearer tokens (JWT, RFC 7519, sent as RFC 6750 says) and, without one, the session cookie of the built-in accounts.
 *
 * A token counts when `AUTH_JWT_SECRET` (HS256), the secret before it, or a key of `AUTH_JWKS_URL` (asymmetric algorithms only) has signed
 * it, it has not expired, and it is meant for this shop. No user record is needed. The algorithm decides which of
 * the two is asked, so that a public key never serves as an HMAC secret.
 */
import { createSecretKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type CryptoKey, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose';
import { ProblemError } from '../kernel/errors.ts';
import { createTokenCache } from './auth-cache.ts';
import { createRemoteKeys } from './auth-jwks.ts';
import { isUnsafe, requireSameOrigin } from './auth-origin.ts';

/** Who calls. `userId` is the token's `sub`: 1–255 characters of any kind. */
export interface Identity {
  readonly userId: string;
  readonly role: 'customer' | 'staff';
}

/** Knows the session that a cookie stands for. */
export interface SessionSource {
  /** null: no session cookie, or one of no live session. */
  identityOf(headers: IncomingHttpHeaders): Promise<Identity | null>;
}

/** What authentication needs of a request; `host` is the host and port that the client asked for. */
interface AuthenticatedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly host: string;
}

export interface Authenticator {
  /**
   * null: no credentials at all. A token that was verified before is answered at once, without a promise.
   *
   * @throws (or rejects with) 401 `UNAUTHENTICATED` for bad credentials, 403 `CSRF_REJECTED` for an unsafe request by
   * cookie that does not come from a page of this server, 503 `IDENTITY_PROVIDER_UNAVAILABLE`.
   */
  authenticate(request: AuthenticatedRequest): Identity | null | Promise<Identity | null>;
}

/** How tokens are checked; null leaves a check, or a way in, out. */
export interface AuthenticatorOptions {
  readonly secret: string | null;
  /** Verifies what was signed before the secret was changed. */
  readonly previousSecret?: string | null;
  readonly jwksUrl: string | null;
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly sessions: SessionSource | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Hears why the key set of `jwksUrl` could not be fetched. */
  readonly onKeySetError?: (error: unknown) => void;
}

const USER_ID_MAX_CHARACTERS = 255;
const CACHED_TOKENS_MAX = 50_000;
const CACHED_TOKEN_MAX_LENGTH = 4096;
/** Verified tokens are verified anew after this time, so that a key that was withdrawn ends soon. */
const CACHED_FOR_MAX_MS = 5 * 60_000;
/** The compact form of RFC 7515: three parts in base64url, which has no padding. */
const BEARER = /^bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;

async function bySession(sessions: SessionSource, request: AuthenticatedRequest): Promise<Identity | null> {
  const identity = await sessions.identityOf(request.headers);
  if (identity !== null && isUnsafe(request.method)) requireSameOrigin(request);
  return identity;
}

/** The signature and claim checks of one token. */
type Verifier = (token: string) => Promise<JWTPayload>;

/** Makes the server's authenticator, with its own cache of verified tokens. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { sessions, now = Date.now } = options;
  const verify = createVerifier(options, now);
  const verified = createTokenCache<Identity>({ maxEntries: CACHED_TOKENS_MAX, maxTokenLength: CACHED_TOKEN_MAX_LENGTH });

  async function verifyAndKeep(token: string): Promise<Identity> {
    if (!endsCanonically(token)) throw unauthenticated();
    const { identity, expiresAt } = readClaims(await verify(token));
    const at = now();
    if (at >= expiresAt) throw unauthenticated();
    verified.set(token, identity, Math.min(expiresAt, at + CACHED_FOR_MAX_MS));
    return identity;
  }

  return {
    authenticate: (request) => {
      const { authorization, cookie } = request.headers;
      if (authorization === undefined) return sessions === null || cookie === undefined ? null : bySession(sessions, request);
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw unauthenticated();
      return verified.get(token, now()) ?? verifyAndKeep(token);
    },
  };
}

/**
 * Whether the bits that the last character of the signature leaves over are zero (RFC 4648, section 3.5). Decoders drop them, so that
 * one signature could be written in several ways, and be several tokens.
 */
function endsCanonically(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

function createVerifier(options: AuthenticatorOptions, now: () => number): Verifier {
  const { secret, previousSecret = null, jwksUrl, issuer, audience, onKeySetError: onError = () => undefined } = options;
  const secretKeys = [secret, previousSecret].flatMap((each) => (each === null ? [] : [hmacKey(each, 'verify')]));
  const remoteKeys = jwksUrl === null ? null : createRemoteKeys({ url: jwksUrl, now, onError });
  const checks = (): JWTVerifyOptions => ({
    currentDate: new Date(now()),
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
  });

  return async (token) => {
    try {
      if (decodeProtectedHeader(token).alg === 'HS256') {
        return await verifyByAny(token, secretKeys, { ...checks(), algorithms: ['HS256'] });
      }
      if (remoteKeys === null) throw unauthenticated();
      return await remoteKeys.verify(token, checks());
    } catch (error) {
      // Whatever jose or the platform's cryptography has against a token or its key, the token is no proof.
      throw error instanceof ProblemError ? error : unauthenticated();
    }
  };
}

/** @throws what jose says of the last of the keys, where none has signed it. */
async function verifyByAny(token: string, [key, ...others]: readonly CryptoKey[], checks: JWTVerifyOptions): Promise<JWTPayload> {
  if (key === undefined) throw unauthenticated();
  try {
    return (await jwtVerify(token, key, checks)).payload;
  } catch (error) {
    if (others.length > 0 && error instanceof errors.JWSSignatureVerificationFailed) return verifyByAny(token, others, checks);
    throw error;
  }
}

/** The claims that must be there; jose has checked those that need not be. */
function readClaims({ sub, exp, role }: JWTPayload): { readonly identity: Identity; readonly expiresAt: number } {
  // `1e999` is a number of JSON, and would never be over.
  if (exp === undefined || !Number.isFinite(exp) || !isUserId(sub)) throw unauthenticated();
  return { identity: { userId: sub, role: role === 'staff' ? 'staff' : 'customer' }, expiresAt: exp * 1000 };
}

/** Whether `sub` is 1–255 characters that PostgreSQL can keep, which excludes NUL and lone surrogates. */
function isUserId(sub: unknown): sub is string {
  if (typeof sub !== 'string' || sub === '' || sub.length > 2 * USER_ID_MAX_CHARACTERS) return false;
  return sub.isWellFormed() && !sub.includes('\0') && Array.from(sub).length <= USER_ID_MAX_CHARACTERS;
}

function unauthenticated(): ProblemError {
  return new ProblemError('UNAUTHENTICATED');
}

/** Makes a bearer token that {@link createAuthenticator} accepts under the same options. */
export type TokenMinter = (claims: { readonly sub: string; readonly role?: 'staff'; readonly ttlSeconds: number }) => Promise<string>;

/** Mints HS256 tokens of this shop. */
export function createTokenMinter(options: { secret: string; issuer: string | null; audience: string | null }): TokenMinter {
  const key = hmacKey(options.secret, 'sign');
  return ({ sub, role, ttlSeconds }) => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = new SignJWT(role === undefined ? {} : { role })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(sub)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds);
    if (options.issuer !== null) token.setIssuer(options.issuer);
    if (options.audience !== null) token.setAudience(options.audience);
    return token.sign(key);
  };
}

/** The secret in the form that jose takes without converting it for each token. */
function hmacKey(secret: string, usage: 'sign' | 'verify'): CryptoKey {
  return createSecretKey(Buffer.from(secret, 'utf8')).toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, [usage]);
}
