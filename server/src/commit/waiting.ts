/** The line in which commands wait for their batch: first come first served, bounded in length and in time. */
import type { Entry, Overload } from './entry.ts';

export interface WaitingLine<Command> {
  /** Takes the entry in, or turns it away where the line is full; gives whether it was taken. */
  add(entry: Entry<Command>): boolean;
  /** The next entries, at most `max`, in order of arrival; those that have waited too long are turned away first. */
  take(max: number): Entry<Command>[];
  length(): number;
}

const SWEEP_MS = 250;

export function createWaitingLine<Command>(
  limits: { readonly waitingMax: number; readonly waitMs: number },
  overload: Overload<Command>,
): WaitingLine<Command> {
  let entries: Entry<Command>[] = [];
  let sweeper: NodeJS.Timeout | null = null;

  const turnAwayLate = (): void => {
    const oldest = performance.now() - limits.waitMs;
    // Entries lie in order of arrival, so the late ones are the first.
    const late = entries.findIndex((entry) => entry.arrivedAt >= oldest);
    overload(entries.splice(0, late === -1 ? entries.length : late), 'deadline');
  };

  /** Runs while anyone waits, because a lane that hangs takes nobody out of the line. */
  const sweep = (): void => {
    turnAwayLate();
    if (entries.length === 0 && sweeper !== null) {
      clearInterval(sweeper);
      sweeper = null;
    }
  };

  return {
    add: (entry) => {
      if (entries.length >= limits.waitingMax) {
        overload([entry], 'queue');
        return false;
      }
      entries.push(entry);
      sweeper ??= setInterval(sweep, SWEEP_MS).unref();
      return true;
    },
    take: (max) => {
      turnAwayLate();
      const taken = entries.slice(0, max);
      entries = entries.slice(max);
      return taken;
    },
    length: () => entries.length,
  };
}
