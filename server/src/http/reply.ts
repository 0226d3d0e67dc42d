/** Turns what a service gave into a response. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../commit/commit.types.ts';
import { Refusal } from '../kernel/errors.ts';
import { sendProblem } from './problem.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends a write's committed answer, marked where it is a replay, or the problem of its refusal. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer | Refusal): FastifyReply {
  if (answer instanceof Refusal) return sendProblem(request, reply, answer);
  if (answer.replayed) void reply.header('idempotent-replayed', 'true');
  return reply.code(answer.status).header('content-type', JSON_TYPE).send(answer.json);
}

/** Sends what a read found, or the problem of its refusal. */
export function sendFound(request: FastifyRequest, reply: FastifyReply, found: object | Refusal): FastifyReply {
  if (found instanceof Refusal) return sendProblem(request, reply, found);
  return reply.header('content-type', JSON_TYPE).send(JSON.stringify(found));
}

/**
 * Sends what is still being found, from a handler that is no async function because it often has the answer at hand: what such a
 * handler returns, Fastify would wait for.
 */
export function sendLater<Found>(reply: FastifyReply, finding: Promise<Found>, send: (found: Found) => unknown): void {
  finding.then(send).catch((error: unknown) => reply.send(error));
}
