/** What happens by the clock: order expiry, the ranking batch (BatchScheduler), and retention. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Database } from '../database/database.ts';
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
const MINUTE_MS = 60_000;

export function startScheduler(options: {
  readonly database: Database;
  readonly orders: Pick<OrderService, 'expireDue'>;
  readonly rankings: Pick<RankingService, 'refresh' | 'reload'>;
  readonly deleteExpiredSessions: () => Promise<number>;
  readonly rankCron: string;
  readonly rankTimeZone: string;
  readonly onError: (error: unknown) => void;
}): Scheduler {
  const { database, orders, rankings, deleteExpiredSessions, rankCron, rankTimeZone, onError } = options;
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
    every(RETENTION_EVERY_MS, () => forgetOld(database, deleteExpiredSessions, aborted.signal)),
  ];
  // 배치 시간마다 인기 상품 요청: of all processes, the one that claims the minute runs it.
  const ranking = new Cron(rankCron, { timezone: rankTimeZone, protect: true, catch: onError }, async () => {
    const minute = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    if (await claimRun(database, 'ranking', minute)) await rankings.refresh(null);
  });
  return {
    stop: async () => {
      ranking.stop();
      aborted.abort();
      await Promise.all(loops);
    },
  };
}
