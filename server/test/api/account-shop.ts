/** A server of the built-in accounts on a database of its own, for the tests of their routes. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import { registerAccountRoutes } from '../../src/account/account.api.ts';
import { accountErrors } from '../../src/account/account.errors.ts';
import { type AccountService, createAccountService } from '../../src/account/account.service.ts';
import { commitErrors } from '../../src/commit/commit.errors.ts';
import { type Database, DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import { userOf } from '../../src/http/access.ts';
import { authErrors } from '../../src/http/auth.errors.ts';
import { createAuthenticator, createTokenMinter } from '../../src/http/auth.ts';
import { httpErrors } from '../../src/http/http.errors.ts';
import { mergeCatalogues } from '../../src/http/problem.ts';
import { type App, createHttp } from '../../src/http/server.ts';
import { ID_PATTERN } from '../../src/kernel/ids.ts';
import { createDatabase } from '../support/shop.ts';

export const SECRET = 'a secret of the shop, long enough';
export const PASSWORD = 'correct horse';
const HOST = 'shop.example';
/** What a browser says about a request of the shop's own page. */
export const ours = { origin: `http://${HOST}` };
/** Tokens that the shop accepts. */
export const mint = createTokenMinter({ secret: SECRET, issuer: null, audience: 'shop' });

export interface Shop {
  readonly app: App;
  readonly accounts: AccountService;
  readonly clock: { now: number };
}

const NO_SECRET: string | null = null;

type Headers = Readonly<Record<string, string>>;
interface CallOptions {
  readonly headers?: Headers;
  readonly body?: object;
  readonly from?: string;
  readonly at?: Shop;
}

/** Opens a database and a shop before the tests of a file, and closes all afterwards. */
export function useAccounts() {
  let dropDatabase: (() => Promise<void>) | undefined;
  let database: Database | undefined;
  let pool: Database['readers'];
  let shop: Shop;
  const opened: App[] = [];

  beforeAll(async () => {
    const { target, drop } = await createDatabase();
    dropDatabase = drop;
    database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
    pool = database.readers;
    shop = await openShop();
  });

  afterAll(async () => {
    for (const app of opened) await app.close();
    await database?.close();
    await dropDatabase?.();
  });

  /** A process of the shop: the accounts' routes, and one protected route of each kind. */
  async function openShop({ secureCookies = false, on = pool, secret = SECRET, previousSecret = NO_SECRET } = {}): Promise<Shop> {
    const clock = { now: Date.now() };
    const accounts = createAccountService({ pool: on, secret, previousSecret, baseUrl: null, secureCookies, now: () => clock.now });
    const { sessions } = accounts;
    const app = await createHttp({
      problems: mergeCatalogues(httpErrors, authErrors, accountErrors, commitErrors),
      authenticator: createAuthenticator({ secret: SECRET, jwksUrl: null, issuer: null, audience: 'shop', sessions }),
      logger: pino({ level: 'silent' }),
      trustProxy: false,
      rateLimitPerMinute: 0,
      https: false,
      onUnavailable: () => undefined,
      onTurnedAway: () => undefined,
    });
    registerAccountRoutes(app, { accounts, mintToken: mint });
    app.get('/me', { config: { access: 'user' } }, (request, reply) => reply.send(userOf(request)));
    app.post('/me', { config: { access: 'user' } }, (request, reply) => reply.send(userOf(request)));
    app.get('/staff-room', { config: { access: 'staff' } }, (request, reply) => reply.send(userOf(request)));
    opened.push(app);
    return { app, accounts, clock };
  }

  async function call(method: 'GET' | 'POST', url: string, { headers = {}, body, from = '127.0.0.1', at = shop }: CallOptions = {}) {
    const payload = body === undefined ? {} : { payload: body };
    const response = await at.app.inject({ method, url, headers: { host: HOST, ...headers }, remoteAddress: from, ...payload });
    const json: Record<string, unknown> = response.body === '' ? {} : response.json();
    const setCookies = [response.headers['set-cookie'] ?? []].flat();
    return { status: response.statusCode, json, code: json['code'], headers: response.headers, setCookies };
  }

  async function signUp({ email = newEmail(), at = shop } = {}) {
    const { status, json, setCookies } = await call('POST', '/auth/sign-up', { body: { name: '김민지', email, password: PASSWORD }, at });
    expect(status).toBe(201);
    return { email, user: json['user'], headers: { cookie: cookieOf(setCookies) } };
  }

  /** How many rows of a table belong to the account with this email address. */
  async function countOf(table: string, email: string): Promise<number | undefined> {
    const join = table === 'account_user' ? '' : `JOIN ${table} t ON t.user_id = u.id`;
    const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM account_user u ${join} WHERE u.email = $1`, [email]);
    return rows[0]?.n;
  }

  return {
    pool: () => pool,
    shop: () => shop,
    openShop,
    call,
    signUp,
    signIn: (email: string, password: string, options: Omit<CallOptions, 'body'> = {}) =>
      call('POST', '/auth/sign-in', { body: { email, password }, ...options }),
    countOf,
    /** Makes the sessions of the account end so long from now, in PostgreSQL's words. */
    endSessionsIn: (email: string, interval: string) =>
      pool.query(
        'UPDATE account_session SET expires_at = now() + $2::interval WHERE user_id = (SELECT id FROM account_user WHERE email = $1)',
        [email, interval],
      ),
  };
}

export const newEmail = (): string => `${randomUUID()}@example.com`;

/** The Cookie header of a browser that got these Set-Cookie headers. */
export const cookieOf = (setCookies: readonly string[]): string => setCookies.map((cookie) => cookie.split(';')[0]).join('; ');

/** Matches any id. */
export const anId: unknown = expect.stringMatching(ID_PATTERN);
