/** The use case of auditing a running shop: one audit at a time in each process. */
import type { Database } from '../database/database.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { audit, type Difference } from './audit.ts';
import { INVARIANTS } from './invariants.ts';

interface AuditResult {
  readonly isClean: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly checks: readonly string[];
  readonly differences: readonly Difference[];
}

export interface AuditService {
  run(): Promise<AuditResult | Refusal<'AUDIT_RUNNING'>>;
}

export function createAuditService(database: Database): AuditService {
  let isRunning = false;
  return {
    run: async () => {
      if (isRunning) return refuse('AUDIT_RUNNING');
      isRunning = true;
      const startedAt = new Date();
      try {
        const differences = await audit(database);
        const durationMs = Date.now() - startedAt.getTime();
        return { isClean: differences.length === 0, startedAt, durationMs, checks: INVARIANTS.map(({ name }) => name), differences };
      } finally {
        isRunning = false;
      }
    },
  };
}
