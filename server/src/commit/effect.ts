/** Makes a queue's effect of what a rule decided. */
import { Refusal } from '../kernel/errors.ts';
import type { Effect } from './commit.types.ts';

/** The effect that answers `status` with what `present` makes of the decision; a refusal stays one. */
export function effectOf<Decided extends object>(
  status: number,
  decided: Decided | Refusal,
  present: (decided: Decided) => object,
): Effect | Refusal {
  return decided instanceof Refusal ? decided : { status, body: present(decided) };
}
