/** Tokens that are nearly right: each is refused on a read, on a write, and where only staff may go, and leaves nothing behind. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSigner, hmacToken, type IdentityProvider, startIdentityProvider } from '../support/auth-tokens.ts';
import { everythingOf } from '../support/everything.ts';
import { openShop, type Shop, TEST_SECRET } from '../support/shop.ts';
import { exchange } from '../support/socket.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'shop';
const now = Math.floor(Date.now() / 1000);
/** All that a token needs, and the role that opens every door. */
const claims = { sub: 'mallory', role: 'staff', iss: ISSUER, aud: AUDIENCE, exp: now + 3600 };
const HS256 = { alg: 'HS256', typ: 'JWT' };

const ours = createSigner('ours');
const curve = createSigner('curve', 'ES256');
const theirs = createSigner('ours');
const [ourPem, ourDer] = [ours.publicKey.export({ type: 'spki', format: 'pem' }), ours.publicKey.export({ type: 'spki', format: 'der' })];

let shop: Shop;
let provider: IdentityProvider;
/** Where the attacker's keys are. */
let attacker: IdentityProvider;

beforeAll(async () => {
  provider = await startIdentityProvider([ours.jwk, curve.jwk]);
  attacker = await startIdentityProvider([theirs.jwk]);
  const auth = { secret: TEST_SECRET, previousSecret: null, jwksUrl: provider.url, issuer: ISSUER, audience: AUDIENCE };
  shop = await openShop({ auth });
});
afterAll(async () => {
  await shop.close();
  await provider.close();
  await attacker.close();
});

const encoded = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** Header and claims as texts, signed by the shop's own secret, however odd they are. */
const signedAs = (header: string, body: string, secret: string | Buffer = TEST_SECRET): string => {
  const signed = `${header}.${body}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};
const own = (changed: object = {}, header: Readonly<Record<string, unknown>> = HS256): string =>
  hmacToken({ ...claims, ...changed }, TEST_SECRET, header);
const raw = (json: string): string => hmacToken(json, TEST_SECRET);
const good = own();
const [header = '', body = '', signature = ''] = good.split('.');
const staffOf = (signer: typeof ours, more: object): string => signer.token(claims, { alg: signer.alg, kid: signer.kid, ...more });

/** The last character of a signature holds bits that decoders drop; another one of the same meaning is another token. */
function withOtherLastCharacter(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1]}`;
}

