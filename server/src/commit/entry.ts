/** A command on its way through a queue: its caller waits for it to be settled, once. */
import { overloaded, ProblemError, RETRY_AFTER_SECONDS, type Refusal } from '../kernel/errors.ts';
import type { Job, Verdict } from './batch.ts';
import type { CommitMetrics } from './commit.metrics.ts';
import type { Answer, WriteKey } from './commit.types.ts';

export interface Entry<Command> extends Job<Command> {
  /** Milliseconds of `performance.now`. */
  readonly arrivedAt: number;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: unknown) => void;
}

/** Makes an entry and the answer that its caller waits for; `release`, if any, is called before the caller hears of it. */
export function createEntry<Command>(
  command: Command,
  key: WriteKey | null,
  release: (() => void) | null,
  origin: unknown,
): { readonly entry: Entry<Command>; readonly answer: Promise<Answer | Refusal> } {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Answer | Refusal>();
  const fail = (error: unknown): void => {
    release?.();
    reject(error);
  };
  const settle = (verdict: Verdict): void => {
    if (verdict instanceof ProblemError) return fail(verdict);
    release?.();
    resolve(verdict);
  };
  return { entry: { command, key, arrivedAt: performance.now(), origin, settle, fail }, answer };
}

/** Turns entries away before anything happened to them; counted by `reason`. */
export type Overload<Command> = (entries: readonly Entry<Command>[], reason: string) => void;

export function createOverload<Command>(queue: string, metrics: CommitMetrics): Overload<Command> {
  return (entries, reason) => {
    if (entries.length === 0) return;
    metrics.overloaded.inc({ queue, reason }, entries.length);
    for (const entry of entries) entry.fail(overloaded());
  };
}

/** Tells callers that nobody knows what became of their commands. */
export function failUnknown<Command>(entries: readonly Entry<Command>[]): void {
  for (const entry of entries) entry.fail(new ProblemError('OUTCOME_UNKNOWN', {}, RETRY_AFTER_SECONDS));
}
