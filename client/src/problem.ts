/** Refusals of the API, and its silence, as one kind of error. */
import type { components } from './schema.gen.ts';

/** What a refusal's body says (RFC 9457). Its `code` tells its other members: `OUT_OF_STOCK` has `available`, and so on. */
export type ProblemDocument = components['schemas']['Problem'];

/**
 * Why a call failed: the codes of the API; `NO_ANSWER`, with the status 0, where nothing came that could be read; `UNREADABLE` where a
 * refusal is not the API's, but a gateway's, say. A server that is newer than this client may have codes that are not listed here.
 */
export type ProblemCode = ProblemDocument['code'] | 'NO_ANSWER' | 'UNREADABLE';

/** A call that the API refused, or did not answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  /** Of the answer; 0 where none came. */
  readonly status: number;
  /** The refusal as it came; null where none did. */
  readonly document: ProblemDocument | null;
  /** When the server asks to come again. */
  readonly retryAfterSeconds: number | null;
  /** By which the server's log knows the request. */
  readonly requestId: string | null;

  /** `response` and what its body says; null: no answer came, because of `cause`. */
  constructor(response: Response | null, body?: unknown, cause?: unknown) {
    const document = isDocument(body) ? body : null;
    const code = document?.code ?? (response === null ? 'NO_ANSWER' : 'UNREADABLE');
    super(document === null ? code : `${code}: ${document.title}`, { cause });
    this.code = code;
    this.status = response?.status ?? 0;
    this.document = document;
    this.retryAfterSeconds = retryAfterSeconds(response);
    this.requestId = response?.headers.get('x-request-id') ?? null;
  }

  /** Whether the call may have had an effect that nobody heard of. */
  get isOpen(): boolean {
    return this.status < 400 || this.status >= 500;
  }
}

/** As far as the server's word is worth checking: the rest is as the generated types have it. */
function isDocument(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}

/** `Retry-After`, be it a number of seconds or a time. */
export function retryAfterSeconds(response: Response | null): number | null {
  const said = response?.headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(said) ? Number(said) : Math.ceil((Date.parse(said) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
