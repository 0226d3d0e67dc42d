/** The live dashboard: what the processes count, and what the database knows, as one snapshot; see `docs/dashboard.md`. */
import type { Readable } from 'node:stream';
import type { Registry } from 'prom-client';
import { SECONDS } from '../commit/commit.metrics.ts';
import type { Database } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import type { Talk } from '../database/news.ts';
import type { DeliveryService } from '../delivery/delivery.service.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { paced } from './dashboard.pace.ts';
import { createPeers } from './dashboard.peers.ts';
import { readCoupons, readHolds, readMoment, readOrders, readSales, readStock } from './dashboard.repository.ts';
import { flowFigures, queueFigures } from './dashboard.rules.ts';
import { type Sampler, startSampler } from './dashboard.sampler.ts';
import { type FiguresRead, presentSnapshot } from './dashboard.schemas.ts';
import { createBroadcast } from './dashboard.stream.ts';

export interface DashboardService {
  snapshot(): Promise<ReturnType<typeof presentSnapshot>>;
  /** One snapshot a second as server-sent events, until either side ends it. */
  listen(): Readable | Refusal<'TOO_MANY_LISTENERS'>;
  /** Begins to sample the counters of the process. */
  start(): void;
  /** Ends the streams. */
  close(): void;
}

const LISTENERS_MAX = 50;
const HOUR_MS = 3_600_000;
const COUPONS_SHOWN = 20;
const RUNNING_OUT = { unitsMax: 10, rows: 20 };
/** The operations by which a sale is followed. */
const FLOWS = { orders: 'POST /orders', payments: 'POST /payments', couponIssues: 'POST /coupons/:couponId/issue' } as const;

interface Deps {
  /** For the time, which is the primary's. */
  readonly database: Database;
  readonly lists: Lists;
  readonly deliveries: Pick<DeliveryService, 'backlog'>;
  readonly registry: Registry;
  /** With the other processes on the database. */
  readonly talk: Talk;
  readonly answers: { outcomesOf(operation: string): ReadonlyMap<string, number> };
  /** Of the shop, in which its day begins. */
  readonly timeZone: string;
  readonly clockOffsetMs: () => number;
  readonly onError: (error: unknown) => void;
}

export function createDashboardService(deps: Deps): DashboardService {
  const { registry, answers, talk, onError } = deps;
  const read = createReader(deps);
  let sampler: Sampler | null = null;
  const sampling = (): Sampler => {
    sampler ??= startSampler({ registry, answers, flows: Object.values(FLOWS), onError });
    return sampler;
  };
  const peers = createPeers({ talk, own: () => sampling().activity() });

  const snapshot: DashboardService['snapshot'] = async () => {
    const [figures, others] = await Promise.all([read(), peers.activities()]);
    const all = [sampling().activity(), ...others];
    const flows = {
      orders: flowFigures(all, FLOWS.orders),
      payments: flowFigures(all, FLOWS.payments),
      couponIssues: flowFigures(all, FLOWS.couponIssues),
    };
    return presentSnapshot({ ...figures, processes: all.length, flows, queues: queueFigures(all, SECONDS) });
  };
  const broadcast = createBroadcast({ event: 'snapshot', next: snapshot, listenersMax: LISTENERS_MAX, onError });
  return {
    snapshot,
    listen: () => broadcast.listen() ?? refuse('TOO_MANY_LISTENERS'),
    start: () => void sampling(),
    close: () => {
      sampler?.stop();
      broadcast.close();
    },
  };
}

/** Reads the figures of the database, each at its own pace, so that one that takes long holds up none of the others. */
function createReader({ database, lists, deliveries, timeZone, clockOffsetMs }: Deps): () => Promise<FiguresRead> {
  const moment = (): Promise<{ now: Date; today: Date }> => readMoment(database, clockOffsetMs(), timeZone);
  const hourBefore = (now: Date): Date => new Date(now.getTime() - HOUR_MS);
  const today = paced(async () => {
    const at = await moment();
    return lists.read((source) => readSales(source, at.today, at.now));
  });
  const lastHour = paced(async () => {
    const { now } = await moment();
    return lists.read((source) => readSales(source, hourBefore(now), now));
  });
  const orders = paced(async () => {
    const { now } = await moment();
    return lists.read((source) => readOrders(source, hourBefore(now), now));
  });
  const holds = paced(async () => {
    const { now } = await moment();
    return lists.read((source) => readHolds(source, now));
  });
  const coupons = paced(async () => {
    const { now } = await moment();
    return lists.read((source) => readCoupons(source, now, COUPONS_SHOWN));
  });
  const burning = burnDown(coupons);
  const stock = paced(() => lists.read((source) => readStock(source, RUNNING_OUT)));
  const backlog = paced(() => deliveries.backlog());
  return async () => {
    const [asOf, ...figures] = await Promise.all([moment(), today(), lastHour(), orders(), holds(), burning(), stock(), backlog()]);
    const [day, hour, placed, held, burnt, left, waiting] = figures;
    return { asOf: asOf.now, today: day, lastHour: hour, orders: placed, holds: held, coupons: burnt, stock: left, deliveries: waiting };
  };
}

interface Issued {
  readonly couponId: string;
  readonly issued: number;
}

/** Adds to coupons how many a second were issued between the last two reads that differ. */
function burnDown<Coupon extends Issued>(
  read: () => Promise<readonly Coupon[]>,
): () => Promise<(Coupon & { readonly issuedPerSecond: number })[]> {
  let last: { readonly coupons: readonly Coupon[]; readonly atMs: number; readonly rates: ReadonlyMap<string, number> } | null = null;
  return async () => {
    const coupons = await read();
    const atMs = performance.now();
    if (last?.coupons !== coupons) {
      const before = new Map(last?.coupons.map(({ couponId, issued }) => [couponId, issued]));
      const seconds = last === null ? Number.POSITIVE_INFINITY : (atMs - last.atMs) / 1000;
      const rateOf = ({ couponId, issued }: Coupon): number => Math.max(0, (issued - (before.get(couponId) ?? issued)) / seconds);
      last = { coupons, atMs, rates: new Map(coupons.map((coupon) => [coupon.couponId, Math.round(rateOf(coupon) * 10) / 10])) };
    }
    const { rates } = last;
    return coupons.map((coupon) => Object.assign({ issuedPerSecond: rates.get(coupon.couponId) ?? 0 }, coupon));
  };
}
