/** Puts what moved an option's stock in the order of time. Pure. */
import type { OrderedUnits } from '../order/order.types.ts';
import type { JournalSources, Movement, Outcome } from './journal.types.ts';

/** The newest first, by their ids, which begin with their time. */
export function movementsOf({ adjustments, ordered, restocked }: JournalSources): Movement[] {
  const movements: Movement[] = [
    ...adjustments.map(({ createdAt: at, ...adjustment }): Movement => ({ ...adjustment, at, kind: 'adjustment' })),
    ...ordered.map(orderMovement),
    ...restocked.map(({ createdAt: at, ...refund }): Movement => ({ ...refund, at, kind: 'restock' })),
  ];
  return movements.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

/** An order is one movement, at the time it took the units: what became of them later stands with it. */
function orderMovement(units: OrderedUnits): Movement {
  const { id, userId, quantity, createdAt: at } = units;
  const outcome = outcomeOf(units);
  return { id, at, kind: 'order', quantity, outcome, settledAt: settledAt(outcome, units), userId };
}

/** By the status as it is stored, for an order past its time holds what it holds until it is swept. */
function outcomeOf({ status }: OrderedUnits): Outcome {
  switch (status) {
    case 'pending':
      return 'held';
    case 'paid':
    case 'partiallyRefunded':
    case 'refunded':
      return 'sold';
    case 'cancelled':
    case 'expired':
      return 'givenBack';
  }
}

/** One that ended before that time was kept has ended by its `expiresAt` at the latest. */
function settledAt(outcome: Outcome, { paidAt, endedAt, expiresAt }: OrderedUnits): Date | null {
  switch (outcome) {
    case 'held':
      return null;
    case 'sold':
      return paidAt;
    case 'givenBack':
      return endedAt ?? expiresAt;
  }
}
