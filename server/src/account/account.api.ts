/** The routes of the built-in accounts, for pages of this server: the session is a cookie that no script can read. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { TokenMinter } from '../http/auth.ts';
import { isUnsafe, refuseForeignOrigin, requireSameOrigin } from '../http/auth-origin.ts';
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { ProblemError, Refusal } from '../kernel/errors.ts';
import type { SignedInUser } from './account.passwords.ts';
import { CurrentSession, IssuedToken, SignedIn, SignInBody, SignUpBody } from './account.schemas.ts';
import type { AccountService } from './account.service.ts';

const TOKEN_SECONDS = 15 * 60;

export interface AccountRoutes {
  readonly accounts: AccountService;
  /** null: no tokens are issued, and there is no `POST /auth/token`. */
  readonly mintToken: TokenMinter | null;
}

/** Registers `/auth/*`. */
export function registerAccountRoutes(app: App, { accounts, mintToken }: AccountRoutes): void {
  registerSignIns(app, accounts);
  registerSessions(app, accounts);
  if (mintToken !== null) registerTokens(app, accounts, mintToken);
}

const BY_NETWORK = 'after a hundred failures and new accounts of one network';

const route = { config: { access: 'public' as const }, onRequest: [refuseForeignPages, forbidStoring] };

function registerSignIns(app: App, accounts: AccountService): void {
  app.post(
    '/auth/sign-up',
    {
      ...route,
      schema: {
        tags: ['account'],
        summary: 'Create an account and sign in',
        description: `Refusals: 409 \`EMAIL_TAKEN\`, 429 \`RATE_LIMITED\` ${BY_NETWORK}, 503 \`OVERLOADED\`.`,
        body: SignUpBody,
        response: responses({ 201: SignedIn }, ['EMAIL_TAKEN']),
      },
    },
    async (request, reply) => answerSignIn(request, reply.code(201), await accounts.signUp(request.body, request.ip)),
  );

  app.post(
    '/auth/sign-in',
    {
      ...route,
      schema: {
        tags: ['account'],
        summary: 'Sign in with email address and password',
        description: `Refusals: 401 \`INVALID_CREDENTIALS\`, 429 \`RATE_LIMITED\` after ten failures in a minute or ${BY_NETWORK}, 503 \`OVERLOADED\`.`,
        body: SignInBody,
        response: responses({ 200: SignedIn }, ['INVALID_CREDENTIALS']),
      },
    },
    async (request, reply) => answerSignIn(request, reply, await accounts.signIn(request.body, request.ip)),
  );
}

function registerSessions(app: App, accounts: AccountService): void {
  app.post(
    '/auth/sign-out',
    {
      ...route,
      schema: {
        tags: ['account'],
        summary: 'Sign out',
        description: 'Ends the session of the cookie; without one there is nothing to end. Refusal: 403 `CSRF_REJECTED`.',
        response: responses({ 204: { type: 'null', description: 'Signed out' } }),
      },
    },
    async (request, reply) => {
      requireOwnPageForCookie(request);
      return withCookies(reply, await accounts.signOut(request.headers))
        .code(204)
        .send();
    },
  );

  app.get(
    '/auth/session',
    {
      ...route,
      schema: { tags: ['account'], summary: 'Who is signed in by the session cookie', response: responses({ 200: CurrentSession }) },
    },
    async (request, reply) => {
      const { user, cookies } = await accounts.session(request.headers);
      return sendFound(request, withCookies(reply, cookies), { user });
    },
  );
}

function registerTokens(app: App, accounts: AccountService, mintToken: TokenMinter): void {
  app.post(
    '/auth/token',
    {
      ...route,
      schema: {
        tags: ['account'],
        summary: 'Get a bearer token for the signed-in user',
        description: 'The token lives for 15 minutes. Refusals: 401 `UNAUTHENTICATED` without a session, 403 `CSRF_REJECTED`.',
        response: responses({ 200: IssuedToken }),
      },
    },
    async (request, reply) => {
      requireOwnPageForCookie(request);
      const { user, cookies } = await accounts.session(request.headers);
      if (user === null) throw new ProblemError('UNAUTHENTICATED');
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + TOKEN_SECONDS) * 1000).toISOString();
      const token = await mintToken({ sub: user.id, ttlSeconds: TOKEN_SECONDS, ...(user.role === 'staff' ? { role: 'staff' } : {}) });
      return sendFound(request, withCookies(reply, cookies), { token, expiresAt });
    },
  );
}

/** Another site must not sign a visitor in, as somebody of its choice, either. */
function refuseForeignPages(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  if (isUnsafe(request.method)) refuseForeignOrigin(request);
  done();
}

function forbidStoring(_request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  void reply.header('cache-control', 'no-store');
  done();
}

/** These routes act on the cookie even where a bearer token names the caller. */
function requireOwnPageForCookie(request: FastifyRequest): void {
  if (request.headers.cookie !== undefined) requireSameOrigin(request);
}

function withCookies(reply: FastifyReply, cookies: readonly string[]): FastifyReply {
  return cookies.length === 0 ? reply : reply.header('set-cookie', cookies);
}

function answerSignIn(request: FastifyRequest, reply: FastifyReply, result: SignedInUser | Refusal): FastifyReply {
  if (result instanceof Refusal) return sendFound(request, reply, result);
  return sendFound(request, withCookies(reply, result.cookies), { user: result.user });
}
