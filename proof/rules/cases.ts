/** Many random cases of one property, fast: a claim costs a comparison where it holds. */
import fc from 'fast-check';

/** @throws with `claim` where it does not hold. */
export function hold(holds: boolean, claim: string | (() => string)): void {
  if (!holds) throw new Error(typeof claim === 'string' ? claim : claim());
}

/** Tries the property on so many cases. @throws with the smallest case found that breaks it. */
export function tryCases<Case>(
  { tries, seed }: { readonly tries: number; readonly seed: number },
  cases: fc.Arbitrary<Case>,
  property: (each: Case) => void,
): { readonly tries: number } {
  fc.assert(fc.property(cases, property), { numRuns: tries, seed, includeErrorInReport: true });
  return { tries };
}

export const SHORT_CASES = 20_000;
export const LONG_CASES = 1_000_000;

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
