/**
 * The server's clock, as far as its `Date` headers tell: a header names a whole second in which the answer was made,
 * between the sending of the request and the arrival of the answer. Every answer narrows the offset down.
 */

const SECOND_MS = 1000;
/** How late a server may be to change its header at the turn of a second. */
const SLACK_MS = 60;

/** The least and the greatest offset that all answers so far allow. */
let least = Number.NEGATIVE_INFINITY;
let greatest = Number.POSITIVE_INFINITY;

/** Learns from an answer that came straight from the server, not out of a cache. */
export function learnServerTime(response: Response, sentAt: number, receivedAt: number): void {
  const named = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(named)) return;
  const low = named - receivedAt;
  const high = named + SECOND_MS + SLACK_MS - sentAt;
  const fits = low <= greatest && high >= least;
  // Where the answers contradict one another, a clock was set anew, and only the newest answer counts.
  least = fits ? Math.max(least, low) : low;
  greatest = fits ? Math.min(greatest, high) : high;
}

/** Milliseconds since 1970 by the server's clock; by this machine's own before the first answer. */
export function serverNow(): number {
  return Date.now() + (Number.isFinite(least) && Number.isFinite(greatest) ? (least + greatest) / 2 : 0);
}
