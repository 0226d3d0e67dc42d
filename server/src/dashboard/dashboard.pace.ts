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
 * All who ask share one read.
 */
export function paced<T>(read: () => Promise<T>, nowMs: () => number = () => performance.now()): () => Promise<T> {
  let kept: { readonly value: T; readonly freshUntilMs: number } | null = null;
  let underWay: Promise<T> | null = null;

  const start = (): Promise<T> => {
    const startedAtMs = nowMs();
    const reading = read()
      .then((value) => {
        const tookMs = nowMs() - startedAtMs;
        kept = { value, freshUntilMs: startedAtMs + Math.max(FRESH_MS, REST_FACTOR * tookMs) };
        return value;
      })
      .finally(() => {
        underWay = null;
      });
    return reading;
  };

  return async () => {
    if (kept !== null && nowMs() < kept.freshUntilMs) return kept.value;
    underWay ??= start();
    if (kept === null) return underWay;
    const { value } = kept;
    return Promise.race([underWay.catch(() => value), sleep(PATIENCE_MS, value, { ref: false })]);
  };
}
