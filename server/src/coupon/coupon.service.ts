/** Use cases of the coupon flow, and what neighbours need of users' coupons. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import { createSoldOut, type Observation } from '../commit/sold-out.ts';
import type { Database, Transaction, Writes } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import type { News } from '../database/news.ts';
import type { Outbox } from '../delivery/outbox.service.ts';
import { atOffset } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { idsWithin, LOWEST_ID, type TimeRange } from '../kernel/ids.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { actionBy } from '../staff/staff.service.ts';
import { couponIssuedEvent } from './coupon.events.ts';
import {
  type CouponStretch,
  exportUserCoupons,
  findCoupon,
  findUserCoupon,
  listCoupons,
  listUserCoupons,
  lockCoupons,
  lockUserCoupons,
  saveCoupons,
  saveUserCoupons,
} from './coupon.repository.ts';
import { type CouponState, decideCreate, decideIssue, decideUpdate, soldOutForMs } from './coupon.rules.ts';
import { presentCoupon, presentExported, presentUserCoupon } from './coupon.schemas.ts';
import type { Coupon, CouponCommand, CouponStatus, UserCoupon } from './coupon.types.ts';

/** Users' coupons, as neighbours lock and change them inside their own batches. */
export interface CouponKeeper {
  /** By id; coupons that do not exist or are another user's are absent. */
  lockUserCoupons(tx: Transaction, wanted: readonly { readonly userId: string; readonly id: string }[]): Promise<Map<string, UserCoupon>>;
  saveUserCoupons(writes: Writes, coupons: readonly UserCoupon[]): void;
}

export interface CouponService extends CouponKeeper {
  /** Coupons that have not expired, newest first; with a status, those of that one, or all of them. */
  list(query: PageQuery & { readonly status?: CouponStatus | 'all' }): Promise<Page<ReturnType<typeof presentCoupon>>>;
  get(couponId: string): Promise<ReturnType<typeof presentCoupon> | Refusal<'COUPON_NOT_FOUND'>>;
  listOf(userId: string, query: PageQuery): Promise<Page<ReturnType<typeof presentUserCoupon>>>;
  /** All users' coupons that were issued within a time, in no order of time, page by page. */
  exported(within: TimeRange): AsyncIterable<readonly ReturnType<typeof presentExported>[]>;
  /** A user's coupon as it is kept; null where there is none. */
  readUserCoupon(userId: string, userCouponId: string): Promise<UserCoupon | null>;
  /** A claim, or one of the staff's writes. */
  write(command: CouponCommand, key: WriteKey | null): Promise<Answer | Refusal>;
}

/** What a batch has locked, and when it began to. */
type ObservedCoupons = CouponState & { readonly observation: Observation };

const pageOfCoupons = newestFirst('coupons');
const pageOfUserCoupons = newestFirst('userCoupons');
/** Keys that one statement of the export walks along. */
const EXPORT_STRETCH_ROWS = 2000;

