/** Signing up and in, and the staff, through the routes of the accounts on real PostgreSQL. */
import { getMigrations } from 'better-auth/db/migration';
import { describe, expect, it } from 'vitest';
import { createGate, type Gate } from '../../src/account/account.limits.ts';
import { createPasswordSignIn } from '../../src/account/account.passwords.ts';
import { createAccountRepository } from '../../src/account/account.repository.ts';
import { authOptions, createAuth } from '../../src/account/better-auth.ts';
import { ProblemError } from '../../src/kernel/errors.ts';
import { anId, cookieOf, newEmail, PASSWORD, SECRET, useAccounts } from './account-shop.ts';

const { pool, shop, openShop, call, signUp, signIn, countOf } = useAccounts();
const aPassword: unknown = expect.stringMatching(/^[\w-]{24}$/);

describe('the schema', () => {
  it('is what better-auth expects', async () => {
    const complaints: string[] = [];
    const options = authOptions({ pool: pool(), secret: SECRET, baseUrl: null, secureCookies: false, onError: () => undefined });
    const plan = await getMigrations({ ...options, logger: { level: 'warn', log: (_level, message) => complaints.push(message) } });
    const { toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems } = plan;
    expect({ toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems, complaints }).toEqual({
      toBeCreated: [],
      toBeAdded: [],
      toBeAddedIndexes: [],
      unsafeChanges: [],
      schemaProblems: [],
      complaints: [],
    });
  });
});

