/** What happens by the clock: order expiry, the ranking batch (BatchScheduler), retention, and following what other processes changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Database } from '../database/database.ts';
import type { DestinationService } from '../delivery/destination.service.ts';
import type { OrderService } from '../order/order.service.ts';
import type { RankingService } from '../ranking/ranking.service.ts';
import { forgetOld } from './retention.ts';
import { claimRun } from './schedule.repository.ts';

export interface Scheduler {
  /** Ends after the work under way. */
  stop(): Promise<void>;
}

const EXPIRY_EVERY_MS = 1000;
const RELOAD_EVERY_MS = 500;
const RETENTION_EVERY_MS = 3_600_000;
/** How soon it is noticed that the clock was moved. */
const RETENTION_LOOK_MS = 1000;
const MINUTE_MS = 60_000;

export function startScheduler(options: {
  readonly database: Database;
  readonly orders: Pick<OrderService, 'expireDue'>;
  readonly rankings: Pick<RankingService, 'refresh' | 'reload'>;
  readonly destinations: Pick<DestinationService, 'reload'>;
  readonly deleteExpiredSessions: () => Promise<number>;
  readonly eventRetentionDays: number;
  readonly clockOffsetMs: () => number;
  readonly rankCron: string;
  readonly rankTimeZone: string;
  readonly onError: (error: unknown) => void;
}): Scheduler {
  const { database, orders, rankings, destinations, clockOffsetMs, rankCron, rankTimeZone, onError } = options;
  const aborted = new AbortController();
  const every = async (pauseMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!aborted.signal.aborted) {
      await work().catch(onError);
      await sleep(pauseMs, undefined, { signal: aborted.signal }).catch(() => undefined);
    }
  };
  let forgetAt = 0;
  const loops = [
    every(EXPIRY_EVERY_MS, async () => {
      while (!aborted.signal.aborted && (await orders.expireDue()));
    }),
    every(RELOAD_EVERY_MS, () => rankings.reload()),
    every(RELOAD_EVERY_MS, () => destinations.reload()),
    every(RETENTION_LOOK_MS, async () => {
      const now = Date.now() + clockOffsetMs();
      if (now < forgetAt) return;
      forgetAt = now + RETENTION_EVERY_MS;
      await forgetOld({ ...options, database: database.background }, new Date(now), aborted.signal);
    }),
  ];
  // 배치 시간마다 인기 상품 요청: of all processes, the one that claims the minute runs it.
  const ranking = new Cron(rankCron, { timezone: rankTimeZone, protect: true, catch: onError }, async () => {
    const minute = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    if (await claimRun(database, 'ranking', minute)) await rankings.refresh(null, null);
  });
  return {
    stop: async () => {
      ranking.stop();
      aborted.abort();
      await Promise.all(loops);
    },
  };
}
