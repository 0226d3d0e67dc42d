/**
 * Problem documents (RFC 9457): every refusal on the wire.
 *
 * `type` is a path on this server that documents the code: `/problems/OUT_OF_STOCK`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { present } from '../kernel/assert.ts';
import { type ProblemCatalogue, ProblemError, type ProblemExtras, type Refusal } from '../kernel/errors.ts';
import { type Language, languageOf } from './language.ts';

/** All features' slices of the catalogue in one; built once, in `app.ts`. */
export function mergeCatalogues(...slices: readonly ProblemCatalogue[]): ProblemCatalogue {
  const merged: Record<string, ProblemCatalogue[string]> = {};
  for (const slice of slices) {
    for (const [code, definition] of Object.entries(slice)) {
      if (merged[code] !== undefined) throw new Error(`the problem ${code} is defined twice`);
      merged[code] = definition;
    }
  }
  return merged;
}

export const JSON_PROBLEM = 'application/problem+json; charset=utf-8';

/** The body of a problem document. */
export function problemBody(
  catalogue: ProblemCatalogue,
  code: string,
  options: { readonly acceptLanguage: string | undefined; readonly instance: string; readonly extras: ProblemExtras },
): { readonly status: number; readonly json: string; readonly language: Language } {
  const definition = present(catalogue[code], `the problem ${code}`);
  const language = languageOf(options.acceptLanguage);
  const body = {
    type: `/problems/${code}`,
    title: definition.title[language],
    status: definition.status,
    detail: definition.detail[language],
    instance: options.instance,
    code,
    ...options.extras,
  };
  return { status: definition.status, json: JSON.stringify(body), language };
}

/** Answers a request with the problem of a refusal or of a thrown {@link ProblemError}. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Refusal | ProblemError): FastifyReply {
  request.problemCode = problem.code;
  const { status, json, language } = problemBody(request.server.problems, problem.code, {
    acceptLanguage: request.headers['accept-language'],
    instance: request.url.split('?')[0] ?? '/',
    extras: problem.extras,
  });
  if (problem instanceof ProblemError && problem.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(problem.retryAfterSeconds));
  }
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(status).header('content-type', JSON_PROBLEM).header('content-language', language).send(json);
}
