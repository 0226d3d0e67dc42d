/**
 * What a process remembers of things that are sold out, so that the thousands who come too late cost no transaction.
 *
 * Nothing is remembered but what a batch has read under the locks, after its transaction has ended, and only where nobody of this
 * process has changed it since. What other processes change is learnt by letting every memory lapse: the next request is then
 * decided by a batch, as ever. What they tell makes that faster (`database/news.ts`), and nothing hangs on it
 * (`docs/adr/0007-sold-out-from-memory.md`).
 */

/** A moment before the locks of a batch; what the batch reads is at least as new. */
export interface Observation {
  readonly sequence: number;
  /** Milliseconds of `performance.now`. */
  readonly at: number;
  readonly clockOffsetMs: number;
}

export interface SoldOut {
  /** Whether `id` is known to be sold out now. */
  readonly isKnown: (id: string) => boolean;
  /** To be called before the locks of a batch are asked for. */
  observe(): Observation;
  /**
   * Takes in a batch that has ended: `changed` it may have changed, `soldOut` of it is sold out, and nothing about that can
   * change by itself for `forMs`.
   */
  settle(
    observation: Observation,
    batch: { readonly changed: Iterable<string>; readonly soldOut: readonly { id: string; forMs: number }[] },
  ): void;
  /** Forgets what others than the batches of {@link SoldOut.settle} have changed. */
  forget(ids: Iterable<string>): void;
  forgetAll(): void;
}

interface Memory {
  readonly until: number;
  readonly clockOffsetMs: number;
}

/** The contract allows refusals to lag other processes by a second; the rest is for the way of the answer. */
const REMEMBERED_MS = 900;
const MEMORIES_MAX = 10_000;
const CHANGES_MAX = 10_000;

/** @param clockOffsetMs added to the database's clock; where it has been moved, nothing that was remembered counts. */
export function createSoldOut(clockOffsetMs: () => number): SoldOut {
  const memories = new Map<string, Memory>();
  /** The sequence of the last change of each id; changes before `forgotten` are not known one by one any more. */
  let changes = new Map<string, number>();
  let forgotten = 0;
  let sequence = 0;

  const isUnchangedSince = (id: string, observation: Observation): boolean =>
    observation.sequence >= forgotten && (changes.get(id) ?? 0) <= observation.sequence;

  const forget = (ids: Iterable<string>): void => {
    sequence += 1;
    for (const id of ids) {
      memories.delete(id);
      changes.set(id, sequence);
    }
    if (changes.size > CHANGES_MAX) forgetChanges();
  };

  const forgetChanges = (): void => {
    changes = new Map();
    forgotten = sequence;
  };

  return {
    isKnown: (id) => {
      const memory = memories.get(id);
      if (memory === undefined) return false;
      if (performance.now() < memory.until && memory.clockOffsetMs === clockOffsetMs()) return true;
      memories.delete(id);
      return false;
    },
    observe: () => ({ sequence, at: performance.now(), clockOffsetMs: clockOffsetMs() }),
    settle: (observation, { changed, soldOut }) => {
      const certain = soldOut.filter(({ id }) => isUnchangedSince(id, observation));
      forget(changed);
      if (memories.size + certain.length > MEMORIES_MAX) memories.clear();
      for (const { id, forMs } of certain) {
        memories.set(id, { until: observation.at + Math.min(REMEMBERED_MS, forMs), clockOffsetMs: observation.clockOffsetMs });
      }
    },
    forget,
    forgetAll: () => {
      sequence += 1;
      memories.clear();
      forgetChanges();
    },
  };
}
