/**
 * What is learnt of a transaction whose COMMIT was lost. After a crash PostgreSQL may give out the id of a transaction that never
 * reached the disk once more, so only a row that the transaction itself wrote says that it was committed.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Evidence, insertEffects } from '../../src/commit/idempotency.repository.ts';
import { learnOutcome, type Outcome } from '../../src/commit/outcome.ts';
import { type Database, DEFAULT_LIMITS, openDatabase, statement, transactionOn, writesOn } from '../../src/database/database.ts';
import { createDatabase } from '../support/shop.ts';

const PATIENCE_MS = 5000;
const idStatement = statement<{ id: string }>('test.transactionId', 'SELECT pg_current_xact_id()::text AS id');

describe('the outcome of a transaction', () => {
  let database: Database;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const created = await createDatabase();
    drop = created.drop;
    database = openDatabase(created.target, DEFAULT_LIMITS, () => undefined);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const evidenceOf = (key: string): Evidence => ({ userId: 'user', operation: 'test', key, batchId: randomUUID() });
  const learn = (transactionId: string, evidence: Evidence): Promise<Outcome> =>
    learnOutcome(database, transactionId, evidence, performance.now() + PATIENCE_MS);

  /** A transaction that leaves the evidence, if any, and is ended by `end`. */
  async function begun(evidence: Evidence | null): Promise<{ id: string; end: (how: 'COMMIT' | 'ROLLBACK') => Promise<void> }> {
    const client = await database.writers.connect();
    await client.query('BEGIN');
    const tx = transactionOn(client, await database.layout());
    const id = (await tx.query(idStatement))[0]?.id ?? '';
    if (evidence !== null) {
      const effect = { ...evidence, requestHash: '', status: 200, json: '{}' };
      const writes = writesOn(client, await database.layout());
      insertEffects(writes, [effect], { batchId: evidence.batchId, now: new Date() });
      await Promise.all(writes.results);
    }
    const end = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
      await client.query(how);
      client.release();
    };
    return { id, end };
  }

  test.for(['COMMIT', 'ROLLBACK'] as const)('is waited for while it runs: %s', async (how) => {
    const evidence = evidenceOf(how);
    const { id, end } = await begun(evidence);
    const learning = learn(id, evidence);
    const early = await Promise.race([learning, database.query(statement('test.sleep', 'SELECT pg_sleep(0.3)'))]);
    expect(Array.isArray(early), 'nothing is learnt of a transaction that runs').toBe(true);
    await end(how);
    expect(await learning).toBe(how === 'COMMIT' ? 'committed' : 'aborted');
  });

  test('is aborted where its id was given to another transaction, which was committed', async () => {
    const { id, end } = await begun(evidenceOf('of another transaction'));
    await end('COMMIT');
    expect(await learn(id, evidenceOf('of a transaction that never reached the disk'))).toBe('aborted');
  });

  test('is aborted where another batch has had the effect of its key since', async () => {
    const evidence = evidenceOf('repeated');
    const lost = await begun(evidence);
    await lost.end('ROLLBACK');
    const later = await begun({ ...evidence, batchId: randomUUID() });
    await later.end('COMMIT');
    expect(await learn(lost.id, evidence)).toBe('aborted');
  });

  test('is aborted where its id has not been given out yet, since a crash took it back', async () => {
    const { id, end } = await begun(null);
    await end('ROLLBACK');
    expect(await learn(String(BigInt(id) + 1_000_000n), evidenceOf('from before the crash'))).toBe('aborted');
  });

  test('is unknown at the deadline where the transaction still runs', async () => {
    const evidence = evidenceOf('slow');
    const { id, end } = await begun(evidence);
    expect(await learnOutcome(database, id, evidence, performance.now() + 200)).toBe('unknown');
    await end('COMMIT');
    expect(await learn(id, evidence)).toBe('committed');
  });
});
