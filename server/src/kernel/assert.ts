/**
 * Assertions for what must never happen. A failed assertion is a defect of ours, never a client's
 * mistake: it surfaces as 500 `INTERNAL_ERROR` and rolls back whatever transaction it is raised in.
 */

/** Thrown by {@link assert} and {@link unreachable}. */
class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Narrows `condition` to true or throws {@link AssertionFailed}. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** Gives `value` back without null and undefined, or throws {@link AssertionFailed}. */
export function present<T>(value: T, what: string): NonNullable<T> {
  assert(value !== null && value !== undefined, `${what} must be present`);
  return value;
}
