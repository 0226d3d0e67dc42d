/** Who the customers are, and what they have in numbers: one of the named exceptions that read across the tables of others. */
import { type Executor, statement } from '../database/database.ts';
import type { Customer, CustomerAccount, CustomerCounts } from './customer.types.ts';

/** Sorts after every text that begins with what is before it, as long as user ids are. */
const LAST = '\u{10ffff}'.repeat(256);

// Along the keys of the tables, from the cursor or the prefix on; each branch gives no more than the page needs.
const PREFIXED = 'user_id > $1 AND user_id >= $2 AND user_id < $3 AND starts_with(user_id, $2)';
const BRANCH = `WHERE ${PREFIXED} ORDER BY user_id LIMIT $4`;
const listStatement = statement<{ userId: string }>(
  'customer.list',
  `SELECT user_id AS "userId" FROM (
     (SELECT user_id FROM order_customer ${BRANCH})
     UNION (SELECT user_id FROM balance ${BRANCH})
     UNION (SELECT DISTINCT user_id FROM user_coupon ${BRANCH})
     UNION (SELECT user_id FROM (SELECT id::text AS user_id FROM account_user) AS a ${BRANCH})
     UNION (SELECT id::text FROM account_user
             WHERE $5 <> '' AND email >= $5 AND email < $6 AND starts_with(email, $5) AND id::text > $1 ORDER BY id::text LIMIT $4)
     UNION (SELECT id::text FROM account_user
             WHERE $5 <> '' AND lower(name) >= $5 AND lower(name) < $6 AND starts_with(lower(name), $5) AND id::text > $1 ORDER BY id::text LIMIT $4)
   ) AS found ORDER BY user_id LIMIT $4`,
);

const accountsStatement = statement<CustomerAccount & { userId: string }>(
  'customer.accounts',
  'SELECT id::text AS "userId", name, email, role FROM account_user WHERE id::text = ANY ($1::text[])',
);

/** Users whose id, or whose account's email address or name, begins with `search`, in the order of their ids, from the one after `after` on. */
export async function listCustomers(db: Executor, search: string, after: string, rows: number): Promise<Customer[]> {
  const folded = search.toLowerCase();
  const found = await db.query(listStatement, [after, search, `${search}${LAST}`, rows, folded, `${folded}${LAST}`]);
  return withAccounts(
    db,
    found.map(({ userId }) => userId),
  );
}

async function withAccounts(db: Executor, userIds: readonly string[]): Promise<Customer[]> {
  const accounts = userIds.length > 0 ? await db.query(accountsStatement, [userIds]) : [];
  const byUser = new Map(accounts.map(({ userId, ...account }) => [userId, account]));
  return userIds.map((userId) => ({ userId, account: byUser.get(userId) ?? null }));
}

// All along the keys of one user.
const countsStatement = statement<CustomerCounts>(
  'customer.counts',
  `SELECT (SELECT count(*) FROM orders WHERE user_id = $1) AS orders,
          (SELECT count(*) FROM orders
            WHERE status = 'pending' AND user_id = $1 AND expires_at > clock_timestamp() + $2 * interval '1 millisecond') AS "pendingOrders",
          p.payments, p.paid, p.refunded, c.coupons, c.used AS "usedCoupons",
          coalesce((SELECT version FROM balance WHERE user_id = $1), 0) AS "ledgerEntries"
     FROM (SELECT count(*) AS payments, coalesce(sum(amount), 0)::bigint AS paid, coalesce(sum(refunded), 0)::bigint AS refunded
             FROM payment WHERE user_id = $1) AS p,
          (SELECT count(*) AS coupons, count(*) FILTER (WHERE status = 'used') AS used FROM user_coupon WHERE user_id = $1) AS c`,
);

/** A user with what it has in numbers; null for one of whom nothing is known. */
export async function findCustomer(
  db: Executor,
  userId: string,
  clockOffsetMs: number,
): Promise<(Customer & { readonly counts: CustomerCounts }) | null> {
  const [[customer], [counts]] = await Promise.all([withAccounts(db, [userId]), db.query(countsStatement, [userId, clockOffsetMs])]);
  if (customer === undefined || counts === undefined) return null;
  const isKnown = customer.account !== null || counts.orders + counts.coupons + counts.ledgerEntries > 0;
  return isKnown ? { ...customer, counts } : null;
}
