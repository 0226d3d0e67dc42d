/** Refusals of the API, and its silence, as one kind of error. */

/** What the API refused with, or `NO_ANSWER` with the status 0 where none came. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Stable, UPPER_SNAKE. */
  readonly code: string;
  /** What a field-by-field refusal says of each. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];
  readonly retryAfterSeconds: number | null;
  private readonly document: Readonly<Record<string, unknown>>;

  constructor(status: number, document: Readonly<Record<string, unknown>>, retryAfterSeconds: number | null = null) {
    super(textOf(document['title']) ?? '');
    this.status = status;
    this.code = textOf(document['code']) ?? 'UNKNOWN';
    this.fields = Array.isArray(document['errors']) ? document['errors'].flatMap(fieldOf) : [];
    this.retryAfterSeconds = retryAfterSeconds;
    this.document = document;
  }

  /** A figure that comes with the refusal, such as `available`. */
  figure(name: string): number | null {
    const value = this.document[name];
    return typeof value === 'number' ? value : null;
  }

  /** A word that comes with the refusal, such as `reason`. */
  word(name: string): string | null {
    return textOf(this.document[name]);
  }

  /** Whether the request may have had an effect that nobody heard of. */
  get isOpen(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown): { path: string; message: string }[] {
  if (!isRecord(value)) return [];
  return [{ path: textOf(value['path']) ?? '', message: textOf(value['message']) ?? '' }];
}

/** What the generated client gives for a call. */
export interface Reply<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer. @throws Problem where the API refuses or does not answer. */
export async function answerOf<T>(call: Promise<Reply<T>>): Promise<T> {
  const reply = await replyOf(call);
  if (reply.data === undefined) throw new Problem(reply.response.status, { code: 'NO_BODY' });
  return reply.data;
}

/** Waits for an answer without a body. @throws Problem */
export async function accepted(call: Promise<Reply<unknown>>): Promise<void> {
  await replyOf(call);
}

async function replyOf<T>(call: Promise<Reply<T>>): Promise<Reply<T>> {
  const reply = await call.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, { code: 'NO_ANSWER' });
  });
  if (reply.response.ok) return reply;
  const wait = Number(reply.response.headers.get('retry-after') ?? Number.NaN);
  throw new Problem(reply.response.status, isRecord(reply.error) ? reply.error : {}, Number.isFinite(wait) ? wait : null);
}
