/** All SQL of the tables `coupon` and `user_coupon`. */
import { type Executor, inShardsOf, type Parameter, statement, type Transaction, type Writes } from '../database/database.ts';
import { pick } from '../kernel/pick.ts';
import { type CouponState, holderKey } from './coupon.rules.ts';
import type { Coupon, CouponStatus, UserCoupon } from './coupon.types.ts';

const COUPON_COLUMNS = `id, name, discount, min_order_amount AS "minOrderAmount", quantity, issued,
  starts_at AS "startsAt", expires_at AS "expiresAt"`;
const USER_COUPON_COLUMNS = `c.id, c.coupon_id AS "couponId", c.user_id AS "userId", c.name, c.discount,
  c.min_order_amount AS "minOrderAmount", c.status, c.sequence, c.order_id AS "orderId",
  c.issued_at AS "issuedAt", c.expires_at AS "expiresAt"`;
const NOW = "date_trunc('milliseconds', clock_timestamp()) AS now";

// Locks ------------------------------------------------------------------------------------------------------

const lockCouponsStatement = statement<Coupon>('coupon.lock', {
  whole: `SELECT ${COUPON_COLUMNS} FROM coupon WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
  sharded: `UPDATE coupon SET issued = issued WHERE id = ANY ($1::uuid[]) RETURNING ${COUPON_COLUMNS}`,
});

/** Over shards it writes, though nothing is to be locked: Citus prepares no transaction on a worker where it has read before it inserts (`docs/adr/0014-citus.md`). */
const holdersStatement = statement<{ couponId: string; userId: string }>('coupon.holders', {
  whole: `SELECT c.coupon_id AS "couponId", c.user_id AS "userId"
     FROM unnest($1::text[], $2::uuid[]) AS claim (user_id, coupon_id)
     JOIN user_coupon AS c USING (user_id, coupon_id)`,
  sharded: `UPDATE user_coupon AS c SET status = c.status
     FROM (SELECT DISTINCT user_id, coupon_id FROM unnest($1::text[], $2::uuid[]) AS given (user_id, coupon_id)) AS claim
    WHERE c.user_id = claim.user_id AND c.coupon_id = claim.coupon_id AND c.user_id = ANY ($1::text[])
   RETURNING c.coupon_id AS "couponId", c.user_id AS "userId"`,
});

/** Locks coupons, and tells which of the claims' users already hold theirs. */
export async function lockCoupons(
  tx: Transaction,
  couponIds: readonly string[],
  claims: readonly { readonly userId: string; readonly couponId: string }[],
): Promise<CouponState> {
  const [coupons, holders] = await Promise.all([
    couponIds.length > 0 ? tx.query(lockCouponsStatement, [couponIds]) : [],
    claims.length > 0 ? tx.query(holdersStatement, [claims.map((claim) => claim.userId), claims.map((claim) => claim.couponId)]) : [],
  ]);
  return {
    coupons: new Map(coupons.map((coupon) => [coupon.id, coupon])),
    holders: new Set(holders.map(({ couponId, userId }) => holderKey(couponId, userId))),
    created: new Set(),
    changed: new Set(),
    granted: [],
  };
}

const lockUserCouponsStatement = statement<UserCoupon>('userCoupon.lock', {
  whole: `SELECT ${USER_COUPON_COLUMNS}
     FROM user_coupon AS c
    WHERE (c.user_id, c.id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
    ORDER BY c.id FOR UPDATE`,
  sharded: `UPDATE user_coupon AS c SET status = c.status
     FROM (SELECT user_id, id FROM unnest($1::text[], $2::uuid[]) AS given (user_id, id) ORDER BY id) AS wanted
    WHERE c.user_id = wanted.user_id AND c.id = wanted.id AND c.user_id = ANY ($1::text[])
   RETURNING ${USER_COUPON_COLUMNS}`,
});

/** Locks users' coupons, by id; those that do not exist or are another user's are absent. */
export async function lockUserCoupons(
  tx: Transaction,
  wanted: readonly { readonly userId: string; readonly id: string }[],
): Promise<Map<string, UserCoupon>> {
  if (wanted.length === 0) return new Map();
  const rows = await tx.query(lockUserCouponsStatement, [wanted.map((coupon) => coupon.userId), wanted.map((coupon) => coupon.id)]);
  return new Map(rows.map((row) => [row.id, row]));
}

// Writes -----------------------------------------------------------------------------------------------------

const insertCouponsStatement = statement(
  'coupon.insert',
  `INSERT INTO coupon (id, name, discount, min_order_amount, quantity, issued, starts_at, expires_at, created_at)
   SELECT id, name, discount::jsonb, min_order_amount, quantity, issued, starts_at, expires_at, $9
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[], $8::timestamptz[])
       AS new (id, name, discount, min_order_amount, quantity, issued, starts_at, expires_at)`,
);

const updateCouponsStatement = statement(
  'coupon.update',
  inShardsOf(
    'c.id = ANY ($1::uuid[])',
    `UPDATE coupon AS c
      SET name = new.name, discount = new.discount::jsonb, min_order_amount = new.min_order_amount, quantity = new.quantity,
          issued = new.issued, starts_at = new.starts_at, expires_at = new.expires_at
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[], $8::timestamptz[])
       AS new (id, name, discount, min_order_amount, quantity, issued, starts_at, expires_at)
    WHERE c.id = new.id`,
  ),
);

const insertUserCouponsStatement = statement(
  'userCoupon.insert',
  `INSERT INTO user_coupon (user_id, id, coupon_id, sequence, name, discount, min_order_amount, expires_at, status, issued_at)
   SELECT user_id, id, coupon_id, sequence, name, discount::jsonb, min_order_amount, expires_at, 'issued', $9
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
       AS new (user_id, id, coupon_id, sequence, name, discount, min_order_amount, expires_at)`,
);

const updateUserCouponsStatement = statement(
  'userCoupon.update',
  inShardsOf(
    'c.user_id = ANY ($1::text[])',
    `UPDATE user_coupon AS c SET status = new.status, order_id = new.order_id
     FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[]) AS new (user_id, id, status, order_id)
    WHERE c.user_id = new.user_id AND c.id = new.id`,
  ),
);

/** Writes everything that the decisions of a batch changed. */
export function saveCoupons(writes: Writes, { coupons, created, changed, granted }: CouponState, now: Date): void {
  const inserted = pick(coupons, created);
  const updated = pick(
    coupons,
    [...changed].filter((id) => !created.has(id)),
  );
  if (inserted.length > 0) writes.add(insertCouponsStatement, [...columnsOf(inserted), now]);
  if (updated.length > 0) writes.add(updateCouponsStatement, columnsOf(updated));
  if (granted.length > 0) {
    writes.add(insertUserCouponsStatement, [
      granted.map((c) => c.userId),
      granted.map((c) => c.id),
      granted.map((c) => c.couponId),
      granted.map((c) => c.sequence),
      granted.map((c) => c.name),
      granted.map((c) => JSON.stringify(c.discount)),
      granted.map((c) => c.minOrderAmount),
      granted.map((c) => c.expiresAt),
      now,
    ]);
  }
}

function columnsOf(coupons: readonly Coupon[]): Parameter[] {
  return [
    coupons.map((c) => c.id),
    coupons.map((c) => c.name),
    coupons.map((c) => JSON.stringify(c.discount)),
    coupons.map((c) => c.minOrderAmount),
    coupons.map((c) => c.quantity),
    coupons.map((c) => c.issued),
    coupons.map((c) => c.startsAt),
    coupons.map((c) => c.expiresAt),
  ];
}

/** Writes the status and the order of users' coupons as they now are. */
export function saveUserCoupons(writes: Writes, coupons: readonly UserCoupon[]): void {
  if (coupons.length === 0) return;
  writes.add(updateUserCouponsStatement, [
    coupons.map((c) => c.userId),
    coupons.map((c) => c.id),
    coupons.map((c) => c.status),
    coupons.map((c) => c.orderId),
  ]);
}

// Reads ------------------------------------------------------------------------------------------------------

/** A row with the database's time at which it was read. */
export type ReadAt<T> = T & { readonly now: Date };

const listCouponsStatement = statement<ReadAt<Coupon>>(
  'coupon.list',
  `SELECT ${COUPON_COLUMNS}, ${NOW}
     FROM coupon
    WHERE id < $1::uuid AND expires_at > clock_timestamp() + $2 * interval '1 millisecond'
    ORDER BY id DESC LIMIT $3`,
);

const listOfStatusStatement = statement<ReadAt<Coupon>>(
  'coupon.listOfStatus',
  `SELECT ${COUPON_COLUMNS}, ${NOW}
     FROM coupon CROSS JOIN (SELECT clock_timestamp() + $2 * interval '1 millisecond' AS at) AS told
    WHERE id < $1::uuid
      AND ($4 = 'all' OR $4 = CASE WHEN told.at >= expires_at THEN 'expired' WHEN told.at < starts_at THEN 'scheduled'
                                   WHEN issued >= quantity THEN 'soldOut' ELSE 'open' END)
    ORDER BY id DESC LIMIT $3`,
);

/** Coupons, newest first: those of a status, as {@link couponStatus} tells it, or all; null: the ones that have not expired. */
export async function listCoupons(
  db: Executor,
  query: { readonly status: CouponStatus | 'all' | null; readonly before: string; readonly clockOffsetMs: number; readonly rows: number },
): Promise<ReadAt<Coupon>[]> {
  const { status, before, clockOffsetMs, rows } = query;
  const range = [before, clockOffsetMs, rows];
  return status === null ? db.query(listCouponsStatement, range) : db.query(listOfStatusStatement, [...range, status]);
}

const findCouponStatement = statement<ReadAt<Coupon>>('coupon.get', `SELECT ${COUPON_COLUMNS}, ${NOW} FROM coupon WHERE id = $1`);

export async function findCoupon(db: Executor, couponId: string): Promise<ReadAt<Coupon> | null> {
  return (await db.query(findCouponStatement, [couponId]))[0] ?? null;
}

const findUserCouponStatement = statement<UserCoupon>(
  'userCoupon.get',
  `SELECT ${USER_COUPON_COLUMNS} FROM user_coupon AS c WHERE c.user_id = $1 AND c.id = $2`,
);

export async function findUserCoupon(db: Executor, userId: string, userCouponId: string): Promise<UserCoupon | null> {
  return (await db.query(findUserCouponStatement, [userId, userCouponId]))[0] ?? null;
}

const listUserCouponsStatement = statement<ReadAt<UserCoupon>>(
  'userCoupon.list',
  `SELECT ${USER_COUPON_COLUMNS}, ${NOW} FROM user_coupon AS c WHERE c.user_id = $1 AND c.id < $2::uuid ORDER BY c.id DESC LIMIT $3`,
);

/** One user's coupons, newest first. */
export async function listUserCoupons(db: Executor, userId: string, before: string, rows: number): Promise<ReadAt<UserCoupon>[]> {
  return db.query(listUserCouponsStatement, [userId, before, rows]);
}

/** A stretch of all users' coupons in the order of their key. */
export interface CouponStretch {
  /** Those that were asked for. */
  readonly coupons: readonly ReadAt<UserCoupon>[];
  /** The last key of the stretch; null where nothing follows it. */
  readonly last: { readonly userId: string; readonly id: string } | null;
}

/** The last row of a stretch comes too where it was not asked for, to say where to go on. */
const exportStatement = statement<ReadAt<UserCoupon> & { readonly wanted: boolean; readonly seen: number }>(
  'userCoupon.export',
  `WITH stretch AS MATERIALIZED (
     SELECT * FROM user_coupon AS c WHERE (c.user_id, c.id) > ($1, $2::uuid) ORDER BY c.user_id, c.id LIMIT $5),
   numbered AS (SELECT *, row_number() OVER (ORDER BY user_id, id) AS place, count(*) OVER () AS seen FROM stretch)
   SELECT ${USER_COUPON_COLUMNS}, ${NOW}, c.id > $3::uuid AND c.id < $4::uuid AS wanted, c.seen
     FROM numbered AS c WHERE c.id > $3::uuid AND c.id < $4::uuid OR c.place = c.seen
    ORDER BY c.place`,
);

/**
 * Of the `rows` keys that follow `after`, the coupons with an id between `first` and `end`. There is no index by time, which every claim would
 * have to keep: who wants some days of them walks along all.
 */
export async function exportUserCoupons(
  db: Executor,
  after: { readonly userId: string; readonly id: string },
  { first, end, rows }: { readonly first: string; readonly end: string; readonly rows: number },
): Promise<CouponStretch> {
  const found = await db.query(exportStatement, [after.userId, after.id, first, end, rows]);
  const last = found.at(-1);
  const isMore = last !== undefined && last.seen === rows;
  return { coupons: found.filter((row) => row.wanted), last: isMore ? { userId: last.userId, id: last.id } : null };
}
