/** Decisions of the balance flow, in the flowchart's order, and the one way to post to the ledger. Pure. */
import type { DecisionContext } from '../commit/commit.types.ts';
import { assert, present } from '../kernel/assert.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import type { balanceErrors } from './balance.errors.ts';
import type { ChargeCommand, ChargeLimits, Entry, EntryKind, Ledger } from './balance.types.ts';

type Code = keyof typeof balanceErrors;

/** Everything a batch of charges may read and change. */
export interface ChargeState {
  readonly ledger: Ledger;
  /** Earlier charges by {@link referenceKey}. */
  readonly charges: Map<string, Entry>;
  readonly limits: ChargeLimits;
}

export function referenceKey(userId: string, reference: string): string {
  // Both may hold any character, so no separator would keep two pairs apart.
  return JSON.stringify([userId, reference]);
}

/** 잔액 충전. A reference that was charged before answers that charge again. */
export function decideCharge(state: ChargeState, command: ChargeCommand, context: DecisionContext): Entry | Refusal<Code> {
  const { userId, amount, reference } = command;
  const { ledger, charges, limits } = state;
  if (amount <= 0) return refuse('INVALID_CHARGE_AMOUNT'); // 충전 금액 0 이하?
  const earlier = reference === null ? undefined : charges.get(referenceKey(userId, reference));
  if (earlier !== undefined) return earlier.delta === amount ? earlier : refuse('REFERENCE_REUSED');
  if (amount > limits.maxCharge) return refuse('CHARGE_LIMIT_EXCEEDED');
  if (balanceOf(ledger, userId) + amount > limits.maxBalance) return refuse('BALANCE_LIMIT_EXCEEDED');
  const entry = post(ledger, { userId, kind: 'charge', delta: amount, reference }, context); // UPDATE 기존 잔액 + 충전, 충전 이력 기록
  if (reference !== null) charges.set(referenceKey(userId, reference), entry);
  return entry;
}

export function balanceOf(ledger: Ledger, userId: string): number {
  return present(ledger.accounts.get(userId), 'a locked balance').amount;
}

/** Whether `delta` leaves the balance an amount that the wire can carry. */
export function canHold(ledger: Ledger, userId: string, delta: number): boolean {
  return balanceOf(ledger, userId) + delta <= MAX_MONEY;
}

/** Posts one entry to a locked account; the caller has made sure that the balance covers it. */
export function post(
  ledger: Ledger,
  movement: { readonly userId: string; readonly kind: EntryKind; readonly delta: number; readonly reference: string | null },
  { now, newId }: DecisionContext,
): Entry {
  const account = present(ledger.accounts.get(movement.userId), 'a locked balance');
  const balanceAfter = account.amount + movement.delta;
  assert(Number.isSafeInteger(balanceAfter) && balanceAfter >= 0, 'a balance stays between zero and the largest amount');
  account.amount = balanceAfter;
  account.version += 1;
  const entry: Entry = { ...movement, version: account.version, id: newId(), balanceAfter, createdAt: now };
  ledger.posted.push(entry);
  return entry;
}
