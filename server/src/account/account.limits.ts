/** What keeps password checks from being used against the server or its users: a bounded queue for hashing, and bounded attempts. */
import ipaddr from 'ipaddr.js';
import { overloaded, ProblemError } from '../kernel/errors.ts';

/** Runs a few pieces of work at once; the others wait, each behind those of its own key, while the keys take turns. */
export interface Gate {
  /** @throws 503 `OVERLOADED` where there is no room to wait, before `work` has begun. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Someone who waits: let in, or turned away. */
interface Waiter {
  readonly enter: () => void;
  readonly leave: (error: Error) => void;
}

/**
 * Makes a gate that `concurrency` pieces of work pass at once, while at most `queue` wait. Where there is no room for one more, the key with
 * the longest line loses its last: whoever sends many fills the room for themselves and for nobody else.
 */
export function createGate({ concurrency, queue }: { concurrency: number; queue: number }): Gate {
  // A Map keeps its keys in the order of insertion: the first one is the one whose turn it is.
  const lines = new Map<string, Waiter[]>();
  let waiting = 0;
  let running = 0;

  function takeNext(): Waiter | undefined {
    for (const [key, line] of lines) {
      const next = line.shift();
      lines.delete(key);
      if (line.length > 0) lines.set(key, line);
      waiting -= 1;
      return next;
    }
    return undefined;
  }

  /** @throws 503 `OVERLOADED` where no other line is longer than the key's own would be. */
  function makeRoom(key: string): void {
    const longest = [...lines.values()].reduce((most, line) => (line.length > most.length ? line : most), []);
    if (longest.length <= (lines.get(key)?.length ?? 0) + 1) throw overloaded();
    waiting -= 1;
    longest.pop()?.leave(overloaded());
  }

  function waitForTurn(key: string): Promise<void> {
    if (waiting >= queue) makeRoom(key);
    return new Promise<void>((enter, leave) => {
      const line = lines.get(key) ?? [];
      line.push({ enter, leave });
      lines.set(key, line);
      waiting += 1;
    });
  }

  return {
    run: async (key, work) => {
      // Whoever leaves hands its place over, so that `running` stays as it is.
      if (running >= concurrency) await waitForTurn(key);
      else running += 1;
      try {
        return await work();
      } finally {
        const next = takeNext();
        if (next === undefined) running -= 1;
        else next.enter();
      }
    },
  };
}

/** What one client has of the Internet: an address of IPv4, or a network of 64 bits of IPv6, whose addresses are all its own. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** Counts attempts by key in windows of a minute that begin with the first attempt. */
export interface AttemptLimiter {
  /** @throws 429 `RATE_LIMITED` where the key has no attempt left in its window. */
  check(key: string): void;
  /** Checks, and takes one attempt. */
  take(key: string): void;
  /** Gives the key one attempt back. */
  giveBack(key: string): void;
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
    giveBack: (key) => {
      const window = liveWindow(key);
      if (window !== undefined) window.attempts -= 1;
    },
    forget: (key) => {
      windows.delete(key);
    },
  };
}
