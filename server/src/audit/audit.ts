/**
 * Recomputes every invariant from its sources, in one snapshot, with the server up or down. One of the named exceptions
 * that read across the tables of others; it only reads. The list is the one of `docs/invariants.md`.
 */
import { type Database, statement } from '../database/database.ts';
import { INVARIANTS } from './invariants.ts';

/** One thing that does not add up. */
export interface Difference {
  readonly check: string;
  readonly found: object;
}

const AUDIT_TIMEOUT_MS = 3_600_000;
const SHOWN_A_CHECK_MAX = 20;

const patience = statement('audit.patience', `SELECT set_config('statement_timeout', '${AUDIT_TIMEOUT_MS}', true)`);

/** Gives the differences, at most 20 a check. */
export async function audit(database: Database): Promise<Difference[]> {
  return database.report(async (tx) => {
    await tx.query(patience);
    const differences: Difference[] = [];
    for (const [index, { name, sql }] of INVARIANTS.entries()) {
      const limited = `SELECT * FROM (${sql}) AS differences LIMIT ${SHOWN_A_CHECK_MAX}`;
      const check = statement<object>(`audit.${index}`, limited, AUDIT_TIMEOUT_MS);
      for (const found of await tx.query(check)) differences.push({ check: name, found });
    }
    return differences;
  });
}
