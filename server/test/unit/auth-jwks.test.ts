/** Tokens by the keys of an identity provider: a real one on 127.0.0.1, with a clock that is set by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator, type Identity } from '../../src/http/auth.ts';
import { ProblemError } from '../../src/kernel/errors.ts';
import { type Algorithm, createSigner, hmacToken, type IdentityProvider, startIdentityProvider } from '../support/auth-tokens.ts';

const SECRET = 'a secret of the shop, long enough';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = 1_800_000_000_000;
const CUSTOMER: Identity = { userId: 'idp|1', role: 'customer' };
const claims = { sub: 'idp|1', exp: START / 1000 + 30 * 24 * 3600 };

const first = createSigner('key-1');
const second = createSigner('key-2');

let provider: IdentityProvider;
let now: number;

beforeEach(async () => {
  now = START;
  provider = await startIdentityProvider([first.jwk]);
});
afterEach(() => provider.close());

function createAsker(url = provider.url) {
  const errors: unknown[] = [];
  const authenticator = createAuthenticator({
    secret: SECRET,
    jwksUrl: url,
    issuer: null,
    audience: null,
    sessions: null,
    now: () => now,
    onKeySetError: (error) => errors.push(error),
  });
  async function ask(token: string): Promise<Identity | null | string> {
    try {
      return await authenticator.authenticate({ headers: { authorization: `Bearer ${token}` }, method: 'GET', host: 'shop.example' });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.retryAfterSeconds === undefined ? error.code : `${error.code} ${error.retryAfterSeconds}`;
    }
  }
  return { ask, errors };
}

/** A token that no cache has seen. */
let count = 0;
const fresh = (signer = first): string => {
  count += 1;
  return signer.token({ ...claims, jti: count });
};

describe('a token by a key of the set', () => {
  it.each<Algorithm>(['RS256', 'PS256', 'ES256', 'EdDSA'])('is accepted when signed with %s', async (alg) => {
    const signer = createSigner('key-x', alg);
    provider.keys = [first.jwk, signer.jwk];
    const { ask } = createAsker();
    expect(await ask(signer.token({ ...claims, role: 'staff' }))).toEqual({ userId: 'idp|1', role: 'staff' });
  });

  it('stands beside tokens by the secret', async () => {
    const { ask } = createAsker();
    expect(await ask(hmacToken(claims, SECRET))).toEqual(CUSTOMER);
    expect(provider.requests).toHaveLength(0);
    expect(await ask(fresh())).toEqual(CUSTOMER);
  });

  it('is found among keys without names', async () => {
    const unnamed = [createSigner('a'), createSigner('b')];
    provider.keys = [...unnamed, second].map(({ jwk: { kid: _kid, ...jwk } }) => jwk);
    const { ask } = createAsker();
    for (const signer of unnamed) expect(await ask(signer.token(claims, { alg: 'RS256' }))).toEqual(CUSTOMER);
    expect(await ask(first.token(claims, { alg: 'RS256' }))).toBe('UNAUTHENTICATED');
    const expired = { ...claims, exp: START / 1000 - 1 };
    expect(await ask(unnamed[1]?.token(expired, { alg: 'RS256' }) ?? '')).toBe('UNAUTHENTICATED');
  });

  it('costs one request for many at once', async () => {
    const { ask } = createAsker();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(fresh())));
    expect(answers).toEqual(Array.from({ length: 50 }, () => CUSTOMER));
    expect(provider.requests).toHaveLength(1);
  });
});

describe('a token is refused', () => {
  const pem = first.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { n } = first.publicKey.export({ format: 'jwk' });

  it.each([
    ['by another key of the same name', createSigner('key-1').token(claims)],
    ['by a key that is not in the set', second.token(claims)],
    ['with HS256 by the public key', hmacToken(claims, pem, { alg: 'HS256', kid: 'key-1' })],
    ['with HS256 by the modulus', hmacToken(claims, n ?? '', { alg: 'HS256', kid: 'key-1' })],
    ['with HS512 by the public key', hmacToken(claims, pem, { alg: 'HS512', kid: 'key-1' })],
    ['with none', `${hmacToken(claims, '', { alg: 'none', kid: 'key-1' }).split('.').slice(0, 2).join('.')}.`],
    ['with another algorithm than its key is for', first.token(claims, { alg: 'RS512', kid: 'key-1' })],
    ['with a key that it brings along', second.token(claims, { alg: 'RS256', jwk: second.jwk })],
    ['expired', first.token({ ...claims, exp: START / 1000 - 3600 })],
    ['without exp', first.token({ sub: 'idp|1' })],
    ['not yet valid', first.token({ ...claims, nbf: START / 1000 + 3600 })],
    ['without sub', first.token({ exp: claims.exp })],
  ])('%s', async (_what, token) => {
    const { ask } = createAsker();
    expect(await ask(token)).toBe('UNAUTHENTICATED');
  });

  it('by a shared secret that the set gives away', async () => {
    provider.keys = [{ kty: 'oct', kid: 'key-1', k: Buffer.from('public').toString('base64url'), alg: 'HS256' }];
    const { ask } = createAsker();
    expect(await ask(hmacToken(claims, 'public', { alg: 'HS256', kid: 'key-1' }))).toBe('UNAUTHENTICATED');
  });
});

