/**
 * The table `idempotency_key`: what each key's effect answered, and the evidence that a batch was committed.
 *
 * Rows are read after the batch's row locks and inserted last, sorted: where another process was faster with one of the keys, the
 * insert fails, the transaction with it, and the batch is run again.
 */
import { type Executor, statement, type Writes } from '../database/database.ts';
import type { WriteKey } from './commit.types.ts';

/** A key with the effect it stands for. */
export interface StoredEffect {
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
  readonly requestHash: string;
  readonly status: number;
  readonly json: string;
}

/** What a row of the table is found by. */
export type KeyIdentity = Pick<StoredEffect, 'userId' | 'operation' | 'key'>;

/** A row that only the transaction of this one batch can have written. */
export interface Evidence extends KeyIdentity {
  readonly batchId: string;
}

/** The one text that stands for a key in maps; its parts cannot contain the separator (keys are visible ASCII, operations are ours). */
export function keyText({ userId, operation, key }: KeyIdentity): string {
  return `${key}\n${operation}\n${userId}`;
}

const findStatement = statement<StoredEffect>(
  'idempotency.find',
  `SELECT k.user_id AS "userId", k.operation, k.key, k.request_hash AS "requestHash", k.status, k.body AS json
     FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (user_id, operation, key)
     JOIN idempotency_key AS k USING (user_id, operation, key)`,
);

/** The stored effects of `keys`, by {@link keyText}. */
export async function findEffects(db: Executor, keys: readonly WriteKey[]): Promise<Map<string, StoredEffect>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query(findStatement, [keys.map((k) => k.userId), keys.map((k) => k.operation), keys.map((k) => k.key)]);
  return new Map(rows.map((row) => [keyText(row), row]));
}

const insertStatement = statement(
  'idempotency.insert',
  `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
   SELECT user_id, operation, key, request_hash, status, body, $7, $8
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[])
       AS effect (user_id, operation, key, request_hash, status, body)
    ORDER BY user_id COLLATE "C", operation COLLATE "C", key COLLATE "C"`,
);

/** The constraint that an insert breaks where some key was taken meanwhile; Citus numbers the constraints of the tables that it knows of. */
const KEY_CONSTRAINT = /^idempotency_key_pkey(_\d+)?$/;

/** Whether a constraint that was broken says that some key was taken meanwhile. */
export function isKeyConstraint(name: string | undefined): boolean {
  return name !== undefined && KEY_CONSTRAINT.test(name);
}

/** Stores the effects; where some key was taken meanwhile, the transaction fails by a constraint that {@link isKeyConstraint} knows. */
export function insertEffects(
  writes: Writes,
  effects: readonly StoredEffect[],
  { batchId, now }: { readonly batchId: string; readonly now: Date },
): void {
  const column = <K extends keyof StoredEffect>(name: K): StoredEffect[K][] => effects.map((effect) => effect[name]);
  writes.add(insertStatement, [
    column('userId'),
    column('operation'),
    column('key'),
    column('requestHash'),
    column('status'),
    column('json'),
    batchId,
    now,
  ]);
}

/** A row that proves nothing but that its batch was committed. */
export function markerEffect(batchId: string): StoredEffect {
  return { userId: '', operation: 'batch', key: batchId, requestHash: '', status: 0, json: '' };
}

const existsStatement = statement<{ present: boolean }>(
  'idempotency.exists',
  'SELECT EXISTS (SELECT FROM idempotency_key WHERE user_id = $1 AND operation = $2 AND key = $3 AND batch_id = $4) AS present',
);

/**
 * Whether the row is there, that is, whether the batch that wrote it is committed. The key alone would not tell: its
 * caller may have repeated it elsewhere meanwhile, with success.
 */
export async function effectExists(db: Executor, { userId, operation, key, batchId }: Evidence): Promise<boolean> {
  const rows = await db.query(existsStatement, [userId, operation, key, batchId]);
  return rows[0]?.present === true;
}

// The index of times tells pages apart and not rows: with nothing but an upper bound each batch would read all pages that the batches before it have emptied.
const forgetStatement = statement<{ count: number; last: Date | null }>(
  'idempotency.forget',
  `WITH old AS (
     SELECT user_id, operation, key FROM idempotency_key WHERE created_at < $1 AND created_at >= $2::timestamptz LIMIT $3),
   gone AS (
     DELETE FROM idempotency_key AS k USING old
      WHERE k.user_id = old.user_id AND k.operation = old.operation AND k.key = old.key
     RETURNING k.created_at)
   SELECT count(*) AS count, max(created_at) AS last FROM gone`,
);

/**
 * Deletes up to `limit` keys that are older than `before` and not older than `after`; gives how many, and the time of the youngest. Rows lie in the order of their times
 * for the most part only: where one went up to `last`, older ones may be left.
 */
export async function forgetEffects(
  db: Executor,
  before: Date,
  after: Date | null,
  limit: number,
): Promise<{ readonly count: number; readonly last: Date | null }> {
  const [row] = await db.query(forgetStatement, [before, after ?? '-infinity', limit]);
  return row ?? { count: 0, last: null };
}
