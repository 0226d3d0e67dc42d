/** The HTTP server's frame: hooks, parsing, errors and limits that all routes share. */
import { isUtf8 } from 'node:buffer';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import { failureOf } from '../commit/failure.ts';
import { overloaded, type ProblemCatalogue, ProblemError, validationFailed } from '../kernel/errors.ts';
import { enforceAccess, identifyCallers } from './access.ts';
import { createAdmittingServer } from './admission.ts';
import type { Authenticator } from './auth.ts';
import { answerClientErrors } from './client-error.ts';
import { namesOneHost, repeatsCredentials } from './header-lines.ts';
import { allowedMethods, collectRoutes } from './methods.ts';
import { sendProblem } from './problem.ts';
import { requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { fieldErrors, validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyInstance {
    problems: ProblemCatalogue;
  }
}

/** The application that routes are registered on; schemas are TypeBox. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const BODY_LIMIT_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const CONNECTIONS_MAX = 10_000;
const USER_ID_MAX_BYTES = 255 * 12;

export interface HttpOptions {
  readonly problems: ProblemCatalogue;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly trustProxy: boolean;
  readonly rateLimitPerMinute: number;
  readonly https: boolean;
  /** Hears why a request could not be answered, where that was the database. */
  readonly onUnavailable: (error: unknown) => void;
  /** Hears of each request that was turned away before it was looked at. */
  readonly onTurnedAway: (method: string, path: string) => void;
}

/** An application without routes. Close it with `close()`; requests under way are answered first. */
export async function createHttp(options: HttpOptions): Promise<App> {
  const logger: FastifyBaseLogger = options.logger;
  const headers = securityHeaders(options.https);
  const responses = new WeakMap<Socket, ServerResponse>();
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // One proxy: what it says of its client is believed, what the client says of others is not.
    trustProxy: options.trustProxy && ((_address: string, hop: number) => hop === 0),
    genReqId: requestId,
    clientErrorHandler: answerClientErrors(options.problems, headers, (socket) => responses.get(socket)),
    frameworkErrors: (_error, request, reply) => {
      void reply.headers(headers).header('x-request-id', request.id);
      sendProblem(request, reply, new ProblemError('BAD_REQUEST'));
    },
    // User ids have up to 255 characters, of which a path may take twelve bytes each.
    routerOptions: { maxParamLength: USER_ID_MAX_BYTES },
    return503OnClosing: false,
    serverFactory: (serve) => createListener(serve, options, headers),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorate('problems', options.problems);
  app.decorateRequest('problemCode', null);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  acceptOnlyJson(app);
  collectRoutes(app);
  app.addHook('onRequest', (request, reply, done) => {
    responses.set(request.raw.socket, reply.raw);
    void reply.headers(headers).header('x-request-id', request.id);
    if (!namesOneHost(request.raw) || repeatsCredentials(request.raw)) throw new ProblemError('BAD_REQUEST');
    done();
  });
  identifyCallers(app, options.authenticator);
  await limitRates(app, options.rateLimitPerMinute);
  // Before the body is read: where nothing is served, it does not matter what is wrong with it.
  app.addHook('onRequest', (request, reply, done) => (request.is404 ? void answerNotFound(request, reply) : done()));
  enforceAccess(app);
  app.addHook('preValidation', refuseUnexpectedBody);
  app.setErrorHandler((error: FastifyError | ProblemError, request, reply) =>
    sendProblem(request, reply, problemOf(error, request, options.onUnavailable)),
  );
  app.setNotFoundHandler(answerNotFound);
  return app;
}

/** The listening end: what Fastify would set of it where it made it itself, and what it may hand over. */
function createListener(
  serve: RequestListener,
  { problems, onTurnedAway }: HttpOptions,
  headers: Readonly<Record<string, string>>,
): Server {
  const listener = createAdmittingServer(serve, { problems, headers, onTurnedAway });
  listener.requestTimeout = REQUEST_TIMEOUT_MS;
  listener.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  listener.maxConnections = CONNECTIONS_MAX;
  return listener;
}

function acceptOnlyJson(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(new ProblemError('MALFORMED_JSON'));
    try {
      done(null, JSON.parse(body.toString('utf8')));
    } catch {
      done(new ProblemError('MALFORMED_JSON'));
    }
  });
}

/** A route without a body schema takes no body but an empty object. */
function refuseUnexpectedBody(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { body, routeOptions } = request;
  if (routeOptions.schema?.body === undefined && body !== undefined && body !== null) {
    const field = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body)[0] : '';
    if (field !== undefined) throw validationFailed([{ path: `/${field}`, message: 'is not a field of this request' }]);
  }
  done();
}

async function limitRates(app: App, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(rateLimit, { global: false });
  app.addHook(
    'onRequest',
    app.rateLimit({
      max: perMinute,
      timeWindow: 60_000,
      cache: 100_000,
      keyGenerator: (request) => (request.identity === null ? `address ${request.ip}` : `user ${request.identity.userId}`),
      allowList: (request) => request.routeOptions.config.probe === true,
      errorResponseBuilder: (_request, { ttl }) => new ProblemError('RATE_LIMITED', {}, Math.max(1, Math.ceil(ttl / 1000))),
    }),
  );
}

/** Fastify's own errors, by its stable codes. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
};

function problemOf(error: FastifyError | ProblemError, request: FastifyRequest, onUnavailable: HttpOptions['onUnavailable']): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error.validation !== undefined) return validationFailed(fieldErrors(error.validation));
  const failure = failureOf(error);
  if (failure === 'unavailable') {
    request.log.debug({ err: error }, 'the database did not serve');
    onUnavailable(error);
    return overloaded();
  }
  if (failure === 'rerun') {
    request.log.warn({ err: error }, 'a lock was not to be had');
    return overloaded();
  }
  const known = FRAMEWORK_PROBLEMS[error.code];
  if (known !== undefined) return new ProblemError(known);
  if (error.statusCode !== undefined && error.statusCode < 500) return new ProblemError('BAD_REQUEST');
  request.log.error({ err: error }, 'request failed');
  return new ProblemError('INTERNAL_ERROR');
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allowed = allowedMethods(request.server, request.url);
  if (allowed.length === 0) return sendProblem(request, reply, new ProblemError('ROUTE_NOT_FOUND'));
  void reply.header('allow', allowed.join(', '));
  return sendProblem(request, reply, new ProblemError('METHOD_NOT_ALLOWED'));
}
