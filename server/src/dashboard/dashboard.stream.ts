/** Server-sent events: one text a second, made once and shared by everyone who listens. */
import { Readable } from 'node:stream';

export interface Broadcast {
  /** A new listener's stream; null where there are as many as there may be. */
  listen(): Readable | null;
  /** Ends all streams, and those that are asked for later at once. */
  close(): void;
}

interface Listener {
  readonly stream: Readable;
  readonly since: number;
  /** Whether it has taken what it got before. */
  isReady: boolean;
  /** Milliseconds of `performance.now`. */
  readyAt: number;
}

const EVERY_MS = 1000;
/** A line that says nothing, where there is nothing to say or nothing to be had yet, so that nobody in between takes the connection for dead. */
const HEARTBEAT = ': still here\n\n';
/** Of the browser, before it asks again when a stream has ended. */
const RETRY = 'retry: 2000\n\n';
/** Browsers ask again by themselves: so who has lost the right to listen stops within this time. */
const LIFETIME_MS = 10 * 60_000;
/** Who takes nothing for so long is gone. */
const STALLED_MS = 60_000;

function createListener(): Listener {
  const now = performance.now();
  const read = (): void => {
    listener.isReady = true;
    listener.readyAt = performance.now();
  };
  const listener: Listener = { stream: new Readable({ read }), since: now, isReady: true, readyAt: now };
  return listener;
}

/** A snapshot replaces the one before: who has not taken that one gets none until it has. */
function give(listener: Listener, text: string): void {
  if (listener.isReady) listener.isReady = listener.stream.push(text);
}

function heartbeatFor(error: unknown, onError: (error: unknown) => void): string {
  onError(error);
  return HEARTBEAT;
}

/** @param next what everyone gets now; where it fails, and every second while it takes longer than that, they get a heartbeat. */
export function createBroadcast(options: {
  readonly event: string;
  readonly next: () => Promise<object>;
  readonly listenersMax: number;
  readonly onError: (error: unknown) => void;
}): Broadcast {
  const { event, next, listenersMax, onError } = options;
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let isTelling = false;
  let isClosed = false;

  const leave = (listener: Listener): void => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  const end = (listener: Listener): void => {
    leave(listener);
    listener.stream.push(null);
  };

  const tell = async (to: Iterable<Listener>): Promise<void> => {
    const text = await next().then(
      (snapshot) => `event: ${event}\ndata: ${JSON.stringify(snapshot)}\n\n`,
      (error: unknown) => heartbeatFor(error, onError),
    );
    for (const listener of to) if (listeners.has(listener)) give(listener, text);
  };

  const tick = async (): Promise<void> => {
    const now = performance.now();
    for (const listener of listeners) {
      if (!listener.isReady && now - listener.readyAt > STALLED_MS) listener.stream.destroy();
      else if (now - listener.since > LIFETIME_MS) end(listener);
    }
    if (isTelling) for (const listener of listeners) give(listener, HEARTBEAT);
    if (isTelling) return;
    isTelling = true;
    await tell(listeners);
    isTelling = false;
  };

  return {
    listen: () => {
      if (listeners.size >= listenersMax) return null;
      const listener = createListener();
      const { stream } = listener;
      if (isClosed) {
        stream.push(null);
        return stream;
      }
      listeners.add(listener);
      stream.once('close', () => leave(listener)).push(RETRY);
      void tell([listener]);
      timer ??= setInterval(() => void tick(), EVERY_MS);
      return stream;
    },
    close: () => {
      isClosed = true;
      for (const listener of listeners) end(listener);
    },
  };
}
