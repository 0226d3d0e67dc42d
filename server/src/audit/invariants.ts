/** The invariants as queries: each gives the rows that break it, and none where all is well. */

export interface Invariant {
  readonly name: string;
  readonly sql: string;
}

/** The events, those included that the relay has still to make rows of. */
const EVENTS = `SELECT id, type, user_id, order_id FROM outbox_event
                UNION ALL
                SELECT e.id, e.type, e."userId", e."orderId"
                  FROM outbox_batch AS b
                 CROSS JOIN LATERAL jsonb_to_recordset(b.content::jsonb) AS e (id uuid, type text, "userId" text, "orderId" uuid)`;

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'balance is the sum of its ledger, and its version the number of entries',
    sql: `SELECT user_id, b.amount, b.version, l.sum, l.entries
            FROM balance AS b
            FULL JOIN (SELECT user_id, sum(delta) AS sum, count(*) AS entries FROM balance_entry GROUP BY user_id) AS l USING (user_id)
           WHERE b.user_id IS NULL OR b.amount <> coalesce(l.sum, 0) OR b.version <> coalesce(l.entries, 0)`,
  },
  {
    name: 'ledger versions count without gaps, and each balance follows from the one before',
    sql: `SELECT user_id, version, balance_after
            FROM (SELECT user_id, version, delta, balance_after,
                         row_number() OVER own AS expected_version, coalesce(lag(balance_after) OVER own, 0) AS before
                    FROM balance_entry WINDOW own AS (PARTITION BY user_id ORDER BY version)) AS e
           WHERE version <> expected_version OR balance_after <> before + delta`,
  },
  {
    name: 'every payment and every refund has its one ledger entry, and no other has one',
    sql: `SELECT kind, user_id, reference, moved, entries
            FROM (SELECT kind, user_id, reference, sum(delta) AS moved, count(*) AS entries
                    FROM balance_entry WHERE kind <> 'charge' GROUP BY kind, user_id, reference) AS e
            FULL JOIN (SELECT 'payment' AS kind, user_id, order_id::text AS reference, -amount AS expected, 1 AS documents FROM payment
                       UNION ALL
                       SELECT 'refund', user_id, payment_id::text, sum(amount), count(*) FROM refund GROUP BY user_id, payment_id) AS d
                 USING (kind, user_id, reference)
           WHERE moved IS DISTINCT FROM expected OR entries IS DISTINCT FROM documents`,
  },
  {
    name: 'reserved is what pending orders hold',
    sql: `SELECT s.option_id, s.reserved, coalesce(h.units, 0) AS held
            FROM stock AS s
            LEFT JOIN (SELECT l.option_id, sum(l.quantity) AS units
                         FROM order_line AS l JOIN orders AS o ON o.user_id = l.user_id AND o.id = l.order_id
                        WHERE o.status = 'pending' GROUP BY l.option_id) AS h USING (option_id)
           WHERE s.reserved <> coalesce(h.units, 0)`,
  },
  {
    name: 'on hand is what was adjusted, less what was paid, plus what was restocked',
    sql: `SELECT s.option_id, s.on_hand, coalesce(a.units, 0) AS adjusted, coalesce(p.paid, 0) AS paid, coalesce(p.restocked, 0) AS restocked
            FROM stock AS s
            LEFT JOIN (SELECT option_id, sum(delta) AS units FROM stock_adjustment GROUP BY option_id) AS a USING (option_id)
            LEFT JOIN (SELECT l.option_id, sum(l.quantity) AS paid, sum(l.restocked_quantity) AS restocked
                         FROM order_line AS l JOIN orders AS o ON o.user_id = l.user_id AND o.id = l.order_id
                        WHERE o.payment_id IS NOT NULL GROUP BY l.option_id) AS p USING (option_id)
           WHERE s.on_hand <> coalesce(a.units, 0) - coalesce(p.paid, 0) + coalesce(p.restocked, 0)`,
  },
  {
    name: 'every option has its stock',
    sql: 'SELECT o.id FROM product_option AS o LEFT JOIN stock AS s ON s.option_id = o.id WHERE s.option_id IS NULL',
  },
  {
    name: 'issued is the number of users’ coupons, and their sequences have no gaps',
    sql: `SELECT c.id, c.issued, c.quantity, coalesce(u.count, 0) AS counted, u.lowest, u.highest, u.different
            FROM coupon AS c
            FULL JOIN (SELECT coupon_id, count(*), min(sequence) AS lowest, max(sequence) AS highest, count(DISTINCT sequence) AS different
                         FROM user_coupon GROUP BY coupon_id) AS u ON u.coupon_id = c.id
           WHERE c.id IS NULL OR c.issued <> coalesce(u.count, 0) OR c.issued > c.quantity
              OR u.count > 0 AND (u.lowest <> 1 OR u.highest <> u.count OR u.different <> u.count)`,
  },
  {
    name: 'every held coupon has a pending order and every used one a paid order, which name it',
    sql: `SELECT c.user_id, c.id, c.status, c.order_id, o.status AS order_status
            FROM user_coupon AS c LEFT JOIN orders AS o ON o.user_id = c.user_id AND o.id = c.order_id AND o.user_coupon_id = c.id
           WHERE c.status = 'held' AND o.status IS DISTINCT FROM 'pending'
              OR c.status = 'used' AND (o.status IS NULL OR o.status NOT IN ('paid', 'partiallyRefunded', 'refunded'))`,
  },
  {
    name: 'every pending or paid order that names a coupon holds or has used it',
    sql: `SELECT o.user_id, o.id, o.status, o.user_coupon_id, c.status AS coupon_status
            FROM orders AS o LEFT JOIN user_coupon AS c ON c.user_id = o.user_id AND c.id = o.user_coupon_id AND c.order_id = o.id
           WHERE o.user_coupon_id IS NOT NULL
             AND (o.status = 'pending' AND c.status IS DISTINCT FROM 'held'
               OR o.status IN ('paid', 'partiallyRefunded', 'refunded') AND c.status IS DISTINCT FROM 'used')`,
  },
  {
    name: 'every order that says it is paid has exactly its payment, and no other has one',
    sql: `SELECT o.user_id, o.id AS order_id, o.status, o.payment_id, p.id AS payment
            FROM orders AS o FULL JOIN payment AS p ON p.user_id = o.user_id AND p.order_id = o.id
           WHERE o.id IS NULL OR o.payment_id IS DISTINCT FROM p.id OR o.payment_id IS NOT NULL AND
                 (o.subtotal <> p.subtotal OR o.discount <> p.discount OR o.total <> p.amount OR o.paid_at <> p.paid_at)`,
  },
  {
    name: 'the subtotal of an order is the sum of its lines',
    sql: `SELECT o.user_id, o.id, o.subtotal, l.sum
            FROM orders AS o LEFT JOIN (SELECT user_id, order_id, sum(unit_price * quantity) AS sum FROM order_line GROUP BY user_id, order_id) AS l
                 ON l.user_id = o.user_id AND l.order_id = o.id
           WHERE l.sum IS DISTINCT FROM o.subtotal`,
  },
  {
    name: 'what was refunded follows from the units refunded',
    sql: `SELECT p.user_id, p.id, p.amount, p.refunded, r.sum, u.list_price
            FROM payment AS p
            LEFT JOIN (SELECT user_id, payment_id, sum(amount) AS sum FROM refund GROUP BY user_id, payment_id) AS r
                 ON r.user_id = p.user_id AND r.payment_id = p.id
            LEFT JOIN (SELECT user_id, order_id, sum(unit_price * refunded_quantity) AS list_price FROM order_line GROUP BY user_id, order_id) AS u
                 ON u.user_id = p.user_id AND u.order_id = p.order_id
           WHERE p.refunded <> coalesce(r.sum, 0)
              OR p.refunded <> CASE WHEN p.subtotal = 0 THEN 0 ELSE div(p.amount::numeric * coalesce(u.list_price, 0), p.subtotal) END`,
  },
  {
    name: 'the status of a paid order follows from the units refunded',
    sql: `SELECT o.user_id, o.id, o.status, l.refunded, l.units
            FROM orders AS o JOIN (SELECT user_id, order_id, sum(refunded_quantity) AS refunded, sum(quantity) AS units
                                     FROM order_line GROUP BY user_id, order_id) AS l ON l.user_id = o.user_id AND l.order_id = o.id
           WHERE o.status <> CASE WHEN o.payment_id IS NULL THEN o.status
                                  WHEN l.refunded = 0 THEN 'paid' WHEN l.refunded < l.units THEN 'partiallyRefunded' ELSE 'refunded' END
              OR o.payment_id IS NULL AND l.refunded > 0`,
  },
  {
    name: 'the lines of cancelled and expired orders, and no others, are released',
    sql: `SELECT l.user_id, l.order_id, l.line, l.released, o.status
            FROM order_line AS l LEFT JOIN orders AS o ON o.user_id = l.user_id AND o.id = l.order_id
           WHERE l.released IS DISTINCT FROM (o.status IN ('cancelled', 'expired'))`,
  },
  {
    name: 'every payment has exactly one event order.paid, until retention deletes it',
    sql: `SELECT p.user_id, p.order_id, count(e.id) AS events
            FROM payment AS p LEFT JOIN (${EVENTS}) AS e ON e.order_id = p.order_id AND e.type = 'order.paid'
           WHERE p.paid_at >= (SELECT forgotten_before FROM outbox_horizon)
           GROUP BY p.user_id, p.order_id HAVING count(e.id) <> 1`,
  },
  {
    name: 'every event order.paid is of a payment',
    sql: `SELECT e.id, e.order_id
            FROM (${EVENTS}) AS e LEFT JOIN payment AS p ON p.user_id = e.user_id AND p.order_id = e.order_id
           WHERE e.type = 'order.paid' AND p.id IS NULL`,
  },
  {
    name: 'what waits for the relay is as much as its batch says',
    sql: `SELECT position, events, jsonb_array_length(content::jsonb) AS found FROM outbox_batch WHERE events <> jsonb_array_length(content::jsonb)`,
  },
  {
    name: 'every delivery is of an event, and of each there is one a destination at most',
    sql: `SELECT d.event_id, d.destination, count(*) AS deliveries, count(e.id) AS events
            FROM delivery AS d LEFT JOIN outbox_event AS e ON e.id = d.event_id
           GROUP BY d.event_id, d.destination HAVING count(*) <> 1 OR count(e.id) <> 1`,
  },
];
