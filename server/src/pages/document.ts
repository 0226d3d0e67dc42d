/** Documents that are served as they are: made once, with their compressed form, and revalidated by their ETag. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A body that every request gets alike. */
export interface Document {
  /** Its media type. */
  readonly type: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  /** Weak, because the two forms share it (RFC 9110, section 8.8.1). */
  readonly etag: string;
}

export function makeDocument(type: string, text: string): Document {
  const plain = Buffer.from(text);
  return documentOf(type, plain, gzipSync(plain));
}

export function documentOf(type: string, plain: Buffer, gzip: Buffer): Document {
  return { type, plain, gzip, etag: `W/"${createHash('sha256').update(plain).digest('base64url')}"` };
}

/** Answers with the document, or with 304 where the client has it already. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const { headers } = request;
  void reply.header('etag', document.etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
  if (headers['if-none-match']?.includes(document.etag) === true) return reply.code(304).send();
  void reply.header('content-type', document.type);
  if (!takesGzip(headers['accept-encoding'])) return reply.send(document.plain);
  return reply.header('content-encoding', 'gzip').send(document.gzip);
}

function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  const codings = [acceptEncoding ?? []].flat().join(',').toLowerCase().split(',');
  return codings.some((coding) => /^\s*gzip\s*(;\s*q=(1|0\.\d*[1-9]).*)?$/.test(coding));
}
