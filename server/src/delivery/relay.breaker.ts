/**
 * The circuit breaker of one destination (M. Nygard, "Release It!"): after many failures in a row nothing is sent for a while, then one delivery
 * is sent to try. A dead destination so costs neither work nor the attempts of what waits for it.
 */

export interface Breaker {
  /** How many deliveries may be begun at `now`, of `room`, while `outstanding` are under way. */
  allowed(now: number, room: number, outstanding: number): number;
  /** Whether nothing holds deliveries back. */
  isClosed(): boolean;
  succeeded(): void;
  failed(now: number): void;
}

const FAILURES_MAX = 10;

/** @param pauses the first pause, and the longest; each is twice the one before. */
export function createBreaker(pauses: { readonly firstMs: number; readonly longestMs: number }): Breaker {
  let failures = 0;
  let pauseMs = pauses.firstMs;
  let until: number | null = null;
  return {
    allowed: (now, room, outstanding) => {
      if (until === null) return room;
      return now >= until && outstanding === 0 ? Math.min(room, 1) : 0;
    },
    isClosed: () => until === null,
    succeeded: () => {
      failures = 0;
      pauseMs = pauses.firstMs;
      until = null;
    },
    failed: (now) => {
      failures += 1;
      if (failures < FAILURES_MAX) return;
      // Those that were under way when the circuit opened tell nothing new.
      if (until !== null && now < until) return;
      until = now + pauseMs;
      pauseMs = Math.min(pauseMs * 2, pauses.longestMs);
    },
  };
}
