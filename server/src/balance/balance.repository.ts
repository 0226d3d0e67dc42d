/** All SQL of the tables `balance` and `balance_entry`. */
import { type Executor, inShardsOf, statement, type Transaction, type Writes } from '../database/database.ts';
import type { Account, Entry, Ledger } from './balance.types.ts';

const ENTRY_COLUMNS = `e.user_id AS "userId", e.version, e.id, e.kind, e.delta, e.balance_after AS "balanceAfter",
  e.reference, e.created_at AS "createdAt"`;

const createStatement = statement('balance.create', {
  whole: `INSERT INTO balance (user_id, amount, version)
   SELECT user_id, 0, 0 FROM unnest($1::text[]) AS new (user_id)
    WHERE NOT EXISTS (SELECT FROM balance AS b WHERE b.user_id = new.user_id)
    ORDER BY user_id COLLATE "C"
   ON CONFLICT DO NOTHING`,
  sharded: `INSERT INTO balance (user_id, amount, version)
   SELECT user_id, 0, 0 FROM unnest($1::text[]) AS new (user_id)
    WHERE user_id NOT IN (SELECT b.user_id FROM balance AS b WHERE b.user_id = ANY ($1::text[]))
    ORDER BY user_id COLLATE "C"
   ON CONFLICT DO NOTHING`,
});

const lockStatement = statement<Account>('balance.lock', {
  whole: `SELECT user_id AS "userId", amount, version FROM balance WHERE user_id = ANY ($1::text[])
    ORDER BY user_id COLLATE "C" FOR UPDATE`,
  sharded: `UPDATE balance SET version = version WHERE user_id = ANY ($1::text[])
   RETURNING user_id AS "userId", amount, version`,
});

/** Locks the balances of users. Absent ones are made before any is locked, so that all are locked in one order. */
export async function lockBalances(tx: Transaction, userIds: readonly string[]): Promise<Ledger> {
  const wanted = [...new Set(userIds)];
  if (wanted.length === 0) return { accounts: new Map(), posted: [] };
  const [, rows] = await Promise.all([tx.query(createStatement, [wanted]), tx.query(lockStatement, [wanted])]);
  return { accounts: new Map(rows.map((row) => [row.userId, row])), posted: [] };
}

const chargesStatement = statement<Entry>(
  'balance.charges',
  `SELECT ${ENTRY_COLUMNS}
     FROM unnest($1::text[], $2::text[]) AS wanted (user_id, reference)
     JOIN balance_entry AS e USING (user_id, reference)
    WHERE e.kind = 'charge' AND e.reference IS NOT NULL`,
);

/** Earlier charges under the users' references; to be read after {@link lockBalances}. */
export async function findCharges(
  tx: Transaction,
  wanted: readonly { readonly userId: string; readonly reference: string }[],
): Promise<Entry[]> {
  if (wanted.length === 0) return [];
  return tx.query(chargesStatement, [wanted.map((charge) => charge.userId), wanted.map((charge) => charge.reference)]);
}

const insertEntriesStatement = statement(
  'balance.insertEntries',
  `INSERT INTO balance_entry (user_id, version, id, kind, delta, balance_after, reference, created_at)
   SELECT user_id, version, id, kind, delta, balance_after, reference, $8
     FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
       AS new (user_id, version, id, kind, delta, balance_after, reference)`,
);

const updateStatement = statement(
  'balance.update',
  inShardsOf(
    'b.user_id = ANY ($1::text[])',
    `UPDATE balance AS b SET amount = new.amount, version = new.version
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS new (user_id, amount, version)
    WHERE b.user_id = new.user_id`,
  ),
);

/** Writes the posted entries and the balances that follow from them. */
export function saveLedger(writes: Writes, { accounts, posted }: Ledger, now: Date): void {
  if (posted.length === 0) return;
  writes.add(insertEntriesStatement, [
    posted.map((e) => e.userId),
    posted.map((e) => e.version),
    posted.map((e) => e.id),
    posted.map((e) => e.kind),
    posted.map((e) => e.delta),
    posted.map((e) => e.balanceAfter),
    posted.map((e) => e.reference),
    now,
  ]);
  const moved = [...new Set(posted.map((e) => e.userId))].flatMap((userId) => accounts.get(userId) ?? []);
  writes.add(updateStatement, [moved.map((a) => a.userId), moved.map((a) => a.amount), moved.map((a) => a.version)]);
}

const findStatement = statement<{ amount: number }>('balance.get', 'SELECT amount FROM balance WHERE user_id = $1');

/** A user's balance; 0 without a record. */
export async function findBalance(db: Executor, userId: string): Promise<number> {
  return (await db.query(findStatement, [userId]))[0]?.amount ?? 0;
}

const historyStatement = statement<Entry>(
  'balance.history',
  `SELECT ${ENTRY_COLUMNS} FROM balance_entry AS e WHERE e.user_id = $1 AND e.version < $2 ORDER BY e.version DESC LIMIT $3`,
);

/** A user's entries below a version, newest first. */
export async function listEntries(db: Executor, userId: string, beforeVersion: number, rows: number): Promise<Entry[]> {
  return db.query(historyStatement, [userId, beforeVersion, rows]);
}
