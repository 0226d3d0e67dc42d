/**
 * Who follows commands and batches, for logs and traces. The engine tells them what happens and knows nothing of what they make of it; where
 * nobody follows, nothing is made and nothing is called.
 */
import type { OnStatement } from '../database/database.ts';

/** A command as those who follow its batch see it. */
export interface WatchedCommand {
  /** Milliseconds of `performance.now`. */
  readonly arrivedAt: number;
  /** What {@link CommitWatch.origin} gave when it was submitted. */
  readonly origin: unknown;
}

/** Follows one batch through all of its attempts. */
export interface BatchWatch {
  readonly onStatement: OnStatement;
  ended(): void;
}

/** Follows all batches of a process. */
export interface CommitWatch {
  /** Of the command that is submitted at this moment. */
  origin(): unknown;
  /** Gives by what the work that a command leaves for later goes on with its trace (W3C `traceparent`): null where that is not kept, or there are no traces at all. */
  readonly traceparentOf: ((origin: unknown) => string | null) | null;
  batch(queue: string, commands: readonly WatchedCommand[]): BatchWatch;
}

/** Hears of what took longer than it should. */
export interface SlowLog {
  /** Null: of none. */
  readonly onSlowStatement: OnStatement | null;
  /** Null: of none. */
  readonly batchMs: number | null;
  readonly onSlowBatch: (batch: SlowBatch) => void;
}

/** `statements` are the names and milliseconds of what it asked the database for, in order. */
interface SlowBatch {
  readonly queue: string;
  readonly size: number;
  readonly ms: number;
  readonly statements: readonly string[];
}

/** Both follow, where there are both. */
export function watchBoth(one: CommitWatch | null, other: CommitWatch | null): CommitWatch | null {
  if (one === null || other === null) return one ?? other;
  return {
    origin: () => one.origin() ?? other.origin(),
    traceparentOf: one.traceparentOf ?? other.traceparentOf,
    batch: (queue, commands) => {
      const watches = [one.batch(queue, commands), other.batch(queue, commands)];
      return {
        onStatement: (...ended) => {
          for (const watch of watches) watch.onStatement(...ended);
        },
        ended: () => {
          for (const watch of watches) watch.ended();
        },
      };
    },
  };
}

const STATEMENTS_KEPT = 100;

/** Follows batches for the log. Null where nothing is slow enough to be told. */
export function watchSlow({ onSlowStatement, batchMs, onSlowBatch }: SlowLog): CommitWatch | null {
  if (onSlowStatement === null && batchMs === null) return null;
  return {
    origin: () => null,
    traceparentOf: null,
    batch: (queue, { length: size }) => {
      const startedAt = performance.now();
      const statements: string[] = [];
      return {
        onStatement: (name, startedAtMs, endedAtMs, error) => {
          if (statements.length < STATEMENTS_KEPT) statements.push(`${name} ${Math.round(endedAtMs - startedAtMs)}`);
          onSlowStatement?.(name, startedAtMs, endedAtMs, error);
        },
        ended: () => {
          const ms = Math.round(performance.now() - startedAt);
          if (batchMs !== null && ms >= batchMs) onSlowBatch({ queue, size, ms, statements });
        },
      };
    },
  };
}
