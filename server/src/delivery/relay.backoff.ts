/** When a failed delivery is tried again. Pure. */

const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * Milliseconds until the attempt after `attempts` ones, with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): anywhere up to the
 * schedule's delay, but not before the receiver's own `Retry-After`, as far as that is sane. null: there is no further attempt.
 *
 * @param random between 0 and 1.
 */
export function retryInMs(retryMs: readonly number[], attempts: number, retryAfterMs: number | null, random: number): number | null {
  const delay = retryMs[attempts - 1];
  if (delay === undefined) return null;
  return Math.max(Math.round(delay * random), Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
}
