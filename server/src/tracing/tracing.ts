/**
 * Traces for OpenTelemetry: a request, its command in the queue, the batch with its statements, and attempts to deliver what came of it. Loaded only
 * where it is configured. A batch is part of the trace of its first command and linked to every command that it took.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { BatchWatch, CommitWatch, WatchedCommand } from '../commit/watch.ts';
import type { TracingSettings } from '../config.ts';
import type { Claim } from '../delivery/relay.repository.ts';
import type { AttemptWatch, WatchAttempt } from '../delivery/relay.watch.ts';
import type { RequestTracer } from '../http/request-trace.ts';

export interface Tracing {
  readonly requests: RequestTracer;
  readonly commits: CommitWatch;
  readonly watchAttempt: WatchAttempt;
  /** Sends what is left. */
  stop(): Promise<void>;
}

const BATCH_COMMANDS_MAX = 1024;
const SERVER_ERROR = 500;
const EXPORT_EVERY_MS = 1000;
const EXPORT_TIMEOUT_MS = 5000;
/** Version `ff` is none, `00` has nothing behind the flags, and whatever a later one has there follows a hyphen: so several headers in one are none. */
const TRACEPARENT = /^(?!ff|00-.{53})[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** Starts sending spans to the endpoint; where it does not answer they are dropped, and nothing else happens. */
export function startTracing({ endpoint, headers, serviceName, ratio }: TracingSettings, version: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, headers, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanLimits: { linkCountLimit: BATCH_COMMANDS_MAX },
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_EVERY_MS, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  const tracer = provider.getTracer('openrun', version);
  const current = new AsyncLocalStorage<Span>();
  return {
    requests: requestTracer(tracer, current),
    commits: {
      origin: () => current.getStore() ?? null,
      traceparentOf: (origin) => (isSpan(origin) ? traceparentOf(origin) : null),
      batch: (queue, commands) => followBatch(tracer, queue, commands),
    },
    watchAttempt: (destination, claim) => followAttempt(tracer, destination, claim),
    // What cannot be sent any more is no reason to end badly.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

function requestTracer(tracer: Tracer, current: AsyncLocalStorage<Span>): RequestTracer {
  const spans = new WeakMap<object, Span>();
  return {
    began: (request, { method, route, path, traceparent }) => {
      const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': path };
      spans.set(request, tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parentOf(traceparent)));
    },
    within: (request, work) => {
      const span = spans.get(request);
      return span === undefined ? work() : current.run(span, work);
    },
    ended: (request, { status, orderId }) => {
      const span = spans.get(request);
      span?.setAttribute('http.response.status_code', status);
      if (orderId !== null) span?.setAttribute('openrun.order.id', orderId);
      if (status >= SERVER_ERROR) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    },
  };
}

/** The context of a W3C `traceparent`; what is none begins a trace of its own. */
function parentOf(traceparent: string | null): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isSampled = Number.parseInt(flags, 16) % 2 === 1;
  const parent = { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

/** The W3C `traceparent` of a span; null where its trace is not kept. */
function traceparentOf(span: Span): string | null {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  return isSampled ? `00-${traceId}-${spanId}-01` : null;
}

/** Milliseconds of `performance.now` as those of the calendar. */
function at(ms: number): number {
  return performance.timeOrigin + ms;
}

function isSpan(origin: unknown): origin is Span {
  return typeof origin === 'object' && origin !== null && 'spanContext' in origin;
}

function followBatch(tracer: Tracer, queue: string, commands: readonly WatchedCommand[]): BatchWatch {
  const startTime = at(performance.now());
  const attributes = { 'openrun.queue': queue };
  const waits = commands.flatMap(({ origin, arrivedAt }) => {
    if (!isSpan(origin)) return [];
    const wait = tracer.startSpan(`${queue} command`, { startTime: at(arrivedAt), attributes }, trace.setSpan(ROOT_CONTEXT, origin));
    wait.end(startTime);
    return [wait];
  });
  const [first] = waits;
  const parent = first === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, first);
  const links = waits.map((wait) => ({ context: wait.spanContext() }));
  const span = tracer.startSpan(
    `${queue} batch`,
    { startTime, attributes: { ...attributes, 'openrun.batch.size': commands.length }, links },
    parent,
  );
  const within = trace.setSpan(ROOT_CONTEXT, span);
  return {
    onStatement: (name, startedAtMs, endedAtMs, error) => {
      const statement = tracer.startSpan(
        name,
        { kind: SpanKind.CLIENT, startTime: at(startedAtMs), attributes: { 'db.system.name': 'postgresql', 'db.operation.name': name } },
        within,
      );
      if (error !== null) statement.setStatus({ code: SpanStatusCode.ERROR });
      statement.end(at(endedAtMs));
    },
    ended: () => span.end(),
  };
}

/** An attempt is part of the trace of the request that caused its event, in any process and perhaps days later; where that is not kept, one of its own. */
function followAttempt(tracer: Tracer, destination: string, claim: Claim): AttemptWatch {
  const attributes = {
    'openrun.destination': destination,
    'openrun.event.id': claim.eventId,
    'openrun.event.type': claim.type,
    'openrun.delivery.attempt': claim.attempts,
    ...(claim.orderId === null ? {} : { 'openrun.order.id': claim.orderId }),
  };
  const span = tracer.startSpan(`deliver ${claim.type}`, { kind: SpanKind.PRODUCER, attributes }, parentOf(claim.traceparent));
  return {
    traceparent: traceparentOf(span),
    ended: ({ outcome, statusCode }) => {
      if (statusCode !== null) span.setAttribute('http.response.status_code', statusCode);
      if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
