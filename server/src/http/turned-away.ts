/** Says in the log how many were turned away, once a second: a line for each would cost more than turning it away. */
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

export interface TurnedAway {
  /** Counts one answer `OVERLOADED`. */
  count(): void;
}

const EVERY_MS = 1000;

/** Counts for the log and for `/metrics`. */
export function createTurnedAway(logger: Logger, registry: Registry): TurnedAway {
  const counter = new Counter({
    name: 'openrun_turned_away_total',
    help: 'Requests that this process answered with 503 OVERLOADED',
    registers: [registry],
  });
  let untold = 0;
  const tell = (): void => {
    logger.warn({ requests: untold }, 'turned away: more than this server can take');
    untold = 0;
  };
  return {
    count: () => {
      counter.inc();
      untold += 1;
      if (untold === 1) setTimeout(tell, EVERY_MS).unref();
    },
  };
}
