/** What keeps password checks from being used against the server or its users: a bounded queue for hashing, and bounded attempts. */
import { ProblemError } from '../kernel/errors.ts';

/** Runs a few pieces of work at once; the others wait in the order of arrival. */
export interface Gate {
  /** @throws 503 `OVERLOADED` where the queue is full, before `work` has begun. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

const RETRY_AFTER_SECONDS = 1;

/** Makes a gate that `concurrency` pieces of work pass at once, while at most `queue` wait. */
export function createGate({ concurrency, queue }: { concurrency: number; queue: number }): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    run: async (work) => {
      if (running < concurrency) {
        running += 1;
      } else {
        if (waiting.length >= queue) throw new ProblemError('OVERLOADED', {}, RETRY_AFTER_SECONDS);
        // Whoever leaves hands its place over, so that `running` stays as it is.
        await new Promise<void>((enter) => {
          waiting.push(enter);
        });
      }
      try {
        return await work();
      } finally {
        const enter = waiting.shift();
        if (enter === undefined) running -= 1;
        else enter();
      }
    },
  };
}

/** Counts attempts by key in windows of a minute that begin with the first attempt. */
export interface AttemptLimiter {
  /** @throws 429 `RATE_LIMITED` where the key has no attempt left in its window. */
  check(key: string): void;
  /** Checks, and takes one attempt. */
  take(key: string): void;
  /** Gives the key all its attempts back. */
  forget(key: string): void;
}

const WINDOW_MS = 60_000;

/** Makes a limiter that remembers at most `maxKeys` keys, the ones whose windows began last; `now` gives milliseconds. */
export function createAttemptLimiter(options: { perMinute: number; maxKeys: number; now: () => number }): AttemptLimiter {
  const { perMinute, maxKeys, now } = options;
  const windows = new Map<string, { readonly beganAt: number; attempts: number }>();

  function liveWindow(key: string): { readonly beganAt: number; attempts: number } | undefined {
    const window = windows.get(key);
    if (window === undefined) return undefined;
    const age = now() - window.beganAt;
    if (age >= 0 && age < WINDOW_MS) return window;
    windows.delete(key);
    return undefined;
  }

  function check(key: string): void {
    const window = liveWindow(key);
    if (window === undefined || window.attempts < perMinute) return;
    throw new ProblemError('RATE_LIMITED', {}, Math.ceil((window.beganAt + WINDOW_MS - now()) / 1000));
  }

  return {
    check,
    take: (key) => {
      check(key);
      const window = liveWindow(key);
      if (window !== undefined) {
        window.attempts += 1;
        return;
      }
      windows.set(key, { beganAt: now(), attempts: 1 });
      if (windows.size <= maxKeys) return;
      for (const oldest of windows.keys()) {
        windows.delete(oldest);
        return;
      }
    },
    forget: (key) => {
      windows.delete(key);
    },
  };
}
