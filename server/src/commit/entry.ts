/** A command on its way through a queue: its caller waits for it to be settled, once. */
import { ProblemError } from '../kernel/errors.ts';
import type { Job, Verdict } from './batch.ts';
import type { CommitMetrics } from './commit.metrics.ts';

export interface Entry<Command> extends Job<Command> {
  /** Milliseconds of `performance.now`. */
  readonly arrivedAt: number;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: unknown) => void;
}

/** Turns entries away before anything happened to them; counted by `reason`. */
export type Overload<Command> = (entries: readonly Entry<Command>[], reason: string) => void;

const RETRY_AFTER_SECONDS = 1;

export function createOverload<Command>(queue: string, metrics: CommitMetrics): Overload<Command> {
  return (entries, reason) => {
    if (entries.length === 0) return;
    metrics.overloaded.inc({ queue, reason }, entries.length);
    for (const entry of entries) entry.fail(new ProblemError('OVERLOADED', {}, RETRY_AFTER_SECONDS));
  };
}

/** Tells callers that nobody knows what became of their commands. */
export function failUnknown<Command>(entries: readonly Entry<Command>[]): void {
  for (const entry of entries) entry.fail(new ProblemError('OUTCOME_UNKNOWN', {}, RETRY_AFTER_SECONDS));
}
