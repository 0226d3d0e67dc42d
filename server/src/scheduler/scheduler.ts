/** What happens by the clock: order expiry, the ranking batch (BatchScheduler), retention, and following what other processes changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Database } from '../database/database.ts';
import type { DestinationService } from '../delivery/destination.service.ts';
import type { OrderService } from '../order/order.service.ts';
import type { RankingService } from '../ranking/ranking.service.ts';
import { createRankingRun } from './ranking-run.ts';
import { forgetOld, type Retention } from './retention.ts';
import { noteRun, readClock } from './schedule.repository.ts';

export interface Scheduler {
  /** Ends after the work under way; pauses end at once. */
  stop(): Promise<void>;
}

const EXPIRY_EVERY_MS = 1000;
const RELOAD_EVERY_MS = 500;
const HOUR_MS = 3_600_000;
/** How soon it is noticed that the clock was moved. */
const RETENTION_LOOK_MS = 1000;
const MINUTE_MS = 60_000;

export function startScheduler(options: {
  readonly database: Database;
  readonly orders: Pick<OrderService, 'expireDue'>;
  readonly rankings: Pick<RankingService, 'refresh' | 'reload'>;
  readonly destinations: Pick<DestinationService, 'reload'>;
  readonly deleteExpiredSessions: Retention['deleteExpiredSessions'];
  readonly eventRetentionDays: number;
  readonly clockOffsetMs: () => number;
  readonly rankCron: string;
  readonly rankTimeZone: string;
  /** Between two tries to make a ranking that is due, where that is not the product's own. */
  readonly rankPauseMs?: number;
  readonly onError: (error: unknown) => void;
}): Scheduler {
  const { database, orders, rankings, destinations, rankCron, rankTimeZone, rankPauseMs, onError } = options;
  const aborted = new AbortController();
  const every = async (pauseMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!aborted.signal.aborted) {
      await work().catch(onError);
      await sleep(pauseMs, undefined, { signal: aborted.signal }).catch(() => undefined);
    }
  };
  const loops = [
    every(EXPIRY_EVERY_MS, async () => {
      while (!aborted.signal.aborted && (await orders.expireDue()));
    }),
    every(RELOAD_EVERY_MS, () => rankings.reload()),
    every(RELOAD_EVERY_MS, () => destinations.reload()),
    every(RETENTION_LOOK_MS, hourlyRetention({ ...options, signal: aborted.signal })),
  ];
  const makeRanking = createRankingRun({
    database,
    refresh: () => rankings.refresh(null, null),
    signal: aborted.signal,
    onError,
    ...(rankPauseMs === undefined ? {} : { pauseMs: rankPauseMs }),
  });
  let making: Promise<void> = Promise.resolve();
  // 배치 시간마다 인기 상품 요청
  const ranking = new Cron(rankCron, { timezone: rankTimeZone, protect: true, catch: onError }, () => {
    making = makeRanking(new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
    return making;
  });
  return {
    stop: async () => {
      ranking.stop();
      aborted.abort();
      await Promise.all([...loops, making]);
    },
  };
}

/**
 * Gives what forgets once an hour, in the process that claims the hour. When the next hour begins is told by the database, and awaited on a clock that nobody
 * sets: a process whose calendar jumps neither forgets for the others nor forgets to.
 */
function hourlyRetention(
  options: Omit<Retention, 'database'> & {
    readonly database: Database;
    readonly clockOffsetMs: () => number;
    readonly signal: AbortSignal;
  },
): () => Promise<void> {
  const {
    database: { background },
    clockOffsetMs,
    signal,
  } = options;
  let dueAt = 0;
  return async () => {
    const monotonic = performance.now() + clockOffsetMs();
    if (monotonic < dueAt) return;
    const now = await readClock(background, clockOffsetMs());
    const intoHourMs = now.getTime() % HOUR_MS;
    const isMine = await noteRun(background, 'retention', new Date(now.getTime() - intoHourMs));
    dueAt = monotonic + HOUR_MS - intoHourMs;
    if (isMine) await forgetOld({ ...options, database: background }, now, signal);
  };
}
