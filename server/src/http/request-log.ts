/**
 * A line of the log for answers: trouble always, the ordinary at the level debug. A line names who asked and which order it was about, and
 * never what a request or an answer holds besides: neither a header, nor a query, nor a body.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { App } from './server.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The order that an answer named; only looked for where it is to be written. */
    answeredOrderId: string | null;
  }
}

const SERVER_ERROR = 500;
const PLACING = 'POST /orders';
const OrderOf = Type.Object({ orderId: Type.String() });
const Placed = Type.Object({ id: Type.String() });

/** Writes of every answer from now on. What the level leaves out costs a comparison. `wantsOrders`: others want to know of orders as well. */
export function logAnswers(app: App, logger: Logger, { wantsOrders }: { readonly wantsOrders: boolean }): void {
  const isVerbose = logger.isLevelEnabled('debug');
  app.decorateRequest('answeredOrderId', null);
  if (isVerbose || wantsOrders) {
    app.addHook('onSend', (request, _reply, payload, done) => {
      if (request.method !== 'GET' && typeof payload === 'string') request.answeredOrderId = orderIn(request, payload);
      done(null, payload);
    });
  }
  app.addHook('onResponse', (request, reply, done) => {
    // Whoever is turned away is counted: a line for each would cost more than turning it away.
    if (reply.statusCode >= SERVER_ERROR && request.problemCode !== 'OVERLOADED') request.log.warn(lineOf(request, reply), 'answered');
    else if (isVerbose) request.log.debug(lineOf(request, reply), 'answered');
    done();
  });
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const orderId = orderAsked(request) ?? request.answeredOrderId;
  return {
    status: reply.statusCode,
    method: request.method,
    path: request.url.split('?', 1)[0],
    ms: Math.round(reply.elapsedTime),
    ...(request.problemCode === null ? {} : { code: request.problemCode }),
    ...(request.identity === null ? {} : { userId: request.identity.userId }),
    ...(orderId === null ? {} : { orderId }),
  };
}

function orderAsked({ params }: FastifyRequest): string | null {
  return Value.Check(OrderOf, params) ? params.orderId : null;
}

function orderIn(request: FastifyRequest, payload: string): string | null {
  if (!payload.startsWith('{')) return null;
  const body: unknown = JSON.parse(payload);
  if (Value.Check(OrderOf, body)) return body.orderId;
  return `${request.method} ${request.routeOptions.url}` === PLACING && Value.Check(Placed, body) ? body.id : null;
}