export function createCouponService(deps: {
  readonly database: Database;
  readonly lists: Lists;
  readonly commit: CommitEngine;
  readonly outbox: Outbox;
  readonly news: News;
  readonly clockOffsetMs: () => number;
}): CouponService {
  const { database, lists, commit, outbox, news, clockOffsetMs } = deps;
  const soldOut = createSoldOut(clockOffsetMs);
  news.onNews('coupons', (couponIds) => (couponIds === null ? soldOut.forgetAll() : soldOut.forget(couponIds)));
  const queue = commit.queue<CouponCommand, ObservedCoupons>({
    name: 'coupon',
    lock: (tx, commands, { locksSent }) => {
      const claims = commands.flatMap((command) => (command.kind === 'issue' ? [command] : []));
      const couponIds = commands.flatMap((command) => (command.kind === 'create' ? [] : [command.couponId]));
      const observation = soldOut.observe();
      const locked = lockCoupons(tx, [...new Set(couponIds)], claims);
      locksSent();
      return locked.then((state) => ({ ...state, observation }));
    },
    decide,
    save: (writes, state, context) => {
      saveCoupons(writes, state, context.now);
      const told = outbox.wants('coupon.issued') ? state.granted : [];
      outbox.record(
        writes,
        told.map((granted) => couponIssuedEvent(granted, context.newId())),
        context,
      );
    },
    ended: (state, ending, now) => {
      if (ending !== 'unchanged') outbox.wake(['coupon.issued']);
      const soldOutNow = soldOutOf(state, now);
      soldOut.settle(state.observation, { changed: state.changed, soldOut: ending === 'unknown' ? [] : soldOutNow });
      // That others are sold out, processes learn as soon as they ask.
      const stillOpen = state.changed.difference(new Set(soldOutNow.map(({ id }) => id)));
      if (stillOpen.size > 0) news.tell('coupons', stillOpen);
    },
  });
  return {
    lockUserCoupons,
    saveUserCoupons,
    list: (query) =>
      pageOfCoupons(
        query,
        (before, rows) => listCoupons(database, { status: query.status ?? null, before, clockOffsetMs: clockOffsetMs(), rows }),
        (row) => presentCoupon(row, atOffset(row.now, clockOffsetMs())),
      ),
    get: async (couponId) => {
      const coupon = await findCoupon(database, couponId);
      return coupon === null ? refuse('COUPON_NOT_FOUND') : presentCoupon(coupon, atOffset(coupon.now, clockOffsetMs()));
    },
    listOf: (userId, query) =>
      pageOfUserCoupons(
        query,
        (before, rows) => listUserCoupons(database, userId, before, rows),
        (row) => presentUserCoupon(row, atOffset(row.now, clockOffsetMs())),
      ),
    exported: (within) => exported(lists, within, clockOffsetMs),
    readUserCoupon: (userId, userCouponId) => findUserCoupon(database, userId, userCouponId),
    write: async (command, key) => {
      // 수량 부족, told from memory: whoever comes too late costs no transaction.
      const isLate = command.kind === 'issue' && soldOut.isKnown(command.couponId);
      if (isLate && (key === null || !(await queue.isTaken(key)))) return refuse('COUPON_SOLD_OUT');
      return queue.submit(command, key);
    },
  };
}

async function* exported(lists: Lists, within: TimeRange, clockOffsetMs: () => number) {
  const [first, end] = idsWithin(within);
  let last: CouponStretch['last'] = { userId: '', id: LOWEST_ID };
  while (last !== null) {
    const stretch: ExportedStretch = await exportedAfter(lists, last, { first, end, rows: EXPORT_STRETCH_ROWS }, clockOffsetMs());
    yield stretch.coupons;
    ({ last } = stretch);
  }
}

interface ExportedStretch {
  readonly coupons: readonly ReturnType<typeof presentExported>[];
  readonly last: CouponStretch['last'];
}

function exportedAfter(
  lists: Lists,
  after: Parameters<typeof exportUserCoupons>[1],
  stretch: Parameters<typeof exportUserCoupons>[2],
  clockOffsetMs: number,
): Promise<ExportedStretch> {
  return lists.read(async (source) => {
    const { coupons, last } = await exportUserCoupons(source, after, stretch);
    return { coupons: coupons.map((row) => presentExported(row, atOffset(row.now, clockOffsetMs + source.clockOffsetMs))), last };
  });
}

/** The coupons of a batch that are sold out now, each until it expires. */
function soldOutOf({ coupons }: CouponState, now: Date): { id: string; forMs: number }[] {
  return [...coupons.values()].flatMap((coupon) => {
    const forMs = soldOutForMs(coupon, now);
    return forMs === null ? [] : [{ id: coupon.id, forMs }];
  });
}

function decide(state: CouponState, command: CouponCommand, context: DecisionContext): Effect | Refusal {
  const { now } = context;
  switch (command.kind) {
    case 'issue':
      return effectOf(201, decideIssue(state, command, context), (granted) => presentUserCoupon(granted, now));
    case 'create':
      return effectOf(
        201,
        decideCreate(state, command, context),
        (coupon) => presentCoupon(coupon, now),
        (coupon) => actionBy(command.staffId, 'coupon.create', { objectId: coupon.id, before: null, after: chosenOf(coupon) }),
      );
    case 'update': {
      const before = state.coupons.get(command.couponId);
      return effectOf(
        200,
        decideUpdate(state, command),
        (coupon) => presentCoupon(coupon, now),
        (coupon) =>
          actionBy(command.staffId, 'coupon.update', {
            objectId: coupon.id,
            before: before === undefined ? null : chosenOf(before),
            after: chosenOf(coupon),
          }),
      );
    }
  }
}

/** What staff choose of a coupon. */
function chosenOf({ name, discount, minOrderAmount, quantity, startsAt, expiresAt }: Coupon): object {
  return { name, discount, minOrderAmount, quantity, startsAt, expiresAt };
}
