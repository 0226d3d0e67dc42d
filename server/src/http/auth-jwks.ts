/**
 * The public keys of the shop's identity provider: a JSON Web Key Set (RFC 7517) behind a URL.
 *
 * jose picks and applies the keys. What is added is what keeps the shop open: the set is renewed while the old one
 * serves, an identity provider that is away does not take the keys with it, a key that is not in the set is looked
 * for in a new one, and nothing that a client sends makes more than one request a second to the identity provider.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { ProblemError } from '../kernel/errors.ts';

const FETCH_TIMEOUT_MS = 3000;
const BODY_MAX_BYTES = 256 * 1024;
/** Keys are renewed in the background from the first age on, before use from the second, and not used from the third. */
const RENEW_AFTER_MS = 5 * 60_000;
const RENEW_FIRST_AFTER_MS = 60 * 60_000;
const UNUSABLE_AFTER_MS = 24 * 60 * 60_000;
const BETWEEN_FETCHES_MS = 1000;
const AFTER_FAILURE_MS = 5000;

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** Verifies tokens by the keys of one identity provider. */
export interface RemoteKeys {
  /**
   * The claims of a token that one of the keys has signed.
   *
   * @throws 503 `IDENTITY_PROVIDER_UNAVAILABLE` where the key would have to be fetched and cannot be; jose's errors for bad tokens.
   */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload>;
}

/** Reads the key set at `url`, first when it is needed. `now` gives milliseconds; `onError` hears why a fetch failed. */
export function createRemoteKeys(options: { url: string; now: () => number; onError: (error: unknown) => void }): RemoteKeys {
  const set = createKeySet(options);
  return {
    verify: async (token, verifyOptions) => {
      try {
        return await verifyWith(await set.current(), token, verifyOptions);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return verifyWith(await set.renewed(), token, verifyOptions);
      }
    },
  };
}

async function verifyWith(keys: JWTVerifyGetKey, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  const asymmetric = { ...options, algorithms: ALGORITHMS };
  try {
    return (await jwtVerify(token, keys, asymmetric)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // A token that names no key may have been signed by any key of its algorithm.
    for await (const key of error) {
      const payload = await jwtVerify(token, key, asymmetric).then(
        (result) => result.payload,
        (failure: unknown) => {
          if (failure instanceof errors.JWSSignatureVerificationFailed) return null;
          throw failure;
        },
      );
      if (payload !== null) return payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** The newest key set that could be had, and the way to a newer one. */
interface KeySet {
  current(): Promise<JWTVerifyGetKey>;
  renewed(): Promise<JWTVerifyGetKey>;
}

function createKeySet({ url, now, onError }: { url: string; now: () => number; onError: (error: unknown) => void }): KeySet {
  let loaded: { readonly keys: JWTVerifyGetKey; readonly at: number } | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<JWTVerifyGetKey> | null = null;

  async function load(): Promise<JWTVerifyGetKey> {
    const wait = loaded === null ? 0 : loaded.at + BETWEEN_FETCHES_MS - now();
    if (wait > 0) await delay(Math.min(wait, BETWEEN_FETCHES_MS));
    try {
      const keys = createLocalJWKSet(await fetchKeySet(url));
      loaded = { keys, at: now() };
      return keys;
    } catch (error) {
      failedAt = now();
      onError(error);
      throw unavailable();
    }
  }

  /** One fetch at a time, which all who ask share; none soon after one that failed. */
  function renewed(): Promise<JWTVerifyGetKey> {
    if (pending !== null) return pending;
    const sinceFailure = now() - failedAt;
    if (sinceFailure >= 0 && sinceFailure < AFTER_FAILURE_MS) return Promise.reject(unavailable());
    pending = load().finally(() => {
      pending = null;
    });
    return pending;
  }

  async function current(): Promise<JWTVerifyGetKey> {
    const usable = loaded !== null && now() - loaded.at < UNUSABLE_AFTER_MS ? loaded : null;
    if (usable === null) return renewed();
    const age = now() - usable.at;
    if (age < RENEW_AFTER_MS) return usable.keys;
    const newer = renewed().catch(() => usable.keys);
    return age < RENEW_FIRST_AFTER_MS ? usable.keys : newer;
  }

  return { current, renewed };
}

function unavailable(): ProblemError {
  return new ProblemError('IDENTITY_PROVIDER_UNAVAILABLE', {}, AFTER_FAILURE_MS / 1000);
}

async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  const text = await readText(response);
  if (response.status !== 200) throw new Error(`the key set at ${url} answered ${response.status}`);
  const body: unknown = JSON.parse(text);
  if (!isKeySet(body)) throw new Error(`${url} did not answer a JSON Web Key Set`);
  return body;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return '';
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > BODY_MAX_BYTES) throw new Error(`a key set of more than ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isKeySet(body: unknown): body is JSONWebKeySet {
  return (
    typeof body === 'object' &&
    body !== null &&
    'keys' in body &&
    Array.isArray(body.keys) &&
    body.keys.every((key: unknown) => typeof key === 'object' && key !== null && !Array.isArray(key))
  );
}
