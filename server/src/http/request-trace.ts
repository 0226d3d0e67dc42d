/** Follows requests for traces; the hooks are there only where somebody does. */
import type { App } from './server.ts';

/** Who follows requests. */
export interface RequestTracer {
  began(request: object, facts: { method: string; route: string; path: string; traceparent: string | null }): void;
  /** Runs what handles the request, so that what it submits is known to be of it. */
  within(request: object, work: () => void): void;
  ended(request: object, facts: { status: number; orderId: string | null }): void;
}

/** Tells `tracer` of every request from now on, but of probes. */
export function traceRequests(app: App, tracer: RequestTracer): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, url, headers, routeOptions } = request;
    const { traceparent } = headers;
    if (routeOptions.config.probe !== true) {
      const facts = { method, route: routeOptions.url ?? '(none)', path: url.split('?', 1)[0] ?? '' };
      tracer.began(request, { ...facts, traceparent: typeof traceparent === 'string' ? traceparent : null });
    }
    done();
  });
  // Not before the body is read, for that ends in a turn that knows nothing of the request.
  app.addHook('preHandler', (request, _reply, done) => tracer.within(request, done));
  app.addHook('onResponse', (request, reply, done) => {
    tracer.ended(request, { status: reply.statusCode, orderId: request.answeredOrderId });
    done();
  });
}
