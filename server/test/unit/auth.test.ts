/** Bearer tokens by the shop's own secret, and the session cookie's rules, through the authenticator's one door. */
import { SignJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import {
  type AuthenticatorOptions,
  createAuthenticator,
  createTokenMinter,
  type Identity,
  type SessionSource,
} from '../../src/http/auth.ts';
import { ProblemError } from '../../src/kernel/errors.ts';
import { createSigner, hmacToken } from '../support/auth-tokens.ts';

const SECRET = 'a secret of the shop, long enough';
const HOST = 'shop.example:3000';
const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = () => ({ sub: 'alice', exp: seconds() + 600 });

type Headers = Readonly<Record<string, string>>;

/** What became of a request: who calls, or the code it is refused with. */
async function outcome(options: Partial<AuthenticatorOptions>, headers: Headers, method = 'GET'): Promise<Identity | null | string> {
  const none = { secret: SECRET, jwksUrl: null, issuer: null, audience: null, sessions: null };
  return answerOf(() => createAuthenticator({ ...none, ...options }).authenticate({ headers, method, host: HOST }));
}

async function answerOf(authenticate: () => Identity | null | Promise<Identity | null>): Promise<Identity | null | string> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const withToken = (token: string, options: Partial<AuthenticatorOptions> = {}) => outcome(options, bearer(token));

describe('a token by the secret', () => {
  it('is a customer, or staff by its role', async () => {
    expect(await withToken(hmacToken(claims(), SECRET))).toEqual({ userId: 'alice', role: 'customer' });
    expect(await withToken(hmacToken({ ...claims(), role: 'staff' }, SECRET))).toEqual({ userId: 'alice', role: 'staff' });
  });

  it('counts where the secret before has signed it, as long as that is known, and no other', async () => {
    const token = hmacToken(claims(), 'the secret before, long enough too');
    expect(await withToken(token)).toBe('UNAUTHENTICATED');
    const options = { previousSecret: 'the secret before, long enough too' };
    expect(await withToken(token, options)).toEqual({ userId: 'alice', role: 'customer' });
    expect(await withToken(hmacToken(claims(), SECRET), options)).toEqual({ userId: 'alice', role: 'customer' });
    expect(await withToken(hmacToken(claims(), 'a secret of somebody else, long'), options)).toBe('UNAUTHENTICATED');
    expect(await withToken(hmacToken({ ...claims(), exp: seconds() - 600 }, options.previousSecret), options)).toBe('UNAUTHENTICATED');
  });

  it.each(['customer', 'admin', 'STAFF', '', null, 7, ['staff'], { staff: true }])('with the role %j is a customer', async (role) => {
    expect(await withToken(hmacToken({ ...claims(), role }, SECRET))).toEqual({ userId: 'alice', role: 'customer' });
  });

  it.each([
    'a',
    's'.repeat(255),
    '가'.repeat(255),
    '😀'.repeat(255),
    '사용자 1',
    "o'brien; --",
    'a/b?c=d&e',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    '{"$ne":null}',
    '../../etc/passwd',
    'null',
    '0',
    '__proto__',
    'constructor',
    ' ',
    'a\u0001b',
  ])('has the very sub %j', async (sub) => {
    expect(await withToken(hmacToken({ ...claims(), sub }, SECRET))).toEqual({ userId: sub, role: 'customer' });
  });

  it.each([
    ['signed with another secret', hmacToken(claims(), 'not the secret')],
    ['expired', hmacToken({ ...claims(), exp: seconds() - 3600 }, SECRET)],
    ['expiring now', hmacToken({ ...claims(), exp: seconds() }, SECRET)],
    ['without exp', hmacToken({ sub: 'alice' }, SECRET)],
    ['with an exp that is text', hmacToken({ ...claims(), exp: String(seconds() + 600) }, SECRET)],
    ['with an exp that is null', hmacToken({ ...claims(), exp: null }, SECRET)],
    ['not yet valid', hmacToken({ ...claims(), nbf: seconds() + 3600 }, SECRET)],
    ['with an nbf that is text', hmacToken({ ...claims(), nbf: 'now' }, SECRET)],
    ['without sub', hmacToken({ exp: seconds() + 600 }, SECRET)],
    ['with an empty sub', hmacToken({ ...claims(), sub: '' }, SECRET)],
    ['with a sub of 256 characters', hmacToken({ ...claims(), sub: 's'.repeat(256) }, SECRET)],
    ['with a sub of 256 characters outside the BMP', hmacToken({ ...claims(), sub: '😀'.repeat(256) }, SECRET)],
    ['with a sub that is a number', hmacToken({ ...claims(), sub: 5 }, SECRET)],
    ['with a sub that is a list', hmacToken({ ...claims(), sub: ['alice'] }, SECRET)],
    ['with NUL in its sub', hmacToken({ ...claims(), sub: 'a\0b' }, SECRET)],
    ['with a lone surrogate in its sub', hmacToken(`{"sub":"a\\ud800","exp":${seconds() + 600}}`, SECRET)],
    ['with the algorithm none', `${hmacToken(claims(), SECRET, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['with the algorithm None and a signature', hmacToken(claims(), SECRET, { alg: 'None' })],
    ['with HS384', hmacToken(claims(), SECRET, { alg: 'HS384' })],
    ['with HS512', hmacToken(claims(), SECRET, { alg: 'HS512' })],
    ['with an algorithm that is no text', hmacToken(claims(), SECRET, { alg: ['HS256'] })],
    ['without an algorithm', hmacToken(claims(), SECRET, { typ: 'JWT' })],
    ['with a critical extension', hmacToken(claims(), SECRET, { alg: 'HS256', crit: ['x'], x: 1 })],
    ['whose claims are a list', hmacToken('[]', SECRET)],
    ['whose claims are no JSON', hmacToken('{', SECRET)],
    ['that is nonsense', 'abc.def.ghi'],
    ['of one part', 'abc'],
    ['of five parts', 'a.b.c.d.e'],
    ['with nothing between its dots', '..'],
  ])('%s is refused', async (_what, token) => {
    expect(await withToken(token)).toBe('UNAUTHENTICATED');
  });

  it('with changed claims is refused', async () => {
    const [header, , signature] = hmacToken(claims(), SECRET).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims(), role: 'staff' })).toString('base64url');
    expect(await withToken([header, forged, signature].join('.'))).toBe('UNAUTHENTICATED');
  });

  it('is refused where the shop has no secret', async () => {
    expect(await withToken(hmacToken(claims(), ''), { secret: null })).toBe('UNAUTHENTICATED');
  });

  it('of a public-key algorithm is refused where there is no key set', async () => {
    expect(await withToken(createSigner('key-1').token(claims()))).toBe('UNAUTHENTICATED');
  });
});

describe('issuer and audience', () => {
  const options = { issuer: 'https://id.example', audience: 'shop' };
  const ours = () => ({ ...claims(), iss: 'https://id.example', aud: 'shop' });

  it.each([['shop'], [['x', 'shop']]])('accept the audience %j', async (aud) => {
    expect(await withToken(hmacToken({ ...ours(), aud }, SECRET), options)).toEqual({ userId: 'alice', role: 'customer' });
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of a list of issuers', { iss: ['https://id.example'] }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'bank' }],
    ['for others', { aud: ['bank', 'shopping'] }],
    ['for nobody', { aud: [] }],
    ['without an audience', { aud: undefined }],
  ])('refuse a token %s', async (_what, changed) => {
    expect(await withToken(hmacToken({ ...ours(), ...changed }, SECRET), options)).toBe('UNAUTHENTICATED');
  });

  it('are not looked at where they are not set', async () => {
    expect(await withToken(hmacToken(ours(), SECRET))).toEqual({ userId: 'alice', role: 'customer' });
  });
});

describe('the Authorization header', () => {
  const token = hmacToken(claims(), SECRET);

  it('left out means nobody', async () => {
    expect(await outcome({}, {})).toBeNull();
  });

  it.each([`bearer ${token}`, `BEARER ${token}`, `Bearer   ${token} `])('may be spelt %#', async (authorization) => {
    expect(await outcome({}, { authorization })).toEqual({ userId: 'alice', role: 'customer' });
  });

  it.each(['', 'Bearer', 'Bearer ', token, 'Basic YTpi', `Token ${token}`, `Bearer ${token} x`, `Bearer ${token}, Bearer ${token}`])(
    'of another kind is refused: %#',
    async (authorization) => {
      expect(await outcome({}, { authorization })).toBe('UNAUTHENTICATED');
    },
  );
});

describe('verified tokens', () => {
  /** An authenticator with a clock that is set by hand. */
  function atTime() {
    const clock = { now: 1_800_000_000_000 };
    const authenticator = createAuthenticator({
      secret: SECRET,
      jwksUrl: null,
      issuer: null,
      audience: null,
      sessions: null,
      now: () => clock.now,
    });
    const ask = (token: string) => authenticator.authenticate({ headers: bearer(token), method: 'GET', host: HOST });
    return { clock, ask };
  }

  it('are answered at once, without a promise', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', role: 'staff', exp: clock.now / 1000 + 60 }, SECRET);
    expect(ask(token)).toBeInstanceOf(Promise);
    await ask(token);
    expect(ask(token)).toEqual({ userId: 'alice', role: 'staff' });
  });

  it.each([0, 1, 3_600_000])('are refused %d ms past their exp', async (late) => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', exp: clock.now / 1000 + 60 }, SECRET);
    await ask(token);
    clock.now += 59_999;
    expect(ask(token)).toEqual({ userId: 'alice', role: 'customer' });
    clock.now += 1 + late;
    expect(await answerOf(() => ask(token))).toBe('UNAUTHENTICATED');
  });

  it('count from their nbf on, by the same clock', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', nbf: clock.now / 1000 + 60, exp: clock.now / 1000 + 120 }, SECRET);
    expect(await answerOf(() => ask(token))).toBe('UNAUTHENTICATED');
    clock.now += 60_000;
    expect(await answerOf(() => ask(token))).toEqual({ userId: 'alice', role: 'customer' });
  });

  it('are refused past an exp within a second', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', exp: clock.now / 1000 + 0.5 }, SECRET);
    clock.now += 500;
    expect(await answerOf(() => ask(token))).toBe('UNAUTHENTICATED');
  });

  it('are told apart by the whole token', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', exp: clock.now / 1000 + 60 }, SECRET);
    await ask(token);
    expect(await answerOf(() => ask(`${token}x`))).toBe('UNAUTHENTICATED');
    expect(await answerOf(() => ask(token.slice(0, -1)))).toBe('UNAUTHENTICATED');
  });

  it('are verified anew after five minutes', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', exp: clock.now / 1000 + 3600 }, SECRET);
    await ask(token);
    clock.now += 5 * 60_000;
    expect(ask(token)).toBeInstanceOf(Promise);
  });

  it('do not pile up refused ones', async () => {
    const { clock, ask } = atTime();
    const token = hmacToken({ sub: 'alice', exp: clock.now / 1000 + 60 }, 'another');
    await answerOf(() => ask(token));
    expect(await answerOf(() => ask(token))).toBe('UNAUTHENTICATED');
  });
});

describe('the session cookie', () => {
  const minji: Identity = { userId: '0190', role: 'customer' };
  const sessions: SessionSource = { identityOf: async (headers) => (headers.cookie === 'session=live' ? minji : null) };
  const cookie = 'session=live';
  const byCookie = (headers: Headers, method: string) => outcome({ sessions }, { cookie, ...headers }, method);

  it('names the caller', async () => {
    expect(await byCookie({}, 'GET')).toEqual(minji);
  });

  it('of no live session is nobody, also for unsafe methods', async () => {
    expect(await outcome({ sessions }, { cookie: 'session=dead' }, 'POST')).toBeNull();
  });

  it('is not looked at beside an Authorization header', async () => {
    const identityOf = vi.fn<SessionSource['identityOf']>(async () => minji);
    expect(await outcome({ sessions: { identityOf } }, { cookie, authorization: 'Bearer nonsense' })).toBe('UNAUTHENTICATED');
    expect(await outcome({ sessions: { identityOf } }, { cookie, ...bearer(hmacToken(claims(), SECRET)) }, 'POST')).toEqual({
      userId: 'alice',
      role: 'customer',
    });
    expect(identityOf).not.toHaveBeenCalled();
  });

  it('is nobody where there are no accounts', async () => {
    expect(await outcome({}, { cookie })).toBeNull();
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('needs no origin for %s', async (method) => {
    expect(await byCookie({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, method)).toEqual(minji);
  });

  it.each([
    { origin: 'http://shop.example:3000' },
    { origin: 'HTTP://SHOP.example:3000' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://public.example' },
  ])('serves unsafe methods from %j', async (headers) => {
    expect(await byCookie(headers, 'POST')).toEqual(minji);
  });

  it.each([
    {},
    { origin: 'null' },
    { origin: '' },
    { origin: 'https://evil.example' },
    { origin: 'http://shop.example' },
    { origin: 'http://shop.example:3001' },
    { origin: 'http://shop.example:3000.evil.example' },
    { origin: 'http://evil.example?shop.example:3000' },
    { origin: 'shop.example:3000' },
    { origin: 'ftp://shop.example:3000' },
    { referer: 'http://shop.example:3000/' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://shop.example:3000' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': '' },
  ])('refuses unsafe methods from %j', async (headers: Headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) expect(await byCookie(headers, method)).toBe('CSRF_REJECTED');
  });

  it.each([
    ['http://shop.example', 'shop.example:80'],
    ['https://shop.example', 'shop.example:443'],
    ['https://shop.example:443', 'shop.example'],
    ['http://[::1]:3000', '[::1]:3000'],
  ])('takes %s for %s', async (origin, host) => {
    const authenticator = createAuthenticator({ secret: SECRET, jwksUrl: null, issuer: null, audience: null, sessions });
    expect(await authenticator.authenticate({ headers: { cookie, origin }, method: 'POST', host })).toEqual(minji);
  });
});

describe('minted tokens', () => {
  it('are accepted under the same issuer and audience', async () => {
    const mint = createTokenMinter({ secret: SECRET, issuer: 'https://shop.example', audience: 'shop' });
    const options = { issuer: 'https://shop.example', audience: 'shop' };
    const token = await mint({ sub: 'minji', role: 'staff', ttlSeconds: 60 });
    expect(await withToken(token, options)).toEqual({ userId: 'minji', role: 'staff' });
    expect(await withToken(token, { ...options, audience: 'bank' })).toBe('UNAUTHENTICATED');
    expect(await withToken(token, { ...options, now: () => Date.now() + 60_000 })).toBe('UNAUTHENTICATED');
  });

  it('are a customer’s without a role', async () => {
    const mint = createTokenMinter({ secret: SECRET, issuer: null, audience: null });
    expect(await withToken(await mint({ sub: 'minji', ttlSeconds: 60 }))).toEqual({ userId: 'minji', role: 'customer' });
  });

  it('and those of other libraries are the same', async () => {
    const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1m').sign(Buffer.from(SECRET));
    expect(await withToken(token)).toEqual({ userId: 'x', role: 'customer' });
  });
});
