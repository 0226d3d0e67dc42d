/** Use cases of the coupon flow, and what neighbours need of users' coupons. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database, Transaction } from '../database/database.ts';
import { atOffset } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import {
  findCoupon,
  listCoupons,
  listUserCoupons,
  lockCoupons,
  lockUserCoupons,
  saveCoupons,
  saveUserCoupons,
} from './coupon.repository.ts';
import { type CouponState, decideCreate, decideIssue, decideUpdate } from './coupon.rules.ts';
import { presentCoupon, presentUserCoupon } from './coupon.schemas.ts';
import type { CouponCommand, UserCoupon } from './coupon.types.ts';

/** Users' coupons, as neighbours lock and change them inside their own batches. */
export interface CouponKeeper {
  /** By id; coupons that do not exist or are another user's are absent. */
  lockUserCoupons(tx: Transaction, wanted: readonly { readonly userId: string; readonly id: string }[]): Promise<Map<string, UserCoupon>>;
  saveUserCoupons(tx: Transaction, coupons: readonly UserCoupon[]): Promise<void>;
}

export interface CouponService extends CouponKeeper {
  /** Coupons that have not expired, newest first. */
  list(query: PageQuery): Promise<Page<ReturnType<typeof presentCoupon>>>;
  get(couponId: string): Promise<ReturnType<typeof presentCoupon> | Refusal<'COUPON_NOT_FOUND'>>;
  listOf(userId: string, query: PageQuery): Promise<Page<ReturnType<typeof presentUserCoupon>>>;
  /** A claim, or one of the staff's writes. */
  write(command: CouponCommand, key: WriteKey | null): Promise<Answer | Refusal>;
}

const pageOfCoupons = newestFirst('coupons');
const pageOfUserCoupons = newestFirst('userCoupons');

export function createCouponService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly clockOffsetMs: () => number;
}): CouponService {
  const { database, commit, clockOffsetMs } = deps;
  const queue = commit.queue<CouponCommand, CouponState>({
    name: 'coupon',
    lock: (tx, commands) => {
      const claims = commands.flatMap((command) => (command.kind === 'issue' ? [command] : []));
      const couponIds = commands.flatMap((command) => (command.kind === 'create' ? [] : [command.couponId]));
      return lockCoupons(tx, [...new Set(couponIds)], claims);
    },
    decide,
    save: (tx, state, { now }) => saveCoupons(tx, state, now),
  });
  return {
    lockUserCoupons,
    saveUserCoupons,
    list: (query) =>
      pageOfCoupons(
        query,
        (before, rows) => listCoupons(database, before, clockOffsetMs(), rows),
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
    write: (command, key) => queue.submit(command, key),
  };
}

function decide(state: CouponState, command: CouponCommand, context: DecisionContext): Effect | Refusal {
  const { now } = context;
  switch (command.kind) {
    case 'issue':
      return effectOf(201, decideIssue(state, command, context), (granted) => presentUserCoupon(granted, now));
    case 'create':
      return effectOf(201, decideCreate(state, command, context), (coupon) => presentCoupon(coupon, now));
    case 'update':
      return effectOf(200, decideUpdate(state, command), (coupon) => presentCoupon(coupon, now));
  }
}
