/** Work that is done again and again: when asked for, after a while, and at the latest every so often; never twice at once. */

export interface Pulse {
  /** Asks for the work now; during a run, for another one right behind it. */
  readonly wake: () => void;
  readonly wakeIn: (ms: number) => void;
  readonly isStopped: boolean;
  /** No more runs begin; resolves after the one under way. */
  stop(): Promise<void>;
}

const PAUSE_AFTER_ERROR_MS = 500;
/** What a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** @param work gives whether there is more to do at once. */
export function createPulse(
  work: () => Promise<boolean>,
  { everyMs, onError }: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): Pulse {
  const timers = new Set<NodeJS.Timeout>();
  let running: Promise<void> | null = null;
  let isAsked = false;
  const stopping = new AbortController();

  const run = async (): Promise<void> => {
    do {
      isAsked = false;
      if (await work()) isAsked = true;
      await new Promise(setImmediate);
    } while (isAsked && !stopping.signal.aborted);
  };

  const wake = (): void => {
    isAsked = true;
    if (running !== null || stopping.signal.aborted) return;
    running = run()
      .catch((error: unknown) => {
        isAsked = false;
        onError(error);
        wakeIn(PAUSE_AFTER_ERROR_MS);
      })
      .finally(() => {
        running = null;
        if (isAsked) wake();
      });
  };

  const wakeIn = (ms: number): void => {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        wake();
      },
      Math.min(ms, TIMER_MAX_MS),
    );
    timers.add(timer);
  };

  const every = setInterval(wake, everyMs);
  return {
    wake,
    wakeIn,
    get isStopped() {
      return stopping.signal.aborted;
    },
    stop: async () => {
      stopping.abort();
      clearInterval(every);
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}