describe('when keys change', () => {
  it('a new key is fetched when the first token by it comes', async () => {
    const { ask } = createAsker();
    expect(await ask(fresh())).toEqual(CUSTOMER);
    provider.keys = [first.jwk, second.jwk];
    expect(await ask(fresh(second))).toEqual(CUSTOMER);
    expect(provider.requests).toHaveLength(2);
  });

  it('tokens by unknown keys at once cost one request', async () => {
    const { ask } = createAsker();
    await ask(fresh());
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(fresh(second))));
    expect(new Set(answers)).toEqual(new Set(['UNAUTHENTICATED']));
    expect(provider.requests).toHaveLength(2);
  });

  it('tokens by unknown keys one after the other cost a request a second', async () => {
    const { ask } = createAsker();
    for (let i = 0; i < 3; i += 1) expect(await ask(fresh(second))).toBe('UNAUTHENTICATED');
    const gaps = provider.requests.slice(1).map((at, i) => at - (provider.requests[i] ?? 0));
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(gap).toBeGreaterThan(900);
  });

  it('a withdrawn key counts for minutes only, also for tokens seen before', async () => {
    const { ask } = createAsker();
    const token = fresh();
    expect(await ask(token)).toEqual(CUSTOMER);
    provider.keys = [second.jwk];
    now += 5 * MINUTE;
    await ask(fresh());
    await expect.poll(() => ask(fresh())).toBe('UNAUTHENTICATED');
    expect(await ask(token)).toBe('UNAUTHENTICATED');
  });

  it('keys of an hour ago are renewed before they are used', async () => {
    const { ask } = createAsker();
    expect(await ask(fresh())).toEqual(CUSTOMER);
    provider.keys = [second.jwk];
    now += HOUR;
    expect(await ask(fresh())).toBe('UNAUTHENTICATED');
  });
});

describe('when the identity provider is away', () => {
  const away = 'IDENTITY_PROVIDER_UNAVAILABLE 5';

  it('tokens by its keys are neither accepted nor called bad, and others still count', async () => {
    await provider.close();
    const { ask, errors } = createAsker();
    expect(await ask(fresh())).toBe(away);
    expect(errors).toHaveLength(1);
    expect(await ask(hmacToken(claims, SECRET))).toEqual(CUSTOMER);
    expect(await ask('abc.def.ghi')).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['an error', { status: 500, body: '{"keys":[]}' }],
    ['a page', { status: 200, body: '<html></html>' }],
    ['no key set', { status: 200, body: '{"keys":{}}' }],
    ['keys that are no objects', { status: 200, body: '{"keys":[1]}' }],
    ['null', { status: 200, body: 'null' }],
    ['more than a key set', { status: 200, body: `{"keys":[],"x":"${'y'.repeat(300_000)}"}` }],
  ])('answering %s is being away', async (_what, answer) => {
    provider.answer = answer;
    const { ask } = createAsker();
    expect(await ask(fresh())).toBe(away);
  });

  it('is left alone for five seconds, then asked again', async () => {
    provider.answer = { status: 503, body: '' };
    const { ask } = createAsker();
    for (let i = 0; i < 5; i += 1) expect(await ask(fresh())).toBe(away);
    expect(provider.requests).toHaveLength(1);
    provider.answer = null;
    now += 5000;
    expect(await ask(fresh())).toEqual(CUSTOMER);
  });

  it('its keys go on for a day', async () => {
    const { ask } = createAsker();
    expect(await ask(fresh())).toEqual(CUSTOMER);
    await provider.close();
    for (const age of [10 * MINUTE, 2 * HOUR, 23 * HOUR]) {
      now = START + age;
      expect(await ask(fresh())).toEqual(CUSTOMER);
    }
    now = START + 24 * HOUR;
    expect(await ask(fresh())).toBe(away);
  });

  it('a key that is not known can be neither found nor called bad', async () => {
    const { ask } = createAsker();
    expect(await ask(fresh())).toEqual(CUSTOMER);
    await provider.close();
    expect(await ask(fresh(second))).toBe(away);
    expect(await ask(fresh())).toEqual(CUSTOMER);
  });

  it('silent, it does not hold up tokens by keys of minutes ago', async () => {
    const { ask, errors } = createAsker();
    expect(await ask(fresh())).toEqual(CUSTOMER);
    let release: () => void = () => undefined;
    provider.held = new Promise((resolve) => {
      release = resolve;
    });
    now += 30 * MINUTE;
    expect(await ask(fresh())).toEqual(CUSTOMER);
    // Had it been waited for, it would have been given up by now.
    expect(errors).toEqual([]);
    release();
  });
});
