/** Routes for those who operate the server: probes and metrics. */
import type { FastifyRequest } from 'fastify';
import { Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import { ProblemError } from '../kernel/errors.ts';
import { probeResponses } from './openapi.ts';
import type { App } from './server.ts';
import type { TurnedAway } from './turned-away.ts';

const tags = ['operations'];
const config = { access: 'public', probe: true } as const;
const METRICS = { description: 'The metrics', content: { 'text/plain': { schema: { type: 'string' } } } } as const;
const status = Type.Object({ status: Type.Literal('ok') });

/**
 * Registers `/healthz` (the process answers), `/readyz` (it can serve: the database answers and the process is not
 * stopping) and `/metrics`.
 */
export function registerHealthRoutes(
  app: App,
  options: { readonly isReady: () => Promise<boolean>; readonly readMetrics: () => Promise<string> },
): void {
  const { isReady, readMetrics } = options;
  app.get(
    '/healthz',
    { config, schema: { tags, summary: 'Whether the process answers', response: probeResponses({ 200: status }) } },
    async () => ({
      status: 'ok' as const,
    }),
  );
  app.get(
    '/readyz',
    { config, schema: { tags, summary: 'Whether the process can serve', response: probeResponses({ 200: status }, 'NOT_READY') } },
    async () => {
      if (!(await isReady())) throw new ProblemError('NOT_READY', {}, 1);
      return { status: 'ok' as const };
    },
  );
  app.get(
    '/metrics',
    {
      config,
      schema: { tags, summary: 'Metrics in the Prometheus text format', response: probeResponses({ 200: METRICS }, 'OVERLOADED') },
    },
    async (_request, reply) => reply.header('content-type', Registry.PROMETHEUS_CONTENT_TYPE).send(await readMetrics()),
  );
}

/** Measures every answer by route, method and status, and logs those that are a trouble of the server's. */
export function measureRequests(app: App, registry: Registry, turnedAway: TurnedAway): void {
  const seconds = new Histogram({
    name: 'openrun_http_request_seconds',
    help: 'From the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const instruments = new Map<string, ReturnType<typeof seconds.labels>>();
  /** The instrument of one series; looking it up by its labels at each answer would cost more than the rest of the measurement. */
  const instrumentOf = (method: string, route: string, code: number): ReturnType<typeof seconds.labels> => {
    const series = `${method} ${route} ${code}`;
    const known = instruments.get(series) ?? seconds.labels({ method, route, status: String(code) });
    instruments.set(series, known);
    return known;
  };
  app.addHook('onResponse', (request: FastifyRequest, reply, done) => {
    instrumentOf(request.method, request.routeOptions.url ?? '(none)', reply.statusCode).observe(reply.elapsedTime / 1000);
    if (request.problemCode === 'OVERLOADED') turnedAway.count();
    done();
  });
}
