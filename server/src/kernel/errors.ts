/**
 * Refusals: the expected ways in which a request is turned down.
 *
 * A refusal is a value that a rule returns; {@link ProblemError} is the same thing thrown, for the places
 * that have no value to return (parsing, authentication, overload). Both carry a code of the catalogue,
 * which every feature fills with its own slice (`coupon.errors.ts` and so on).
 */
import type { TSchema } from 'typebox';

/** One text in the two languages of the wire. */
interface Localized {
  readonly en: string;
  readonly ko: string;
}

/** What a code means: its HTTP status, and the title and detail of its problem document (RFC 9457). */
interface ProblemDefinition {
  readonly status: number;
  readonly title: Localized;
  readonly detail: Localized;
  /** The members that its problem document has beside those of all, as JSON Schemas by their names. */
  readonly members?: Readonly<Record<string, TSchema>>;
}

/** A feature's slice of the catalogue, keyed by the stable code. */
export type ProblemCatalogue<Code extends string = string> = Readonly<Record<Code, ProblemDefinition>>;

/** Extra members of a problem document, such as `available` of `OUT_OF_STOCK`. */
export type ProblemExtras = Readonly<Record<string, unknown>>;

/** An expected refusal as a value. */
export class Refusal<Code extends string = string> {
  readonly code: Code;
  readonly extras: ProblemExtras;

  constructor(code: Code, extras: ProblemExtras = {}) {
    this.code = code;
    this.extras = extras;
  }
}

/** Builds the refusal of `code`, with the extra members that its problem document shows. */
export function refuse<Code extends string>(code: Code, extras?: ProblemExtras): Refusal<Code> {
  return new Refusal(code, extras);
}

/** A refusal thrown where no value can be returned; `retryAfterSeconds` becomes the `Retry-After` header. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly extras: ProblemExtras;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, extras: ProblemExtras = {}, retryAfterSeconds?: number) {
    super(code);
    this.code = code;
    this.extras = extras;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What a client that was turned away is told to wait. */
export const RETRY_AFTER_SECONDS = 1;

/** 503 `OVERLOADED`: turned away before anything happened. */
export function overloaded(): ProblemError {
  return new ProblemError('OVERLOADED', {}, RETRY_AFTER_SECONDS);
}

/** One violated field of a request; `path` is a JSON pointer into it, such as `/lines/0/quantity`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The thrown form of 400 `VALIDATION_FAILED`. */
export function validationFailed(errors: readonly FieldError[]): ProblemError {
  return new ProblemError('VALIDATION_FAILED', { errors });
}
