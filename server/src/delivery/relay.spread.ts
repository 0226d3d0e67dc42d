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
  /** Makes deliveries of the oldest 2,000 events there are, whoever wants them: for those who look at deliveries. They see what there is where it fails. */
  readonly now: () => Promise<void>;
  /** Ends after the work under way. */
  stop(): Promise<void>;
}

const EVENTS_AT_ONCE = 2000;
/** Batches that follow one another closely are made into deliveries together; the first of them at once. */
const GATHER_MS = 20;
const TRICKLE_EVENTS = 200;
const TRICKLE_EVERY_MS = 500;

export function startSpread({ database, isWanted, onSpread, onError }: SpreadOptions): Spread {
  let spreadAt = -Infinity;
  let again: NodeJS.Timeout | undefined;

  const spread = async (eventsMax: number): Promise<boolean> => {
    spreadAt = performance.now();
    const { events, isMore } = await spreadBatches(database, eventsMax);
    if (events > 0) onSpread(events);
    return isMore;
  };

  // Timers count whole milliseconds and may come a little early: the work itself looks at the time, and asks for another one.
  const putOff = (ms: number): void => {
    clearTimeout(again);
    again = setTimeout(pulse.wake, Math.ceil(ms));
  };

  const work = async (): Promise<boolean> => {
    const isTrickle = !isWanted();
    const restMs = spreadAt + (isTrickle ? TRICKLE_EVERY_MS : GATHER_MS) - performance.now();
    if (restMs > 0) {
      putOff(restMs);
      return false;
    }
    if (isTrickle) {
      await spread(TRICKLE_EVENTS);
      return false;
    }
    const isMore = await spread(EVENTS_AT_ONCE);
    if (isMore) spreadAt = -Infinity;
    return isMore && isWanted();
  };
  const pulse = createPulse(work, { everyMs: TRICKLE_EVERY_MS, onError });

  return {
    wake: pulse.wake,
    now: async () => {
      await spread(EVENTS_AT_ONCE).catch(onError);
    },
    stop: async () => {
      await pulse.stop();
      clearTimeout(again);
    },
  };
}
