/** Makes a queue's effect of what a rule decided. */
import { Refusal } from '../kernel/errors.ts';
import type { Effect, StaffAction } from './commit.types.ts';

/** The effect that answers `status` with what `present` makes of the decision, and what staff did by it; a refusal stays one. */
export function effectOf<Decided extends object>(
  status: number,
  decided: Decided | Refusal,
  present: (decided: Decided) => object,
  actionsOf?: (decided: Decided) => readonly StaffAction[],
): Effect | Refusal {
  if (decided instanceof Refusal) return decided;
  const body = present(decided);
  return actionsOf === undefined ? { status, body } : { status, body, actions: actionsOf(decided) };
}
