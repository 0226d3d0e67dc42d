/**
 * The lane of one destination: takes its due deliveries, keeps as many under way as the sink allows, and writes what came of them.
 *
 * Results are written together, so the faster a destination answers, the fewer statements a delivery takes. No transaction is open
 * while the sink works.
 */
import { performance } from 'node:perf_hooks';
import type { Executor } from '../database/database.ts';
import { type Appetite, createAppetite } from './relay.appetite.ts';
import { type AttemptOptions, attempt } from './relay.attempt.ts';
import type { Breaker } from './relay.breaker.ts';
import type { RelayMetrics } from './relay.metrics.ts';
import { createPulse } from './relay.pulse.ts';
import { type AttemptResult, type Claim, claimDue, releaseClaims, settleAttempts } from './relay.repository.ts';
import type { WatchAttempt } from './relay.watch.ts';
import type { Sent, Sink } from './sinks/sink.ts';

export interface Lane {
  /** Looks for due deliveries now. */
  readonly wake: () => void;
  readonly appetite: Appetite;
  /** Ends after the deliveries under way. */
  stop(): Promise<void>;
}

export interface LaneOptions extends Omit<AttemptOptions, 'impatience'> {
  readonly database: Executor;
  readonly destination: string;
  readonly clockOffsetMs: () => number;
  readonly breaker: Breaker;
  readonly metrics: RelayMetrics;
  readonly watchAttempt: WatchAttempt | null;
  readonly onAttempt: ((destination: string, result: AttemptResult) => void) | null;
  readonly onGone: () => void;
  /** It will soon have taken all that there is for it. */
  readonly onHungry: () => void;
  readonly onError: (error: unknown) => void;
}

/** Longer than an attempt may take, so that a living relay never loses what it works on; a dead one's are taken over after it. */
const LEASE_MS = 20_000;
const POLL_MS = 500;
const STOP_PATIENCE_MS = 3000;
/** Results wait this long for others to be written with. */
const GATHER_MS = 2;

export function startLane(options: LaneOptions): Lane {
  const { database, destination, sink, breaker, metrics, clockOffsetMs } = options;
  let finished: AttemptResult[] = [];
  /** Claims whose results are not written yet. */
  let outstanding = 0;
  const underWay = new Set<Promise<void>>();
  const appetite = createAppetite(sink, breaker);
  const breakOff = new AbortController();

  const deliver = async (claim: Claim): Promise<void> => {
    const { sent, result } = await watchedAttempt(options, breakOff.signal, claim);
    finished.push(result);
    metrics.attempted(destination, sent.outcome, result.durationMs / 1000);
    options.onAttempt?.(destination, result);
    judge(sent, options);
    if (finished.length === 1) pulse.wakeIn(GATHER_MS);
  };

  const settle = async (): Promise<void> => {
    const results = finished;
    finished = [];
    try {
      await settleAttempts(database, results, clockOffsetMs());
    } catch (error) {
      // They stay outstanding, so a database that is away stops the lane rather than filling memory.
      finished = [...results, ...finished];
      throw error;
    }
    outstanding -= results.length;
    for (const { retryInMs } of results) if (retryInMs !== null && retryInMs < POLL_MS) pulse.wakeIn(retryInMs);
  };

  /** Gives whether more may be due. */
  const take = async (): Promise<boolean> => {
    const room = breaker.allowed(performance.now(), sink.concurrency - outstanding, outstanding);
    if (!isWorthAClaim(room, outstanding, sink)) return false;
    const { claims, isMore } = await claimDue(database, destination, { limit: room, leaseMs: LEASE_MS, clockOffsetMs: clockOffsetMs() });
    appetite.took(claims.length, isMore);
    if (pulse.isStopped) {
      await releaseClaims(database, claims);
      return false;
    }
    outstanding += claims.length;
    for (const claim of claims) keep(underWay, deliver(claim));
    if (appetite.isHungry()) options.onHungry();
    return isMore;
  };

  const work = async (): Promise<boolean> => {
    // What is settled may free later deliveries of its orders, so after that there is another look.
    const isSettling = finished.length > 0;
    const isMore = await both(pulse.isStopped ? false : take(), isSettling ? settle() : undefined);
    return isMore || isSettling;
  };
  const pulse = createPulse(work, { ...options, everyMs: POLL_MS });

  return {
    wake: pulse.wake,
    appetite,
    stop: async () => {
      const impatience = setTimeout(() => breakOff.abort(), STOP_PATIENCE_MS);
      await pulse.stop();
      await Promise.all(underWay);
      clearTimeout(impatience);
      await settle().catch(options.onError);
      await sink.close();
    },
  };
}

/**
 * What the first gives, once both are over. Where one fails, the other is waited for all the same: claims under way count in no room yet, and
 * results under way are no longer among the finished ones.
 */
async function both<T>(first: Promise<T> | T, second: Promise<void> | undefined): Promise<T> {
  const [taken, settled] = await Promise.allSettled([first, second]);
  if (taken.status === 'rejected') throw taken.reason;
  if (settled.status === 'rejected') throw settled.reason;
  return taken.value;
}

/** Keeps a promise among others until it is settled. */
function keep(underWay: Set<Promise<void>>, one: Promise<void>): void {
  const kept = one.finally(() => underWay.delete(kept));
  underWay.add(kept);
}

async function watchedAttempt(options: LaneOptions, impatience: AbortSignal, claim: Claim): ReturnType<typeof attempt> {
  const watch = options.watchAttempt?.(options.destination, claim) ?? null;
  const attempted = await attempt({ ...options, impatience }, claim, watch?.traceparent ?? null);
  watch?.ended(attempted.result);
  return attempted;
}

/** A claim of few costs as much as a claim of many. */
function isWorthAClaim(room: number, outstanding: number, { concurrency }: Sink): boolean {
  return room > 0 && (outstanding === 0 || room >= concurrency / 4);
}

/** What an attempt says of its destination. */
function judge(sent: Sent, { breaker, onGone }: Pick<LaneOptions, 'breaker' | 'onGone'>): void {
  if (sent.outcome === 'failed' && sent.isAway) breaker.failed(performance.now());
  else breaker.succeeded();
  if (sent.outcome === 'failed' && sent.isGone) onGone();
}
