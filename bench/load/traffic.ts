/** What a load consists of: clients that each send one request after the other. */
import type { Answer } from './connection.ts';

/** One client of a closed loop; an open loop uses it as a source of requests. */
export interface Client {
  /** The whole text of the next request. */
  next(): string;
  /** Hears of its answer; for a client whose next request depends on it. */
  answered?(answer: Answer): void;
}

/** A kind of load. */
export interface Traffic {
  client(index: number): Client;
  /** Prepares the next `requests` requests, outside of what is measured. */
  prepare?(requests: number): Promise<void>;
}

/** What came of a load over `seconds`. */
export interface Outcome {
  readonly seconds: number;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** From the request, or from its intended start, to its answer; milliseconds, ascending. */
  readonly latenciesMs: Float64Array;
}

/** How many answers had one of the statuses. */
export function countOf({ statuses }: Outcome, isCounted: (status: number) => boolean): number {
  let count = 0;
  for (const [status, answers] of statuses) if (isCounted(status)) count += answers;
  return count;
}

/** The value that `share` of the latencies do not exceed; NaN where there are none. */
export function percentile({ latenciesMs }: Outcome, share: number): number {
  return latenciesMs[Math.max(0, Math.ceil(latenciesMs.length * share) - 1)] ?? Number.NaN;
}
