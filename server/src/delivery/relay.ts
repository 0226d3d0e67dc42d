/**
 * The relay: makes deliveries of what the transactions left, has one lane a destination that is on, and an eye on what waits.
 *
 * It shares nothing with the payments but the database, and of that only connections of its own: a claim is a lease, no transaction is open
 * while a sink works, and a dead destination only lets its backlog grow. Any number of processes run one.
 */
import type { Executor } from '../database/database.ts';
import { LAG_WARNING_SECONDS } from './delivery.rules.ts';
import type { Backlog } from './delivery.types.ts';
import type { Destination } from './destination.types.ts';
import { createBreaker } from './relay.breaker.ts';
import { type Lane, startLane } from './relay.lane.ts';
import type { RelayMetrics } from './relay.metrics.ts';
import { type AttemptResult, readBacklog } from './relay.repository.ts';
import { startSpread } from './relay.spread.ts';
import type { WatchAttempt } from './relay.watch.ts';
import type { Sink } from './sinks/sink.ts';

export interface Relay {
  /** There may be new events in the outbox. */
  newEvents(): void;
  /** There may be deliveries due. */
  newDeliveries(): void;
  /** Makes deliveries of what is in the outbox, up to a bound, whether a destination takes them or not. Never rejects: it is for those who read. */
  spread(): Promise<void>;
  /** Ends after the deliveries under way. */
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly database: Executor;
  /** Of the events: the server's public address, or a name. */
  readonly source: string;
  readonly destinations: {
    current(): readonly Destination[];
    onChange(listener: () => void): void;
    gone(destination: Destination): Promise<void>;
  };
  readonly createSink: (destination: Destination) => Sink;
  readonly retryMs: readonly number[];
  readonly clockOffsetMs: () => number;
  readonly metrics: RelayMetrics;
  /** Follows attempts from their beginning; null where nobody does. */
  readonly watchAttempt: WatchAttempt | null;
  /** Hears of each attempt; null where nobody does. */
  readonly onAttempt: ((destination: string, result: AttemptResult) => void) | null;
  readonly onLag: (backlog: Backlog) => void;
  readonly onError: (error: unknown, destination?: string) => void;
}

const BACKLOG_EVERY_MS = 10_000;
const PAUSE_MAX_MS = 60_000;

export function startRelay(options: RelayOptions): Relay {
  const { database, destinations, clockOffsetMs, metrics, onLag, onError } = options;
  /** By name, with the version of the destination that the lane serves. */
  const lanes = new Map<string, { readonly lane: Lane; readonly version: number }>();
  const ending = new Set<Promise<void>>();
  let stopped = false;

  const end = ({ lane }: { readonly lane: Lane }): void => {
    const over = lane.stop().catch(onError);
    ending.add(over);
    void over.finally(() => ending.delete(over));
  };

  const newDeliveries = (): void => {
    for (const { lane } of lanes.values()) lane.wake();
  };
  const spread = startSpread({
    database,
    isWanted: () => [...lanes.values()].some(({ lane }) => lane.appetite.isHungry()),
    onSpread: (deliveries) => {
      for (const { lane } of lanes.values()) lane.appetite.offered(deliveries);
      newDeliveries();
    },
    onError,
  });

  const follow = (): void => {
    if (stopped) return;
    const wanted = new Map(destinations.current().flatMap((one) => (one.enabled ? [[one.name, one]] : [])));
    for (const [name, served] of lanes) {
      if (wanted.get(name)?.updatedAt.getTime() === served.version) continue;
      lanes.delete(name);
      end(served);
    }
    for (const [name, destination] of wanted) {
      if (lanes.has(name)) continue;
      try {
        lanes.set(name, { lane: openLane(options, destination, spread.wake), version: destination.updatedAt.getTime() });
      } catch (error) {
        // What no sink can be made of, as of a kind that a newer server knows, is in nobody else's way.
        onError(error, name);
      }
    }
  };

  const look = async (): Promise<void> => {
    const backlog = await readBacklog(database, clockOffsetMs());
    metrics.waiting(backlog);
    for (const of of backlog) if (of.lagSeconds > LAG_WARNING_SECONDS) onLag(of);
  };

  destinations.onChange(follow);
  follow();
  const looking = setInterval(() => void look().catch(onError), BACKLOG_EVERY_MS);
  return {
    newEvents: spread.wake,
    newDeliveries,
    spread: spread.now,
    stop: async () => {
      stopped = true;
      clearInterval(looking);
      await spread.stop();
      for (const served of lanes.values()) end(served);
      lanes.clear();
      await Promise.all(ending);
    },
  };
}

function openLane(options: RelayOptions, destination: Destination, onHungry: () => void): Lane {
  const { destinations, retryMs, onError } = options;
  const firstMs = Math.max(...retryMs.slice(0, 1), 1);
  const lane = startLane({
    ...options,
    destination: destination.name,
    sink: options.createSink(destination),
    breaker: createBreaker({ firstMs: Math.min(firstMs, PAUSE_MAX_MS), longestMs: Math.min(Math.max(...retryMs, 1), PAUSE_MAX_MS) }),
    onGone: () => void destinations.gone(destination).catch(onError),
    onHungry,
    onError: (error) => onError(error, destination.name),
  });
  lane.wake();
  return lane;
}
