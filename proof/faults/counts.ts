/** How often each kind of fault has happened. */
import type { CallFault } from '../../server/test/support/fault-proxy.ts';

export interface Counts {
  add(fault: CallFault): void;
  sum(): number;
  /** The kinds that were to happen and never did. */
  never(): CallFault[];
  entries(): readonly (readonly [CallFault, number])[];
}

const NAMES: Readonly<Record<CallFault, string>> = {
  delay: 'delayed',
  reset: 'reset',
  halfOpen: 'half open',
  cutBefore: 'cut before',
  cutAfter: 'cut after',
  '40001': '40001',
  '40P01': '40P01',
  '57P01': '57P01',
  killBefore: 'killed before',
  killAfter: 'killed after',
};

export function countsOf(faults: readonly CallFault[]): Counts {
  const counts = new Map(faults.map((fault) => [fault, 0]));
  return {
    add: (fault) => void counts.set(fault, (counts.get(fault) ?? 0) + 1),
    sum: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    never: () => [...counts].flatMap(([fault, count]) => (count === 0 ? [fault] : [])),
    entries: () => [...counts],
  };
}

/** `40001 12, cut before 11`. */
export function countsNote(counts: Counts): string {
  return counts
    .entries()
    .map(([fault, count]) => `${NAMES[fault]} ${count}`)
    .join(', ');
}
