/** The ranking that is due, where it fails, where the process that claimed it is gone, and where the server ends meanwhile. */
import { expect, onTestFinished, test } from 'vitest';
import type { RankingService } from '../../src/ranking/ranking.service.ts';
import { noteRun } from '../../src/scheduler/schedule.repository.ts';
import { type Scheduler, startScheduler } from '../../src/scheduler/scheduler.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';

const EVERY_SECOND = '* * * * * *';
const MINUTE_MS = 60_000;

async function open(): Promise<Shop> {
  const shop = await openShop();
  onTestFinished(() => shop.close());
  return shop;
}

/** The scheduler of one more process, which makes a ranking at once and tries again soon. */
function start(
  { app, database }: Shop,
  options: {
    readonly refresh?: RankingService['refresh'];
    readonly rankPauseMs?: number;
    readonly onError?: (error: unknown) => void;
  } = {},
): Scheduler {
  const { orders, rankings, destinations } = app.services;
  const { refresh = () => rankings.refresh(null, null), rankPauseMs = 50, onError = () => undefined } = options;
  const scheduler = startScheduler({
    database,
    orders,
    rankings: { ...rankings, refresh },
    destinations,
    deleteExpiredSessions: async () => 0,
    eventRetentionDays: 30,
    clockOffsetMs: () => 0,
    rankCron: EVERY_SECOND,
    rankTimeZone: 'Asia/Seoul',
    rankPauseMs,
    onError,
  });
  onTestFinished(() => scheduler.stop());
  return scheduler;
}

/** The rankings, but the one of the start, and the minutes of which there is one. */
async function made({ database }: Shop): Promise<{ rankings: number; minutes: number }> {
  const { rows } = await database.readers.query<{ rankings: number; minutes: number }>(
    `SELECT (SELECT count(*)::integer - 1 FROM ranking) AS rankings, (SELECT count(*)::integer FROM schedule_run WHERE name = 'ranking done') AS minutes`,
  );
  return rows[0] ?? { rankings: 0, minutes: 0 };
}

test('a ranking that cannot be stored is tried again, and made once', async () => {
  const shop = await open();
  await shop.database.writers.query(`
    CREATE SEQUENCE tries;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '53300'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON ranking FOR EACH ROW EXECUTE FUNCTION refuse()`);
  const errors: unknown[] = [];
  const scheduler = start(shop, { onError: (error) => errors.push(error) });
  await eventually(async () => (await made(shop)).minutes).toBeGreaterThan(0);
  await scheduler.stop();
  expect(errors).toMatchObject([{ code: 'OVERLOADED' }, { code: 'OVERLOADED' }]);
  const { rankings, minutes } = await made(shop);
  expect(rankings).toBe(minutes);
});

test('a ranking is made once by all processes', async () => {
  const shop = await open();
  const schedulers = [1, 2, 3].map(() => start(shop, { rankPauseMs: 3_600_000 }));
  await eventually(async () => (await made(shop)).minutes).toBeGreaterThan(0);
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  const { rankings, minutes } = await made(shop);
  expect(rankings).toBe(minutes);
});

test('a ranking whose process is gone is made by another one', async () => {
  const shop = await open();
  const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  for (const ofMinute of [minute, minute + MINUTE_MS]) await noteRun(shop.database, 'ranking 1', new Date(ofMinute));
  const scheduler = start(shop);
  await eventually(async () => (await made(shop)).minutes).toBeGreaterThan(0);
  await scheduler.stop();
  expect((await made(shop)).rankings).toBeGreaterThan(0);
});

test('the end waits for a ranking that is under way, and not for the next try', async () => {
  const shop = await open();
  const told: string[] = [];
  const refreshing = Promise.withResolvers<never>();
  const begun = Promise.withResolvers<void>();
  const refresh = (): Promise<never> => {
    begun.resolve();
    return refreshing.promise;
  };
  const scheduler = start(shop, { refresh, rankPauseMs: 3_600_000, onError: () => told.push('failed') });
  await begun.promise;
  const stopping = scheduler.stop().then(() => told.push('stopped'));
  await shop.app.services.rankings.reload();
  refreshing.reject(new Error('the database is away'));
  await stopping;
  expect(told).toEqual(['failed', 'stopped']);
});