/** What is sent as `Authorization`, by what is wrong with it. */
const MUTANTS: Readonly<Record<string, () => string>> = {
  'the algorithm none': () => `Bearer ${encoded({ alg: 'none' })}.${body}.`,
  'the algorithm none, with the signature': () => `Bearer ${encoded({ alg: 'none' })}.${body}.${signature}`,
  'the algorithm nOnE': () => `Bearer ${encoded({ alg: 'nOnE' })}.${body}.`,
  'the algorithm none, signed': () => `Bearer ${own({}, { alg: 'none' })}`,
  'no algorithm': () => `Bearer ${own({}, { typ: 'JWT' })}`,
  'an empty algorithm': () => `Bearer ${own({}, { alg: '' })}`,
  'a list of algorithms': () => `Bearer ${own({}, { alg: ['HS256'] })}`,
  'the algorithm hs256': () => `Bearer ${own({}, { alg: 'hs256' })}`,
  HS384: () => `Bearer ${own({}, { alg: 'HS384' })}`,
  HS512: () => `Bearer ${own({}, { alg: 'HS512' })}`,
  'the public key as a secret, as PEM': () => `Bearer ${hmacToken(claims, String(ourPem), { alg: 'HS256', kid: 'ours' })}`,
  'the public key as a secret, as DER': () => `Bearer ${signedAs(encoded({ alg: 'HS256', kid: 'ours' }), body, Buffer.from(ourDer))}`,
  'the public key as a secret, as JWK': () => `Bearer ${hmacToken(claims, JSON.stringify(ours.jwk), { alg: 'HS256', kid: 'ours' })}`,
  'the public key as a secret, called RS256': () => `Bearer ${hmacToken(claims, String(ourPem), { alg: 'RS256', kid: 'ours' })}`,
  'the secret, called RS256': () => `Bearer ${own({}, { alg: 'RS256', kid: 'ours' })}`,
  'the secret, called ES256': () => `Bearer ${own({}, { alg: 'ES256', kid: 'curve' })}`,
  'RS256 by the key of ES256': () => `Bearer ${ours.token(claims, { alg: 'ES256', kid: 'curve' })}`,
  'an empty secret': () => `Bearer ${hmacToken(claims, '')}`,
  'another secret': () => `Bearer ${hmacToken(claims, 'another secret of at least thirty-two bytes')}`,
  'the secret and a blank': () => `Bearer ${hmacToken(claims, `${TEST_SECRET} `)}`,
  'a key of the same name that is not ours': () => `Bearer ${theirs.token(claims)}`,
  'a key that brings itself (jwk)': () => `Bearer ${staffOf(theirs, { kid: 'theirs', jwk: theirs.jwk })}`,
  'a key that brings itself under our name (jwk)': () => `Bearer ${staffOf(theirs, { jwk: theirs.jwk })}`,
  'a key that is fetched elsewhere (jku)': () => `Bearer ${staffOf(theirs, { kid: 'theirs', jku: attacker.url })}`,
  'a key that is fetched elsewhere under our name (jku)': () => `Bearer ${staffOf(theirs, { jku: attacker.url })}`,
  'a certificate that is fetched elsewhere (x5u)': () => `Bearer ${staffOf(theirs, { x5u: attacker.url })}`,
  'a certificate that brings itself (x5c)': () => `Bearer ${staffOf(theirs, { x5c: ['MIIB'] })}`,
  'a kid that is a path': () => `Bearer ${hmacToken(claims, '', { alg: 'HS256', kid: '../../../../dev/null' })}`,
  'a kid that is SQL': () => `Bearer ${theirs.token(claims, { alg: 'RS256', kid: "x' UNION SELECT 'key' --" })}`,
  'a kid that is a list': () => `Bearer ${theirs.token(claims, { alg: 'RS256', kid: ['ours'] })}`,
  'a kid of the prototype': () => `Bearer ${theirs.token(claims, { alg: 'RS256', kid: '__proto__' })}`,
  'a critical extension': () => `Bearer ${own({}, { ...HS256, crit: ['exp'], exp: 1 })}`,
  'no critical extensions, but a list of them': () => `Bearer ${own({}, { ...HS256, crit: [] })}`,
  'a critical extension by name alone': () => `Bearer ${own({}, { ...HS256, crit: ['b64'] })}`,
  'a body that is not encoded (b64)': () => `Bearer ${own({}, { ...HS256, b64: false, crit: ['b64'] })}`,
  'no signature': () => `Bearer ${header}.${body}.`,
  'no signature and no dot': () => `Bearer ${header}.${body}`,
  'half a signature': () => `Bearer ${header}.${body}.${signature.slice(0, 20)}`,
  'a signature but its last character': () => `Bearer ${good.slice(0, -1)}`,
  'a signature and one character more': () => `Bearer ${good}A`,
  'a last character that decodes to the same': () => `Bearer ${withOtherLastCharacter(good)}`,
  'padding behind the signature': () => `Bearer ${good}=`,
  'padding behind the body': () => `Bearer ${header}.${body}==.${signature}`,
  'the alphabet of plain base64': () => `Bearer ${header}.${body}.${signature.slice(0, -2)}+/`,
  'the signature of another token': () => `Bearer ${header}.${body}.${own({ sub: 'x' }).split('.')[2]}`,
  'a changed user': () => `Bearer ${header}.${encoded({ ...claims, sub: 'owner' })}.${signature}`,
  'a changed role': () => `Bearer ${header}.${encoded(claims)}.${own({ role: 'customer' }).split('.')[2]}`,
  'a changed header': () => `Bearer ${encoded({ ...HS256, kid: 'x' })}.${body}.${signature}`,
  'two bodies': () => `Bearer ${header}.${body}.${body}.${signature}`,
  'five parts': () => `Bearer ${good}.a.b`,
  'a token within a token': () => `Bearer ${signedAs(encoded({ ...HS256, cty: 'JWT' }), encoded(good))}`,
  'a header twice encoded': () => `Bearer ${signedAs(encoded(header), body)}`,
  'JSON instead of the compact form': () => `Bearer ${encoded({ protected: header, payload: body, signature })}`,
  'claims that are a list': () => `Bearer ${raw(JSON.stringify([claims]))}`,
  'claims that are a text': () => `Bearer ${raw('"mallory"')}`,
  'claims that are null': () => `Bearer ${raw('null')}`,
  'claims that are no JSON': () => `Bearer ${raw(`${JSON.stringify(claims)}}`)}`,
  'claims that are no UTF-8': () => `Bearer ${signedAs(header, Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'))}`,
  'a second exp that is over': () => `Bearer ${raw(`${JSON.stringify(claims).slice(0, -1)},"exp":${now - 10}}`)}`,
  'a second sub that is empty': () => `Bearer ${raw(`${JSON.stringify(claims).slice(0, -1)},"sub":""}`)}`,
  'no exp': () => `Bearer ${own({ exp: undefined })}`,
  'an exp that is over': () => `Bearer ${own({ exp: now - 1 })}`,
  'an exp of zero': () => `Bearer ${own({ exp: 0 })}`,
  'an exp below zero': () => `Bearer ${own({ exp: -claims.exp })}`,
  'an exp that is a text': () => `Bearer ${own({ exp: String(claims.exp) })}`,
  'an exp that is a list': () => `Bearer ${own({ exp: [claims.exp] })}`,
  'an exp that is true': () => `Bearer ${own({ exp: true })}`,
  'an exp that is null': () => `Bearer ${own({ exp: null })}`,
  'an exp that is infinite': () => `Bearer ${raw(JSON.stringify(claims).replace(String(claims.exp), '1e999'))}`,
  'an nbf ahead': () => `Bearer ${own({ nbf: now + 3600 })}`,
  'an nbf that is a text': () => `Bearer ${own({ nbf: String(now) })}`,
  'an iat that is a text': () => `Bearer ${own({ iat: String(now) })}`,
  'no sub': () => `Bearer ${own({ sub: undefined })}`,
  'a sub that is empty': () => `Bearer ${own({ sub: '' })}`,
  'a sub that is a number': () => `Bearer ${own({ sub: 7 })}`,
  'a sub that is a list': () => `Bearer ${own({ sub: ['mallory'] })}`,
  'a sub that is an object': () => `Bearer ${own({ sub: { $ne: null } })}`,
  'a sub of 256 characters': () => `Bearer ${own({ sub: 's'.repeat(256) })}`,
  'a sub of 7000 characters': () => `Bearer ${own({ sub: 's'.repeat(7000) })}`,
  'a sub with NUL': () => `Bearer ${own({ sub: 'a\0b' })}`,
  'a sub with half a character': () => `Bearer ${raw(JSON.stringify(claims).replace('mallory', '\\ud800'))}`,
  'no issuer': () => `Bearer ${own({ iss: undefined })}`,
  'another issuer': () => `Bearer ${own({ iss: 'https://evil.example' })}`,
  'an issuer and a slash': () => `Bearer ${own({ iss: `${ISSUER}/` })}`,
  'a list of issuers': () => `Bearer ${own({ iss: [ISSUER] })}`,
  'no audience': () => `Bearer ${own({ aud: undefined })}`,
  'another audience': () => `Bearer ${own({ aud: 'bank' })}`,
  'an audience that begins like ours': () => `Bearer ${own({ aud: 'shopping' })}`,
  'an audience in other letters': () => `Bearer ${own({ aud: 'SHOP' })}`,
  'a list of other audiences': () => `Bearer ${own({ aud: ['bank', 'sho'] })}`,
  'two tokens': () => `Bearer ${good} ${good}`,
  'two tokens with a comma': () => `Bearer ${good}, Bearer ${good}`,
  'a tab': () => `Bearer\t${good}`,
  'a blank within': () => `Bearer ${header}. ${body}.${signature}`,
  'no scheme': () => good,
  'the scheme twice': () => `Bearer Bearer ${good}`,
  'the scheme Token': () => `Token ${good}`,
  'the scheme Basic': () => `Basic ${Buffer.from(`mallory:${good}`).toString('base64')}`,
  'the scheme alone': () => 'Bearer',
  quotes: () => `Bearer "${good}"`,
  'a character that is none': () => `Bearer ${good}é`,
};

