/** Paces the reads of a figure: however many look, and however large the shop is, it takes a bounded share of one connection. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a figure is given out before it is read anew; a little less than the second between two snapshots. */
const FRESH_MS = 900;
/** A figure that takes long is read as much less often: no figure reads for more than a tenth of the time. */
const REST_FACTOR = 10;
/** How long a snapshot waits for a read where it has an earlier figure to show. */
const PATIENCE_MS = 250;

/**
 * Gives the figure that `read` reads: the one in memory while it is fresh, and the earlier one while a new one takes long or cannot be had.
 * All who ask share one read. A read that fails took its time all the same, so it is rested after like any other; where there is no earlier figure
 * its error is given meanwhile.
 */
export function paced<T>(read: () => Promise<T>, nowMs: () => number = () => performance.now()): () => Promise<T> {
  let kept: { readonly value: T } | null = null;
  /** The read under way, or the one before. */
  let last: Promise<T> | null = null;
  let isReading = false;
  let restsUntilMs = 0;

  const start = async (): Promise<T> => {
    const startedAtMs = nowMs();
    isReading = true;
    try {
      const value = await read();
      kept = { value };
      return value;
    } finally {
      restsUntilMs = startedAtMs + Math.max(FRESH_MS, REST_FACTOR * (nowMs() - startedAtMs));
      isReading = false;
    }
  };

  return async () => {
    if (last === null || (!isReading && nowMs() >= restsUntilMs)) last = start();
    if (kept === null) return last;
    const { value } = kept;
    if (!isReading) return value;
    return Promise.race([last.catch(() => value), sleep(PATIENCE_MS, value, { ref: false })]);
  };
}
