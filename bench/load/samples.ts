/** Collects the answers of a load. */
import type { Outcome } from './traffic.ts';

const FIRST_CAPACITY = 65_536;

export interface Samples {
  add(status: number, latencyMs: number): void;
  outcome(seconds: number): Outcome;
}

export function createSamples(): Samples {
  let latenciesMs = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  const statuses = new Map<number, number>();
  return {
    add: (status, latencyMs) => {
      if (length === latenciesMs.length) {
        const larger = new Float64Array(length * 2);
        larger.set(latenciesMs);
        latenciesMs = larger;
      }
      latenciesMs[length] = latencyMs;
      length += 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    },
    outcome: (seconds) => ({ seconds, statuses, latenciesMs: latenciesMs.slice(0, length).toSorted() }),
  };
}
