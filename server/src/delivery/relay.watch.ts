/** Who follows attempts to deliver. Where nobody does, nothing is made and nothing is called. */
import type { AttemptResult, Claim } from './relay.repository.ts';

/** An attempt that is followed. */
export interface AttemptWatch {
  /** By which the receiver may go on with the trace (W3C); null where it is not kept. */
  readonly traceparent: string | null;
  readonly ended: (result: AttemptResult) => void;
}

/** Begins to follow an attempt. */
export type WatchAttempt = (destination: string, claim: Claim) => AttemptWatch;
