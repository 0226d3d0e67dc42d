/**
 * Finished bodies of reads that everyone sees alike, and the answer to a client that has one already: 304 by its strong
 * ETag (RFC 9110, sections 8.8.3 and 13.1.2).
 */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/errors.ts';
import { sendProblem } from './problem.ts';
import { JSON_TYPE, sendLater } from './reply.ts';

/** A body as it is sent, with its ETag; made once, sent many times. */
export interface Representation {
  /** JSON, in the bytes that are sent: writing a text anew for each answer took half the time of a list of products. */
  readonly body: Buffer;
  /** Strong, quotes included. Its text is base64url, which {@link hasAlready} relies on. */
  readonly etag: string;
}

/** 132 bits: enough that no two bodies of one address ever share a tag. */
const ETAG_LENGTH_CHARACTERS = 22;

/** Makes the body of what was found. */
export function representationOf(found: object): Representation {
  const body = Buffer.from(JSON.stringify(found));
  return { body, etag: `"${hash('sha256', body, 'base64url').slice(0, ETAG_LENGTH_CHARACTERS)}"` };
}

/** Makes the bodies of objects that are kept and never change, each once. */
export function createRepresenter(): (found: object) => Representation {
  const made = new WeakMap<object, Representation>();
  return (found) => {
    const known = made.get(found);
    if (known !== undefined) return known;
    const representation = representationOf(found);
    made.set(found, representation);
    return representation;
  };
}

/**
 * Sends a public body, or 304 to a client that has it already; or the problem of a refusal. Caches may keep it where they ask before
 * every use. Nothing that staff see comes here.
 */
export function sendRepresentation(
  request: FastifyRequest,
  reply: FastifyReply,
  found: Representation | Promise<Representation | Refusal>,
): void {
  if (found instanceof Promise) sendLater(reply, found, (loaded) => send(request, reply, loaded));
  else send(request, reply, found);
}

function send(request: FastifyRequest, reply: FastifyReply, found: Representation | Refusal): FastifyReply {
  if (found instanceof Refusal) return sendProblem(request, reply, found);
  const { body, etag } = found;
  void reply
    .header('etag', etag)
    .header('cache-control', request.identity === null ? 'no-cache' : 'private, no-cache')
    // Staff see more at the same address.
    .header('vary', 'authorization, cookie');
  const condition = request.headers['if-none-match'];
  if (condition === undefined || !hasAlready(condition, etag)) return reply.header('content-type', JSON_TYPE).send(body);
  // Fastify gives HEAD the length 0 where there is no payload, which would be untrue of the body that is not sent.
  return reply.code(304).send(request.method === 'HEAD' ? Readable.from([]) : undefined);
}

/**
 * Whether `If-None-Match` names the body, in the weak comparison, so that a `W/` in front does not matter. A tag of the list can only
 * be found whole: between the closing quote of one and the opening quote of the next is a comma, which base64url has not.
 */
function hasAlready(condition: string, etag: string): boolean {
  return condition.includes(etag) || condition.trim() === '*';
}