const withCredentials = async (authorization: string, method: string, path: string, json?: object): Promise<string> => {
  const response = await fetch(`${shop.baseUrl}${path}`, {
    method,
    headers: { authorization, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return `${response.status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`.trim();
};

/** A read and a write of everyone's, and a read and a write of staff's. */
const atTheDoors = (authorization: string): Promise<string[]> =>
  Promise.all([
    withCredentials(authorization, 'GET', '/balance'),
    withCredentials(authorization, 'POST', '/balance/charge', { amount: 5 }),
    withCredentials(authorization, 'GET', '/staff-actions'),
    withCredentials(authorization, 'POST', '/products', { name: 'x', options: [] }),
  ]);

test('there are many ways to be nearly right', () => {
  expect(Object.keys(MUTANTS).length).toBeGreaterThanOrEqual(80);
});

test.each(['Bearer', 'bearer', 'BEARER', 'Bearer '])(
  'the token that all others are made from opens the doors, by the scheme "%s"',
  async (scheme) => {
    expect(await atTheDoors(`${scheme} ${good}`)).toEqual(['200', '200', '200', '201']);
  },
);

test('tokens by the keys of the identity provider do, too', async () => {
  for (const signer of [ours, curve]) expect(await atTheDoors(`Bearer ${signer.token(claims)}`)).toEqual(['200', '200', '200', '201']);
});

test('each of the others is refused at every door, and changes nothing', async () => {
  const before = await everythingOf(shop);
  const refused = ['401 UNAUTHENTICATED', '401 UNAUTHENTICATED', '401 UNAUTHENTICATED', '401 UNAUTHENTICATED'];
  const verdicts: Record<string, string[]> = {};
  for (const [name, make] of Object.entries(MUTANTS)) verdicts[name] = await atTheDoors(make());
  expect(verdicts).toEqual(Object.fromEntries(Object.keys(MUTANTS).map((name) => [name, refused])));
  expect(await everythingOf(shop)).toEqual(before);
});

test('nobody leads the server to other keys than those of its settings', () => {
  expect(provider.requests.length).toBeGreaterThan(0);
  expect(attacker.requests).toEqual([]);
});

test.each([
  undefined,
  null,
  '',
  'customer',
  'admin',
  'STAFF',
  'staff ',
  ' staff',
  'staff\0',
  7,
  true,
  ['staff'],
  [['staff']],
  { staff: true },
])('with the role %j a customer is no more', async (role) => {
  const verdicts = await atTheDoors(
    `Bearer ${own({ role, roles: ['staff'], scope: 'staff', is_staff: true, 'https://id.example/role': 'staff' })}`,
  );
  expect(verdicts).toEqual(['200', '200', '403 FORBIDDEN', '403 FORBIDDEN']);
});

test('a token is no cookie, and nowhere else than in its header', async () => {
  const places: readonly [string, Readonly<Record<string, string>>][] = [
    ['/balance', { cookie: `openrun.session_token=${good}` }],
    ['/balance', { 'x-authorization': `Bearer ${good}`, 'proxy-authorization': `Bearer ${good}`, 'x-user-id': 'mallory' }],
    [`/balance?access_token=${good}&token=${good}&authorization=Bearer%20${good}`, {}],
  ];
  for (const [path, headers] of places) expect((await fetch(`${shop.baseUrl}${path}`, { headers })).status).toBe(401);
});

test.each([
  ['Authorization', `Bearer ${good}`, 'Bearer x'],
  ['Authorization', 'Bearer x', `Bearer ${good}`],
  ['authorization', `Bearer ${good}`, `Bearer ${good}`],
])('two %s headers are refused, whichever is right', async (name, first, second) => {
  const request = `GET /balance HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n${name}: ${first}\r\n${name.toUpperCase()}: ${second}\r\n\r\n`;
  expect(await exchange(shop.baseUrl, request)).toMatch(/^HTTP\/1.1 400 .*"code":"BAD_REQUEST"/s);
});
