/** How long a standby takes to replay what the primary has written, from looks that are seconds apart. */

/** A place in the log, and when it was the primary's last. */
interface Mark {
  readonly lsn: string;
  readonly atMs: number;
}

export interface LagMeter {
  /** The standby had come to `replayed`, null where it did not say, at `nowMs`, some time after the primary was at `written`. Gives the lag. */
  seen(replayed: string | null, written: Mark, nowMs: number): number;
}

export function createLagMeter(): LagMeter {
  let mark: Mark | null = null;
  let lastMs = 0;
  return {
    seen: (replayed, written, nowMs) => {
      if (replayed !== null && bytesOf(replayed) >= bytesOf(written.lsn)) {
        mark = null;
        lastMs = nowMs - written.atMs;
        return lastMs;
      }
      // One place is waited for at a time; until it is reached, the lag is what it was, or as long as that has been waited for.
      if (mark !== null && replayed !== null && bytesOf(replayed) >= bytesOf(mark.lsn)) {
        lastMs = nowMs - mark.atMs;
        mark = written;
      }
      mark ??= written;
      return Math.max(lastMs, nowMs - mark.atMs);
    },
  };
}

/** A position of the log, `16/B374D848`, as a number of bytes. */
function bytesOf(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return BigInt(`0x${high}`) * 2n ** 32n + BigInt(`0x${low}`);
}
