/** What the relay needs of a kind of destination. A new kind is one file that makes a {@link Sink}, and a line in `sinks.ts`. */
import type { EventType } from '../event.types.ts';

/** An event on its way out. */
export interface Message {
  /** The same in every attempt and replay: what receivers recognise duplicates by. */
  readonly id: string;
  readonly type: EventType;
  /** Events with one key are sent one after the other; null: in any order. */
  readonly orderId: string | null;
  /** The CloudEvent, as JSON. */
  readonly body: string;
  /** By which the receiver may go on with the trace of the event (W3C); null where it is not kept. */
  readonly traceparent: string | null;
}

/** How an attempt went. */
export type Sent =
  | { readonly outcome: 'delivered'; readonly statusCode: number | null; readonly answer: string | null }
  | {
      readonly outcome: 'failed';
      readonly error: string;
      readonly statusCode: number | null;
      readonly answer: string | null;
      /** What the receiver asked for, in milliseconds. */
      readonly retryAfterMs: number | null;
      /** Whether the destination itself is in trouble, rather than this one event. */
      readonly isAway: boolean;
      /** Whether the destination said that it is gone for good. */
      readonly isGone: boolean;
    };

export interface Sink {
  /** Deliveries that may be under way at once. */
  readonly concurrency: number;
  /** Resolves with how it went; what it throws is a failure of that event alone. */
  send(message: Message, signal: AbortSignal): Promise<Sent>;
  close(): Promise<void>;
}

const ANSWER_LENGTH_MAX = 500;

/** As much of an answer as is kept: what PostgreSQL can store of its beginning. */
export function cut(text: string): string {
  return text.slice(0, ANSWER_LENGTH_MAX).toWellFormed().replaceAll('\0', '\ufffd');
}

/** A failure of the destination, told by an error. */
export function away(error: unknown): Sent {
  // Of a host with several addresses, what each of them said.
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const message = errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  return { outcome: 'failed', error: cut(message), statusCode: null, answer: null, retryAfterMs: null, isAway: true, isGone: false };
}