describe('sign-up', () => {
  it('makes a customer and signs in', async () => {
    const email = newEmail();
    const answer = await call('POST', '/auth/sign-up', { body: { name: '김민지', email: email.toUpperCase(), password: PASSWORD } });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({ user: { id: anId, name: '김민지', email, role: 'customer' } });
    expect(answer.headers['cache-control']).toBe('no-store');
    const session = await call('GET', '/auth/session', { headers: { cookie: cookieOf(answer.setCookies) } });
    expect(session.json).toEqual(answer.json);
    expect((await signIn(email, PASSWORD)).json).toEqual(answer.json);
  });

  it('gives one cookie, out of reach of scripts and of other sites', async () => {
    const { setCookies } = await call('POST', '/auth/sign-up', { body: { name: 'x', email: newEmail(), password: PASSWORD } });
    expect(setCookies).toHaveLength(1);
    expect(setCookies[0]).toMatch(/^openrun\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('gives a Secure cookie where the server is behind https', async () => {
    const secure = await openShop({ secureCookies: true });
    const { email, user, headers } = await signUp({ at: secure });
    expect((await call('GET', '/auth/session', { headers, at: secure })).json).toEqual({ user });
    const { setCookies } = await signIn(email, PASSWORD, { at: secure });
    expect(setCookies[0]).toMatch(/^__Secure-openrun\.session_token=[^;]+; .*HttpOnly; Secure; SameSite=Lax$/);
    expect((await call('GET', '/me', { headers, at: secure })).status).toBe(200);
  });

  it('keeps no password in the clear', async () => {
    const { email } = await signUp();
    const { rows } = await pool().query<{ password: string }>(
      `SELECT c.password FROM account_credential c JOIN account_user u ON u.id = c.user_id WHERE u.email = $1`,
      [email],
    );
    expect(rows.map(({ password }) => password)).toEqual([expect.stringMatching(/^[0-9a-f]{32}:[0-9a-f]{128}$/)]);
  });

  it('takes an email address once, in whatever case', async () => {
    const { email } = await signUp();
    const again = await call('POST', '/auth/sign-up', { body: { name: 'x', email: email.toUpperCase(), password: PASSWORD } });
    expect([again.status, again.code, again.setCookies]).toEqual([409, 'EMAIL_TAKEN', []]);
  });

  it('of many at once with one email address, one wins', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => call('POST', '/auth/sign-up', { body: { name: 'x', email, password: PASSWORD } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'EMAIL_TAKEN')).toHaveLength(5);
    for (const table of ['account_user', 'account_credential', 'account_session']) expect(await countOf(table, email)).toBe(1);
  });

  it.each([
    ['/role', { role: 'staff' }],
    ['/image', { image: 'http://x' }],
    ['/callbackURL', { callbackURL: 'https://evil.example' }],
    ['/name', { name: '' }],
    ['/name', { name: 'x'.repeat(101) }],
    ['/name', { name: 'a\0b' }],
    ['/name', { name: 5 }],
    ['/name', { name: undefined }],
    ['/email', { email: 'x' }],
    ['/email', { email: '@example.com' }],
    ['/email', { email: 'a b@example.com' }],
    ['/email', { email: 'a\n@example.com' }],
    ['/email', { email: 'a@example' }],
    ['/email', { email: `${'a'.repeat(250)}@example.com` }],
    ['/email', { email: "quote'@example.com" }],
    ['/password', { password: '7 chars' }],
    ['/password', { password: 'x'.repeat(129) }],
    ['/password', { password: 'eight\0 chars' }],
  ])('refuses a wrong %s: %j', async (path, wrong) => {
    const body = { name: 'x', email: newEmail(), password: PASSWORD, ...wrong };
    const { status, json } = await call('POST', '/auth/sign-up', { body });
    expect([status, json['code'], json['errors']]).toEqual([400, 'VALIDATION_FAILED', [expect.objectContaining({ path })]]);
    expect(await countOf('account_user', body.email.toLowerCase().replaceAll('\0', ''))).toBe(0);
  });

  it.each(['8 chars.', 'x'.repeat(128), '😀'.repeat(128), '비밀번호 여덟 글자'])('takes the password %#', async (password) => {
    const email = newEmail();
    expect((await call('POST', '/auth/sign-up', { body: { name: 'x', email, password } })).status).toBe(201);
    expect((await signIn(email, password)).status).toBe(200);
  });
});

describe('sign-in', () => {
  it('says the same about a wrong password and an unknown address', async () => {
    const { email } = await signUp();
    const wrong = await signIn(email, 'battery staple');
    const unknown = await signIn(newEmail(), 'battery staple');
    expect([wrong.status, wrong.code, wrong.setCookies]).toEqual([401, 'INVALID_CREDENTIALS', []]);
    expect(unknown.json).toEqual(wrong.json);
  });

  it('refuses a body that is none', async () => {
    for (const body of [
      {},
      { email: newEmail() },
      { email: newEmail(), password: '' },
      { email: 'x', password: PASSWORD },
      { email: 'a', password: 'b', c: 1 },
    ]) {
      const { status, code } = await call('POST', '/auth/sign-in', { body });
      expect([status, code]).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('allows ten guesses a minute from one address, also at once, and also the right one after them', async () => {
    const { email } = await signUp();
    const guesses = await Promise.all(Array.from({ length: 14 }, (_, i) => signIn(email, `guess number ${i}`)));
    expect(guesses.filter(({ code }) => code === 'INVALID_CREDENTIALS')).toHaveLength(10);
    expect(guesses.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(4);
    const right = await signIn(email.toUpperCase(), PASSWORD);
    expect([right.status, right.code]).toEqual([429, 'RATE_LIMITED']);
    expect(right.headers['retry-after']).toBe('60');
    expect((await signIn(email, PASSWORD, { from: '10.0.0.7' })).status).toBe(200);
    expect((await signIn(newEmail(), PASSWORD)).status).toBe(401);
    shop().clock.now += 60_000;
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });

  it('costs the same for an address that has no account as for a wrong password', async () => {
    const { email } = await signUp();
    const costs: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let i = 0; i < 5; i += 1) {
      for (const [who, address] of [
        ['known', email],
        ['unknown', newEmail()],
      ] as const) {
        const before = process.cpuUsage();
        expect((await signIn(address, 'battery staple', { from: `10.1.0.${i}` })).status).toBe(401);
        const { user, system } = process.cpuUsage(before);
        costs[who].push(user + system);
      }
    }
    const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[2] ?? 0;
    // Of processor time, which others on the machine do not lengthen; a look-up without hashing is a fiftieth of it.
    expect(medianOf(costs.unknown)).toBeGreaterThan(medianOf(costs.known) / 3);
    expect(medianOf(costs.known)).toBeGreaterThan(medianOf(costs.unknown) / 3);
  });

  it('allows a hundred failures and new accounts a minute from one network, whatever the addresses of email', async () => {
    const { email } = await signUp();
    const again = { body: { name: 'x', email, password: PASSWORD } };
    const from = (host: number): string => `2001:db8:0:7::${host.toString(16)}`;
    const many = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => call('POST', '/auth/sign-up', { ...again, from: from(i) })));
    const answers = [...(await many(55)), ...(await many(55))];
    expect(answers.filter(({ code }) => code === 'EMAIL_TAKEN')).toHaveLength(100);
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(10);
    expect((await signIn(email, PASSWORD, { from: from(500) })).code).toBe('RATE_LIMITED');
    expect((await signIn(newEmail(), PASSWORD, { from: from(501) })).code).toBe('RATE_LIMITED');
    expect((await signIn(email, PASSWORD, { from: '2001:db8:0:8::1' })).status).toBe(200);
    shop().clock.now += 60_000;
    expect((await signIn(email, PASSWORD, { from: from(1) })).status).toBe(200);
  });

  it('counts no success among the failures of a network', async () => {
    const { email } = await signUp();
    const from = '10.2.0.1';
    for (let i = 0; i < 3; i += 1) expect((await signIn(email, PASSWORD, { from })).status).toBe(200);
    const again = { body: { name: 'x', email, password: PASSWORD }, from };
    const many = (count: number) => Promise.all(Array.from({ length: count }, () => call('POST', '/auth/sign-up', again)));
    const answers = [...(await many(50)), ...(await many(51))];
    expect(answers.filter(({ code }) => code === 'EMAIL_TAKEN')).toHaveLength(100);
  });

  it('has a turn for others while one network floods it with ever new addresses', async () => {
    const auth = createAuth({ pool: pool(), secret: SECRET, baseUrl: null, secureCookies: false, onError: () => undefined });
    const repository = createAccountRepository({ query: () => Promise.reject(new Error('not used')) });
    const passwords = createPasswordSignIn({ auth, repository, hashing: createGate({ concurrency: 1, queue: 4 }), now: Date.now });
    const { email } = await signUp();
    const ended: string[] = [];
    const flood = Array.from({ length: 8 }, () =>
      passwords.signIn({ email: newEmail(), password: 'battery staple' }, '10.3.0.1').then(
        () => ended.push('guess'),
        (error: unknown) => ended.push(error instanceof ProblemError ? error.code : String(error)),
      ),
    );
    const customer = await passwords.signIn({ email, password: PASSWORD }, '10.3.0.2');
    expect(customer).toMatchObject({ user: { email } });
    // Of the flood, one was being looked at, and at most one more had its turn before the customer.
    expect(ended.filter((end) => end === 'guess').length).toBeLessThanOrEqual(2);
    await Promise.all(flood);
    expect(ended.filter((end) => end === 'guess')).toHaveLength(4);
    expect(ended.filter((end) => end === 'OVERLOADED')).toHaveLength(4);
  });

  it('refuses further guesses before they wait for their turn to be hashed', async () => {
    let passed = 0;
    const hashing: Gate = {
      run: (_key, work) => {
        passed += 1;
        return work();
      },
    };
    const auth = createAuth({ pool: pool(), secret: SECRET, baseUrl: null, secureCookies: false, onError: () => undefined });
    const repository = createAccountRepository({ query: () => Promise.reject(new Error('not used')) });
    const passwords = createPasswordSignIn({ auth, repository, hashing, now: Date.now });
    const guess = { email: newEmail(), password: 'battery staple' };
    for (let i = 0; i < 10; i += 1) expect(await passwords.signIn(guess, 'x')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await expect(passwords.signIn(guess, 'x')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(passed).toBe(10);
  });

  it('begins to count anew after the right password', async () => {
    const { email } = await signUp();
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 9; i += 1) expect((await signIn(email, 'battery staple')).status).toBe(401);
      expect((await signIn(email, PASSWORD)).status).toBe(200);
    }
  });
});

describe('staff', () => {
  it('is made by an operator, with a password that is shown once', async () => {
    const email = newEmail();
    const added = await shop().accounts.addStaff(email.toUpperCase());
    expect(added).toEqual({
      id: anId,
      email,
      outcome: 'created',
      password: aPassword,
    });
    const { json, setCookies } = await signIn(email, added.password ?? '');
    expect(json).toEqual({ user: { id: added.id, name: email.split('@')[0], email, role: 'staff' } });
    expect((await call('GET', '/staff-room', { headers: { cookie: cookieOf(setCookies) } })).status).toBe(200);
    expect(await shop().accounts.addStaff(email)).toEqual({ ...added, outcome: 'unchanged', password: null });
    expect((await signIn(email, added.password ?? '')).status).toBe(200);
  });

  it('may be an account that exists, with its password and its sessions', async () => {
    const { email, headers } = await signUp();
    expect(await shop().accounts.addStaff(email)).toMatchObject({ outcome: 'promoted', password: null });
    expect((await call('GET', '/staff-room', { headers })).status).toBe(200);
    expect((await signIn(email, PASSWORD)).json['user']).toMatchObject({ role: 'staff' });
  });

  it('with a password given takes the account from whoever had it', async () => {
    const { email, headers } = await signUp();
    expect(await shop().accounts.addStaff(email, 'the new password')).toMatchObject({ outcome: 'promoted', password: null });
    expect((await call('GET', '/staff-room', { headers })).status).toBe(401);
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    expect((await signIn(email, 'the new password')).json['user']).toMatchObject({ role: 'staff' });
  });

  it('gets a new password from an operator, and every session ends', async () => {
    const email = newEmail();
    const { password: first } = await shop().accounts.addStaff(email);
    const headers = { cookie: cookieOf((await signIn(email, first ?? '')).setCookies) };
    const second = await shop().accounts.resetPassword(email.toUpperCase());
    expect(second).toEqual(aPassword);
    expect((await call('GET', '/staff-room', { headers })).status).toBe(401);
    expect((await signIn(email, first ?? '')).status).toBe(401);
    expect((await signIn(email, second ?? '')).json['user']).toMatchObject({ role: 'staff' });
    const { email: customer } = await signUp();
    expect(await shop().accounts.resetPassword(customer)).toBeNull();
    expect((await signIn(customer, PASSWORD)).status).toBe(200);
  });

  it('is taken its role, and its sessions, and goes on as a customer', async () => {
    const email = newEmail();
    const { password } = await shop().accounts.addStaff(email);
    const headers = { cookie: cookieOf((await signIn(email, password ?? '')).setCookies) };
    expect((await shop().accounts.listStaff()).map((member) => member.email)).toContain(email);
    expect(await shop().accounts.removeStaff(email)).toBe(true);
    expect((await call('GET', '/staff-room', { headers })).status).toBe(401);
    expect((await signIn(email, password ?? '')).json['user']).toMatchObject({ role: 'customer' });
    expect((await shop().accounts.listStaff()).map((member) => member.email)).not.toContain(email);
    expect(await shop().accounts.removeStaff(email)).toBe(false);
    expect(await shop().accounts.removeStaff(newEmail())).toBe(false);
  });

  it('is made once by many at once', async () => {
    const email = newEmail();
    const added = await Promise.all(Array.from({ length: 4 }, () => shop().accounts.addStaff(email)));
    expect(added.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'unchanged', 'unchanged', 'unchanged']);
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
  });

  it('needs an email address and a password within their limits', async () => {
    for (const email of ['', 'x', 'a@b', 'a b@example.com']) {
      await expect(shop().accounts.addStaff(email)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
    for (const password of ['', '7 chars', 'x'.repeat(129)]) {
      await expect(shop().accounts.addStaff(newEmail(), password)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});

describe('the accounts of the demo', () => {
  it('are made once', async () => {
    const account = { name: 'Demo', email: newEmail(), password: 'demo password', role: 'staff' as const };
    const ids = await Promise.all(Array.from({ length: 3 }, () => shop().accounts.ensureDemoAccount(account)));
    expect(new Set([...ids, await shop().accounts.ensureDemoAccount(account)]).size).toBe(1);
    expect((await signIn(account.email, account.password)).json['user']).toMatchObject({ id: ids[0], name: 'Demo', role: 'staff' });
  });

  it('never change an account of somebody else', async () => {
    const { email, user } = await signUp();
    const id = await shop().accounts.ensureDemoAccount({ name: 'Demo', email, password: 'demo password', role: 'staff' });
    expect(user).toMatchObject({ id });
    expect((await signIn(email, PASSWORD)).json).toEqual({ user });
    expect((await signIn(email, 'demo password')).status).toBe(401);
  });
});
