/** The session cookie and the tokens of the built-in accounts, through their routes on real PostgreSQL. */
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { anId, cookieOf, mint, newEmail, ours, PASSWORD, SECRET, useAccounts } from './account-shop.ts';

const { pool, shop, openShop, call, signUp, signIn, countOf, endSessionsIn } = useAccounts();
type Headers = Readonly<Record<string, string>>;

describe('the session', () => {
  it('is nobody without a cookie', async () => {
    const { status, json, setCookies } = await call('GET', '/auth/session');
    expect([status, json, setCookies]).toEqual([200, { user: null }, []]);
  });

  it.each([
    'openrun.session_token=',
    'openrun.session_token=x',
    'openrun.session_token=a.b',
    'openrun.session_token=%E0%A4%A',
    'openrun.session_token=%00.%00',
    `openrun.session_token=${'x'.repeat(32)}.${'A'.repeat(43)}%3D`,
    'openrun.session_token',
    ';;;=;',
    'other=1',
    `openrun.session_token=${'가'.repeat(10)}`,
  ])('is nobody with the cookie %j', async (cookie) => {
    const headers = { cookie: Buffer.from(cookie).toString('latin1') };
    expect((await call('GET', '/auth/session', { headers })).json).toEqual({ user: null });
    expect((await call('GET', '/me', { headers })).code).toBe('UNAUTHENTICATED');
  });

  it('does not take a token of another signature', async () => {
    const { headers } = await signUp();
    const forged = { cookie: headers.cookie.replace(/\.[^.]+$/, `.${'A'.repeat(43)}%3D`) };
    expect(forged.cookie).not.toBe(headers.cookie);
    expect((await call('GET', '/auth/session', { headers: forged })).json).toEqual({ user: null });
  });

  it('names the caller of other routes, among other cookies', async () => {
    const { user, headers } = await signUp();
    const { json } = await call('GET', '/me', { headers: { cookie: `a=b; ${headers.cookie};c=d` } });
    expect(json).toEqual({ userId: anId, role: 'customer' });
    expect(user).toMatchObject({ id: json['userId'] });
    expect((await call('GET', '/staff-room', { headers })).code).toBe('FORBIDDEN');
  });

  it('changes something only from a page of this server', async () => {
    const { headers } = await signUp();
    expect((await call('POST', '/me', { headers })).code).toBe('CSRF_REJECTED');
    expect((await call('POST', '/me', { headers: { ...headers, origin: 'https://evil.example' } })).code).toBe('CSRF_REJECTED');
    expect((await call('POST', '/me', { headers: { ...headers, ...ours } })).status).toBe(200);
    expect((await call('POST', '/me', { headers: { ...headers, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  });

  it('is a new one at each sign-in, whatever cookie the browser brought', async () => {
    const { email, headers } = await signUp();
    const attacker = await signUp();
    for (const planted of [attacker.headers.cookie, headers.cookie, 'openrun.session_token=planted']) {
      const { status, setCookies } = await signIn(email, PASSWORD, { headers: { cookie: planted, ...ours } });
      expect(status).toBe(200);
      const own = cookieOf(setCookies);
      expect([attacker.headers.cookie, headers.cookie, planted]).not.toContain(own);
      expect((await call('GET', '/auth/session', { headers: { cookie: own } })).json['user']).toMatchObject({ email });
    }
    expect((await call('GET', '/auth/session', { headers: attacker.headers })).json['user']).toMatchObject({ email: attacker.email });
    expect((await call('GET', '/me', { headers: { cookie: 'openrun.session_token=planted' } })).status).toBe(401);
  });

  it('ends with its time', async () => {
    const { email, headers } = await signUp();
    await endSessionsIn(email, '-1 second');
    expect((await call('GET', '/me', { headers })).status).toBe(401);
    expect((await call('GET', '/auth/session', { headers })).json).toEqual({ user: null });
  });

  it('is lengthened by the page that asks who is signed in, once a day', async () => {
    const { email, headers } = await signUp();
    expect((await call('GET', '/auth/session', { headers })).setCookies).toEqual([]);
    await endSessionsIn(email, '5 days');
    shop().clock.now += 5000;
    expect((await call('GET', '/me', { headers })).setCookies).toEqual([]);
    const { json, setCookies } = await call('GET', '/auth/session', { headers });
    expect(json['user']).toMatchObject({ email });
    expect(cookieOf(setCookies)).toBe(headers.cookie);
    const { rows } = await pool().query(
      `SELECT 1 FROM account_session s JOIN account_user u ON u.id = s.user_id WHERE u.email = $1 AND s.expires_at > now() + interval '6 days'`,
      [email],
    );
    expect(rows).toHaveLength(1);
  });

  it('is swept away when it has expired, and no other', async () => {
    const gone = await signUp();
    const live = await signUp();
    await endSessionsIn(gone.email, '-1 hour');
    expect(await shop().accounts.deleteExpiredSessions(new Date())).toBeGreaterThanOrEqual(1);
    expect([await countOf('account_session', gone.email), await countOf('account_session', live.email)]).toEqual([0, 1]);
    expect(await shop().accounts.deleteExpiredSessions(new Date())).toBe(0);
  });

  it('cannot be told by a database that is away, and is not taken for none', async () => {
    const { headers } = await signUp();
    const nowhere = new pg.Pool({ host: '/nonexistent', max: 1 });
    const dark = await openShop({ on: nowhere });
    await expect(dark.accounts.sessions.identityOf(headers)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(dark.accounts.signOut(headers)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(dark.accounts.session(headers)).rejects.toMatchObject({ code: 'ENOENT' });
    const credentials = { email: newEmail(), password: PASSWORD };
    await expect(dark.accounts.signIn(credentials, '127.0.0.1')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(dark.accounts.signUp({ name: 'x', ...credentials }, '127.0.0.1')).rejects.toMatchObject({ code: 'ENOENT' });
    await nowhere.end();
  });
});

describe('sign-out', () => {
  it('ends the session at once, and takes the cookie away', async () => {
    const { email, headers } = await signUp();
    expect((await call('GET', '/me', { headers })).status).toBe(200);
    const out = await call('POST', '/auth/sign-out', { headers: { ...headers, ...ours } });
    expect([out.status, out.json]).toEqual([204, {}]);
    expect(out.setCookies).toContainEqual(expect.stringMatching(/^openrun\.session_token=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/));
    for (const cookie of out.setCookies) expect(cookie).toMatch(/Max-Age=0.*HttpOnly/);
    expect((await call('GET', '/me', { headers })).code).toBe('UNAUTHENTICATED');
    expect((await call('GET', '/auth/session', { headers })).json).toEqual({ user: null });
    expect(await countOf('account_session', email)).toBe(0);
  });

  it('ends it within five seconds in other processes', async () => {
    const other = await openShop();
    const { headers } = await signUp();
    expect((await call('GET', '/me', { headers, at: other })).status).toBe(200);
    await call('POST', '/auth/sign-out', { headers: { ...headers, ...ours } });
    other.clock.now += 5000;
    expect((await call('GET', '/me', { headers, at: other })).status).toBe(401);
  });

  it('ends one session, not the others of the account', async () => {
    const { email, headers } = await signUp();
    const phone = { cookie: cookieOf((await signIn(email, PASSWORD)).setCookies) };
    await call('POST', '/auth/sign-out', { headers: { ...headers, ...ours } });
    expect((await call('GET', '/me', { headers: phone })).status).toBe(200);
  });

  it('without a session has nothing to end', async () => {
    expect((await call('POST', '/auth/sign-out')).status).toBe(204);
    const { headers } = await signUp();
    for (let i = 0; i < 2; i += 1) expect((await call('POST', '/auth/sign-out', { headers: { ...headers, ...ours } })).status).toBe(204);
  });
});

describe('pages of other sites', () => {
  const foreign: readonly Headers[] = [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }];

  it.each(foreign)('cannot sign a visitor up, in or out, or get a token: %j', async (headers) => {
    const { email, headers: cookie } = await signUp();
    const body = { email, password: PASSWORD };
    expect((await call('POST', '/auth/sign-in', { headers, body })).code).toBe('CSRF_REJECTED');
    expect((await call('POST', '/auth/sign-up', { headers, body: { name: 'x', ...body, email: newEmail() } })).code).toBe('CSRF_REJECTED');
    expect((await call('POST', '/auth/sign-out', { headers: { ...headers, ...cookie } })).code).toBe('CSRF_REJECTED');
    expect((await call('POST', '/auth/token', { headers: { ...headers, ...cookie } })).code).toBe('CSRF_REJECTED');
    expect((await call('GET', '/me', { headers: cookie })).status).toBe(200);
  });

  it('a bearer token beside the cookie does not open the routes of the cookie', async () => {
    const { headers } = await signUp();
    const token = await mint({ sub: 'x', ttlSeconds: 60 });
    const both = { ...headers, authorization: `Bearer ${token}` };
    for (const url of ['/auth/token', '/auth/sign-out']) expect((await call('POST', url, { headers: both })).code).toBe('CSRF_REJECTED');
  });

  it('clients that are no browsers may sign in', async () => {
    const { email } = await signUp();
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });
});

describe('a session whose cookie the secret before has signed', () => {
  it('goes on where that secret is still known, and gets a cookie of the new one when it is lengthened', async () => {
    const { email, headers, user } = await signUp();
    const changed = await openShop({ secret: 'another secret of the shop, long enough', previousSecret: SECRET });
    const me = await call('GET', '/me', { headers, at: changed });
    expect(me.status).toBe(200);
    expect(user).toMatchObject({ id: me.json['userId'] });
    await endSessionsIn(email, '5 days');
    const { json, setCookies } = await call('GET', '/auth/session', { headers, at: changed });
    expect(json).toEqual({ user });
    const alone = await openShop({ secret: 'another secret of the shop, long enough' });
    expect((await call('GET', '/me', { headers: { cookie: cookieOf(setCookies) }, at: alone })).status).toBe(200);
    expect((await call('GET', '/me', { headers, at: alone })).status).toBe(401);
    const forged = { cookie: headers.cookie.replace(/.(?=%3D$|=?$)/, (last) => (last === 'A' ? 'B' : 'A')) };
    expect((await call('GET', '/me', { headers: forged, at: changed })).status).toBe(401);
    expect((await call('POST', '/auth/sign-out', { headers: { ...headers, ...ours }, at: changed })).status).toBe(204);
    expect((await call('GET', '/me', { headers, at: await openShop() })).status).toBe(401);
  });
});

describe('a token for the signed-in user', () => {
  it('is a bearer token of the same user for a quarter of an hour', async () => {
    const { user, headers } = await signUp();
    const before = Date.now();
    const { status, json } = await call('POST', '/auth/token', { headers: { ...headers, ...ours } });
    expect([status, Object.keys(json)]).toEqual([200, ['token', 'expiresAt']]);
    const me = await call('POST', '/me', { headers: { authorization: `Bearer ${String(json['token'])}` } });
    expect(user).toMatchObject({ id: me.json['userId'], role: me.json['role'] });
    const expiresAt = Date.parse(String(json['expiresAt']));
    expect(expiresAt).toBeGreaterThan(before + 898_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 900_000);
  });

  it('is staff’s where the account is', async () => {
    const { email, headers } = await signUp();
    await shop().accounts.addStaff(email);
    const { json } = await call('POST', '/auth/token', { headers: { ...headers, ...ours } });
    const authorization = `Bearer ${String(json['token'])}`;
    expect((await call('GET', '/staff-room', { headers: { authorization } })).json).toMatchObject({ role: 'staff' });
  });

  it('is not for a bearer of a token, nor for nobody', async () => {
    const token = await mint({ sub: 'x', ttlSeconds: 60 });
    expect((await call('POST', '/auth/token', { headers: { authorization: `Bearer ${token}` } })).code).toBe('UNAUTHENTICATED');
    expect((await call('POST', '/auth/token')).code).toBe('UNAUTHENTICATED');
  });
});
