/** Use cases of the balance flow, and what neighbours need of balances. */
import type { Answer, DecisionContext, Effect, Locking, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database, Transaction, Writes } from '../database/database.ts';
import type { Refusal } from '../kernel/errors.ts';
import { cursorCodec, type Page, type PageQuery, pageOf, rowsWanted } from '../kernel/paging.ts';
import { actionBy } from '../staff/staff.service.ts';
import { findBalance, findCharges, listEntries, lockBalances, saveLedger } from './balance.repository.ts';
import { type ChargeState, decideCharge, referenceKey } from './balance.rules.ts';
import { presentCharged, presentEntry } from './balance.schemas.ts';
import type { ChargeCommand, ChargeLimits, Ledger } from './balance.types.ts';

/** Balances, as neighbours lock and post to them inside their own batches. */
export interface LedgerKeeper {
  lockBalances(tx: Transaction, userIds: readonly string[]): Promise<Ledger>;
  saveLedger(writes: Writes, ledger: Ledger, now: Date): void;
}

export interface BalanceService extends LedgerKeeper {
  get(userId: string): Promise<{ userId: string; amount: number; currency: string }>;
  history(userId: string, query: PageQuery): Promise<Page<ReturnType<typeof presentEntry>>>;
  charge(command: ChargeCommand, key: WriteKey | null): Promise<Answer | Refusal>;
}

const historyCursor = cursorCodec('balanceEntries', ['integer']);

export function createBalanceService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly limits: ChargeLimits;
  readonly currency: string;
}): BalanceService {
  const { database, commit, limits, currency } = deps;
  const queue = commit.queue<ChargeCommand, ChargeState>({
    name: 'balance',
    lock: (tx, commands, locking) => lockForCharges(tx, commands, locking, limits),
    decide: (state, command, context) => decide(state, command, context, currency),
    save: (writes, { ledger }, { now }) => saveLedger(writes, ledger, now),
  });
  return {
    lockBalances,
    saveLedger,
    get: async (userId) => ({ userId, amount: await findBalance(database, userId), currency }),
    history: async (userId, query) => {
      const [before] = historyCursor.decode(query.cursor) ?? [Number.MAX_SAFE_INTEGER];
      const rows = await listEntries(database, userId, before, rowsWanted(query));
      return pageOf(rows, query, presentEntry, (row) => historyCursor.encode([row.version]));
    },
    charge: (command, key) => queue.submit(command, key),
  };
}

function decide(state: ChargeState, command: ChargeCommand, context: DecisionContext, currency: string): Effect | Refusal {
  const posted = state.ledger.posted.length;
  return effectOf(
    200,
    decideCharge(state, command, context),
    (entry) => presentCharged(entry, currency),
    ({ id: entryId, userId, delta, balanceAfter, reference }) => {
      // A reference that was charged before answers that charge again.
      if (state.ledger.posted.length === posted) return [];
      const after = { balance: balanceAfter, charged: delta, reference, entryId };
      return actionBy(command.staffId, 'balance.charge', { objectId: userId, before: { balance: balanceAfter - delta }, after });
    },
  );
}

async function lockForCharges(
  tx: Transaction,
  commands: readonly ChargeCommand[],
  { locksSent }: Locking,
  limits: ChargeLimits,
): Promise<ChargeState> {
  const locked = lockBalances(
    tx,
    commands.map((command) => command.userId),
  );
  locksSent();
  const wanted = commands.flatMap(({ userId, reference }) => (reference === null ? [] : [{ userId, reference }]));
  const [ledger, earlier] = await Promise.all([locked, findCharges(tx, wanted)]);
  const charges = new Map(earlier.map((entry) => [referenceKey(entry.userId, entry.reference ?? ''), entry]));
  return { ledger, charges, limits };
}
