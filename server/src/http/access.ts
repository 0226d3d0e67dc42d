/**
 * Who may call a route. Every route states it (`config.access`), and a route that does not cannot be registered:
 * deny by default.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assert, present } from '../kernel/assert.ts';
import { ProblemError } from '../kernel/errors.ts';
import type { Authenticator, Identity } from './auth.ts';

/** `public`: anyone, and a valid token still tells staff; `user`: anyone signed in; `staff`: the role `staff`. */
type Access = 'public' | 'user' | 'staff';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Probes and metrics: neither authenticated nor rate limited. */
    probe?: boolean;
    /** Narrows `user` further once it is known who calls, before the body is read; throws what it refuses with. */
    authorize?: (identity: Identity) => void;
  }
  interface FastifyRequest {
    identity: Identity | null;
    /** Why the credentials were refused; thrown after the rate limit has counted the request. */
    identityError: Error | null;
  }
}

/** Learns who calls. What is wrong with the credentials is kept for {@link enforceAccess}. */
export function identifyCallers(app: FastifyInstance, authenticator: Authenticator): void {
  app.decorateRequest('identity', null);
  app.decorateRequest('identityError', null);
  app.addHook('onRoute', ({ config, url }) => assert(config?.access !== undefined, `the route ${url} does not say who may call it`));
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.probe === true) return done();
    const refuse = (error: unknown): void => {
      request.identityError = error instanceof Error ? error : new Error('authentication failed', { cause: error });
      done();
    };
    const accept = (identity: Identity | null): void => {
      request.identity = identity;
      done();
    };
    let identified: ReturnType<Authenticator['authenticate']>;
    try {
      identified = authenticator.authenticate({ headers: request.headers, method: request.method, host: request.host });
    } catch (error) {
      return refuse(error);
    }
    // A token that was verified before needs no promise, and a promise for each request is time.
    if (identified instanceof Promise) identified.then(accept, refuse);
    else accept(identified);
  });
}

/** Turns away who may not call the route, before anything of the body is read. */
export function enforceAccess(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // What is answered to somebody is for nobody's cache: even a public list shows staff more.
    if (request.identity !== null) void reply.header('cache-control', 'private, no-store');
    const { access, authorize } = request.routeOptions.config;
    if (access === undefined) return done();
    if (request.identityError !== null) throw request.identityError;
    if (access === 'public') return done();
    if (access === 'staff') requireStaff(request);
    if (request.identity === null) throw new ProblemError('UNAUTHENTICATED');
    authorize?.(request.identity);
    done();
  });
}

/** The caller of a route whose access is `user` or `staff`. */
export function userOf(request: FastifyRequest): Identity {
  return present(request.identity, 'the caller of a protected route');
}

export function isStaff(request: FastifyRequest): boolean {
  return request.identity?.role === 'staff';
}

/** Of a part of a public route that is for staff alone. @throws 401 `UNAUTHENTICATED` or 403 `FORBIDDEN`. */
export function requireStaff({ identity }: FastifyRequest): void {
  if (identity === null) throw new ProblemError('UNAUTHENTICATED');
  if (identity.role !== 'staff') throw new ProblemError('FORBIDDEN');
}

/** Whose objects a read is about: the caller's own, or, for staff, those of `?userId=`. @throws 403 `FORBIDDEN`. */
export function subjectOf(request: FastifyRequest, userId: string | undefined): string {
  const caller = userOf(request);
  if (userId === undefined || userId === caller.userId) return caller.userId;
  if (caller.role !== 'staff') throw new ProblemError('FORBIDDEN');
  return userId;
}

/** Like {@link subjectOf}, but null, everyone, for staff who name nobody. */
export function subjectsOf(request: FastifyRequest, userId: string | undefined): string | null {
  return isStaff(request) && userId === undefined ? null : subjectOf(request, userId);
}

/** Whose object may be found by its id: the caller's own; null, anyone's, for staff. */
export function ownerOf(request: FastifyRequest): string | null {
  return isStaff(request) ? null : userOf(request).userId;
}
