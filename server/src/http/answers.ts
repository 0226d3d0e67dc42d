/** Counts the answers to writes by route and outcome: `done`, `replayed`, or the code of the refusal. */
import { Counter, type Registry } from 'prom-client';
import { operationOf } from './methods.ts';
import type { App } from './server.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that was answered; null where none was. */
    problemCode: string | null;
  }
}

/** How often each outcome was answered since the process began. */
type Outcomes = ReadonlyMap<string, number>;

export interface AnswerCounts {
  /** Counts one answer to the operation, such as `POST /orders`. */
  count(operation: string, outcome: string): void;
  /** Of the operation since the process began. */
  outcomesOf(operation: string): Outcomes;
}

const NONE: Outcomes = new Map();

/** An empty count, which `/metrics` shows as `openrun_answers_total`. */
export function createAnswerCounts(registry: Registry): AnswerCounts {
  const counts = new Map<string, Map<string, number>>();
  // Told when it is asked for: to keep a counter of Prometheus up to date would cost each answer more than the counting itself.
  const counter = new Counter({
    name: 'openrun_answers_total',
    help: 'Answers of this process to writes, by operation and outcome',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const [operation, outcomes] of counts) for (const [outcome, count] of outcomes) counter.inc({ operation, outcome }, count);
    },
  });
  return {
    count: (operation, outcome) => {
      const outcomes = counts.get(operation) ?? new Map<string, number>();
      counts.set(operation, outcomes);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    outcomesOf: (operation) => counts.get(operation) ?? NONE,
  };
}

const WRITES: ReadonlySet<string> = new Set(['POST', 'PATCH']);

/** Counts a write that was turned away before it was looked at. */
export function countTurnedAway(app: App, counts: AnswerCounts, method: string, path: string): void {
  const operation = WRITES.has(method) ? operationOf(app, method, path) : undefined;
  if (operation !== undefined) counts.count(operation, 'OVERLOADED');
}

/** Counts every answer to a write from now on. */
export function countAnswers(app: App, counts: AnswerCounts): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url !== undefined && WRITES.has(request.method)) {
      const replayed = reply.getHeader('idempotent-replayed') !== undefined;
      counts.count(`${request.method} ${url}`, request.problemCode ?? (replayed ? 'replayed' : 'done'));
    }
    done();
  });
}
