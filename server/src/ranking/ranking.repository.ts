/**
 * The table `ranking`, and the report it is made of: one of the named exceptions that read across the tables of others.
 */
import { type Executor, planFreely, statement, type Transaction, type Writes } from '../database/database.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import type { RankedProduct, Ranking } from './ranking.types.ts';

const WINDOW = "interval '72 hours'";
const REPORT_TIMEOUT_MS = 60_000;

const patienceStatement = statement('ranking.patience', `SELECT set_config('statement_timeout', '${REPORT_TIMEOUT_MS}', true)`);

const windowStatement = statement<{ from: Date; to: Date }>(
  'ranking.window',
  `SELECT date_trunc('milliseconds', t.now) AS to, date_trunc('milliseconds', t.now) - ${WINDOW} AS from
     FROM (SELECT clock_timestamp() + $1 * interval '1 millisecond' AS now) AS t`,
);

/**
 * 최근 3일 주문 내역 조회, 상품 정보 조인. What an order paid, less its refunds, is spread over the list prices of its remaining
 * units by cumulative rounding, so that the revenues of its products add up to it exactly. What the wire cannot carry is shown as
 * the most it can.
 */
const reportStatement = statement<RankedProduct>(
  'ranking.report',
  `WITH paid AS (
     SELECT user_id, order_id, amount - refunded AS net
       FROM payment WHERE paid_at >= $1 AND paid_at < $2),
   line AS (
     SELECT l.product_id, l.quantity - l.refunded_quantity AS units, paid.net,
            (l.unit_price * (l.quantity - l.refunded_quantity))::numeric AS list,
            sum(l.unit_price * (l.quantity - l.refunded_quantity)) OVER (PARTITION BY l.user_id, l.order_id) AS order_list,
            sum(l.unit_price * (l.quantity - l.refunded_quantity)) OVER (PARTITION BY l.user_id, l.order_id ORDER BY l.line) AS up_to
       FROM paid JOIN order_line AS l USING (user_id, order_id)),
   sold AS (
     SELECT product_id, sum(units) AS quantity,
            sum(CASE WHEN order_list = 0 THEN 0 ELSE div(net * up_to, order_list) - div(net * (up_to - list), order_list) END) AS revenue
       FROM line GROUP BY product_id HAVING sum(units) > 0)
   SELECT sold.product_id AS "productId", p.name, least(sold.quantity, ${MAX_MONEY})::bigint AS quantity,
          least(sold.revenue, ${MAX_MONEY})::bigint AS revenue
     FROM sold JOIN product AS p ON p.id = sold.product_id
    WHERE p.status = 'active'
    ORDER BY sold.quantity DESC, sold.revenue DESC, sold.product_id
    LIMIT $3`,
  REPORT_TIMEOUT_MS,
);

/** Computes the ranking of the 72 hours before now. */
export async function report(tx: Transaction, clockOffsetMs: number, limit: number): Promise<Omit<Ranking, 'id'>> {
  await Promise.all([tx.query(planFreely), tx.query(patienceStatement)]);
  const [window] = await tx.query(windowStatement, [clockOffsetMs]);
  if (window === undefined) throw new Error('the database gave no time');
  const items = await tx.query(reportStatement, [window.from, window.to, limit]);
  return { asOf: window.to, ...window, items };
}

const insertStatement = statement(
  'ranking.insert',
  'INSERT INTO ranking (id, as_of, window_from, window_to, items) VALUES ($1, $2, $3, $4, $5::jsonb)',
);

export function insertRanking(writes: Writes, { id, asOf, from, to, items }: Ranking): void {
  writes.add(insertStatement, [id, asOf, from, to, JSON.stringify(items)]);
}

const latestStatement = statement<Ranking>(
  'ranking.latest',
  'SELECT id, as_of AS "asOf", window_from AS "from", window_to AS "to", items FROM ranking ORDER BY id DESC LIMIT 1',
);

export async function findLatest(db: Executor): Promise<Ranking | null> {
  return (await db.query(latestStatement))[0] ?? null;
}

const hiddenStatement = statement<{ id: string }>(
  'ranking.hidden',
  "SELECT id FROM product WHERE id = ANY ($1::uuid[]) AND status = 'hidden'",
);

/** Which of the products are hidden now. */
export async function findHidden(db: Executor, productIds: readonly string[]): Promise<Set<string>> {
  return new Set((await db.query(hiddenStatement, [productIds])).map((row) => row.id));
}

const forgetStatement = statement(
  'ranking.forget',
  'DELETE FROM ranking WHERE as_of < $1 AND id <> (SELECT id FROM ranking ORDER BY id DESC LIMIT 1)',
);

/** Deletes rankings older than `before`; the latest stays. */
export async function forgetRankings(db: Executor, before: Date): Promise<void> {
  await db.query(forgetStatement, [before]);
}
