/**
 * Makes deliveries of what the transactions left in the outbox: as fast as some destination takes them, otherwise at a trickle. So what waits
 * for a destination that is slow or dead waits in the batches, where it costs those who buy the least; the oldest of it is there to be seen.
 */
import { performance } from 'node:perf_hooks';
import type { Executor } from '../database/database.ts';
import { spreadBatches } from './outbox.repository.ts';
import { createPulse } from './relay.pulse.ts';

export interface SpreadOptions {
  readonly database: Executor;
  /** Whether a destination will soon have taken all there is for it. */
  readonly isWanted: () => boolean;
  /** There are new deliveries, so many or fewer to each destination. */
  readonly onSpread: (deliveries: number) => void;
  readonly onError: (error: unknown) => void;
}

export interface Spread {
  /** There may be something in the outbox. */
  readonly wake: () => void;
  /** Makes deliveries of the oldest 2,000 events there are, whoever wants them: for those who look at deliveries. */
  readonly now: () => Promise<void>;
  /** Ends after the work under way. */
  stop(): Promise<void>;
}

const EVENTS_AT_ONCE = 2000;
const TRICKLE_EVENTS = 200;
const TRICKLE_EVERY_MS = 500;

export function startSpread({ database, isWanted, onSpread, onError }: SpreadOptions): Spread {
  let trickledAt = -Infinity;
  let looking: Promise<void> | null = null;

  const spread = async (eventsMax: number): Promise<boolean> => {
    const { events, isMore } = await spreadBatches(database, eventsMax);
    if (events > 0) onSpread(events);
    return isMore;
  };

  const work = async (): Promise<boolean> => {
    if (isWanted()) return (await spread(EVENTS_AT_ONCE)) && isWanted();
    const now = performance.now();
    if (now - trickledAt < TRICKLE_EVERY_MS) return false;
    trickledAt = now;
    await spread(TRICKLE_EVENTS);
    return false;
  };
  const pulse = createPulse(work, { everyMs: TRICKLE_EVERY_MS, onError });

  return {
    wake: pulse.wake,
    now: () => {
      looking ??= spread(EVENTS_AT_ONCE)
        .then(() => undefined)
        .finally(() => {
          looking = null;
        });
      return looking;
    },
    stop: () => pulse.stop(),
  };
}
