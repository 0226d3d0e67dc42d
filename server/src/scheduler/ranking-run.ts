/** The ranking that is due: made once for all processes, and made by another one, or again, where that fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor } from '../database/database.ts';
import { isNoted, noteRun } from './schedule.repository.ts';

/** With their pauses half an hour: as long as an outage may take whose end should not be waited for until tomorrow. */
const TRIES = 20;
/** Longer than a report may take, so that nobody makes one that another process is still at. */
const PAUSE_MS = 90_000;
const DONE = 'ranking done';

/**
 * Gives what has the ranking of a minute made. All processes call it: one claims each try, and whoever has not claimed it looks after a pause
 * whether it was done, so that neither a failure nor the end of a process loses the ranking. It never rejects.
 */
export function createRankingRun(options: {
  readonly database: Executor;
  readonly refresh: () => Promise<unknown>;
  /** Ends the tries, and a pause between them. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  readonly pauseMs?: number;
}): (minute: Date) => Promise<void> {
  const { database, refresh, signal, onError, pauseMs = PAUSE_MS } = options;

  /** Gives whether the ranking is made. */
  const tryOnce = async (attempt: number, minute: Date): Promise<boolean> => {
    if (await isNoted(database, DONE, minute)) return true;
    if (!(await noteRun(database, `ranking ${attempt}`, minute))) return false;
    await refresh();
    await noteRun(database, DONE, minute);
    return true;
  };

  return async (minute) => {
    for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt += 1) {
      try {
        if (await tryOnce(attempt, minute)) return;
      } catch (error) {
        onError(error);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };
}
