/**
 * The figures of the dashboard: one of the named exceptions that read across the tables of others. Each is documented in `docs/dashboard.md`
 * by a query that a person can run. What reads orders and payments is bounded by time or by what is open, along indexes that the flows have.
 */
import { type Executor, statement } from '../database/database.ts';
import { lowestIdAt } from '../kernel/ids.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import type { CouponFigures, HoldFigures, OrderFigures, SalesFigures, StockFigures } from './dashboard.types.ts';

const SUM_MAX = `${MAX_MONEY}`;

const momentStatement = statement<{ now: Date; today: Date }>(
  'dashboard.moment',
  `SELECT t.now, date_trunc('day', t.now AT TIME ZONE $2) AT TIME ZONE $2 AS today
     FROM (SELECT date_trunc('milliseconds', clock_timestamp() + $1 * interval '1 millisecond') AS now) AS t`,
);

/** The time, and when the day began in the shop's time zone. */
export async function readMoment(db: Executor, clockOffsetMs: number, timeZone: string): Promise<{ now: Date; today: Date }> {
  const [moment] = await db.query(momentStatement, [clockOffsetMs, timeZone]);
  if (moment === undefined) throw new Error('the database gave no time');
  return moment;
}

// Along orders_by_id, without a look at the table: the ids of orders begin with the time at which they were placed.
const placedStatement = statement<{ orders: number }>(
  'dashboard.placed',
  'SELECT count(*) AS orders FROM orders WHERE id >= $1::uuid AND id < $2::uuid',
);

// Along payment_by_time.
const paidStatement = statement<{ payments: number; revenue: number }>(
  'dashboard.paid',
  `SELECT count(*) AS payments, least(coalesce(sum(amount), 0), ${SUM_MAX})::bigint AS revenue FROM payment WHERE paid_at >= $1 AND paid_at < $2`,
);

export async function readSales(db: Executor, from: Date, to: Date): Promise<SalesFigures> {
  const [[placed], [paid]] = await Promise.all([
    db.query(placedStatement, [lowestIdAt(from), lowestIdAt(to)]),
    db.query(paidStatement, [from, to]),
  ]);
  return { from, to, orders: placed?.orders ?? 0, payments: paid?.payments ?? 0, revenue: paid?.revenue ?? 0 };
}

// Along orders_by_id.
const byStatusStatement = statement<{ status: string; orders: number }>(
  'dashboard.byStatus',
  `SELECT CASE WHEN status = 'pending' AND expires_at <= $3 THEN 'expired' ELSE status END AS status, count(*) AS orders
     FROM orders WHERE id >= $1::uuid AND id < $2::uuid GROUP BY 1 ORDER BY 1`,
);

export async function readOrders(db: Executor, from: Date, to: Date): Promise<OrderFigures> {
  const rows = await db.query(byStatusStatement, [lowestIdAt(from), lowestIdAt(to), to]);
  return { from, to, byStatus: Object.fromEntries(rows.map(({ status, orders }) => [status, orders])) };
}

// Along orders_due, whose condition has to be met word for word.
const holdsStatement = statement<Omit<HoldFigures, 'asOf'>>(
  'dashboard.holds',
  `SELECT count(*) FILTER (WHERE expires_at > $1) AS orders,
          least(coalesce(sum(total) FILTER (WHERE expires_at > $1), 0), ${SUM_MAX})::bigint AS total,
          count(*) FILTER (WHERE expires_at > $1 AND expires_at <= $1::timestamptz + interval '1 minute') AS "expiringWithinMinute",
          count(*) FILTER (WHERE expires_at <= $1) AS overdue,
          min(expires_at) FILTER (WHERE expires_at > $1) AS "nextExpiryAt"
     FROM orders WHERE status = 'pending' AND expires_at > '-infinity'`,
);

export async function readHolds(db: Executor, asOf: Date): Promise<HoldFigures> {
  const [row] = await db.query(holdsStatement, [asOf]);
  if (row === undefined) throw new Error('an aggregate has a row');
  return { asOf, ...row };
}

// As large as the shop's coupons, of which there are few.
const couponsStatement = statement<CouponFigures>(
  'dashboard.coupons',
  `SELECT id AS "couponId", name, quantity, issued, expires_at AS "expiresAt"
     FROM coupon WHERE starts_at <= $1 AND expires_at > $1 ORDER BY id DESC LIMIT $2`,
);

/** Coupons that have started and not expired, the newest first. */
export async function readCoupons(db: Executor, asOf: Date, rows: number): Promise<CouponFigures[]> {
  return db.query(couponsStatement, [asOf, rows]);
}

const FOR_SALE = `FROM stock AS s
     JOIN product_option AS o ON o.id = s.option_id AND o.status = 'active'
     JOIN product AS p ON p.id = o.product_id AND p.status = 'active'`;

// As large as the catalogue.
const runningOutStatement = statement<StockFigures>(
  'dashboard.runningOut',
  `SELECT o.id AS "optionId", o.product_id AS "productId", o.sku, p.name || ' - ' || o.name AS name, s.on_hand - s.reserved AS available, s.reserved
     ${FOR_SALE}
    WHERE s.on_hand - s.reserved BETWEEN 1 AND $1 ORDER BY available, o.id LIMIT $2`,
);
const soldOutStatement = statement<{ soldOut: number }>(
  'dashboard.soldOut',
  `SELECT count(*) AS "soldOut" ${FOR_SALE} WHERE s.on_hand = s.reserved`,
);

/** Options for sale of which `unitsMax` or fewer are left, and how many are sold out. */
export async function readStock(
  db: Executor,
  { unitsMax, rows }: { readonly unitsMax: number; readonly rows: number },
): Promise<{ runningOut: StockFigures[]; soldOut: number }> {
  const [runningOut, [counted]] = await Promise.all([db.query(runningOutStatement, [unitsMax, rows]), db.query(soldOutStatement)]);
  return { runningOut, soldOut: counted?.soldOut ?? 0 };
}
