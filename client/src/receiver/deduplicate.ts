/**
 * An event arrives at least once: again where an answer was lost on its way, and again where staff of the shop replay it. Each time it has the same
 * id, so a receiver remembers ids.
 *
 * Whoever has a database remembers them best there, in the transaction of what the event does, with `store: null` for the receiver:
 *
 *     CREATE TABLE received_event (id uuid PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now());
 *
 *     BEGIN;
 *     INSERT INTO received_event (id) VALUES ($1) ON CONFLICT DO NOTHING;   -- no row inserted: a duplicate; COMMIT and be done
 *     …                                                                    -- what the event does
 *     COMMIT;
 *
 * Then either both are there or neither, whatever dies when, and of two processes that get one event at once the second waits for the first. A
 * {@link Store} beside the database cannot promise that; its ids live at most as long as what it kept them in.
 */
import type { OrderEvent } from './events.ts';

/** Remembers ids. */
export interface Store {
  /** Remembers the id until `expiresAt`. Gives whether it is new, and of several calls at once with one id true to one alone. */
  add(id: string, expiresAt: Date): Promise<boolean>;
  /** Forgets the id: what its event should have done has failed, and the shop will send it again. */
  remove(id: string): Promise<void>;
}

const STORE_SIZE_MAX = 100_000;

/**
 * A store in the memory of this process: for one process, and until it ends.
 *
 * @param sizeMax ids that it keeps; of more, the oldest are forgotten before their time.
 */
export function createMemoryStore({ sizeMax = STORE_SIZE_MAX }: { readonly sizeMax?: number } = {}): Store {
  if (!(sizeMax >= 1)) throw new Error('a store keeps at least one id');
  /** When ids expire, by id, in the order in which they came. */
  const known = new Map<string, number>();
  return {
    add: async (id, expiresAt) => {
      const now = Date.now();
      if ((known.get(id) ?? 0) > now) return false;
      known.delete(id);
      for (const [oldest, until] of known) {
        if (until > now && known.size < sizeMax) break;
        known.delete(oldest);
      }
      known.set(id, expiresAt.getTime());
      return true;
    },
    remove: async (id) => {
      known.delete(id);
    },
  };
}

/**
 * Whether the event tells more of its order than what was handled before, rather than being a late replay of something that the order has long
 * left behind: an `order.placed` that staff replay after the order was paid is none.
 *
 * `lastSequence` is best kept on the receiver's own row of the order, and moved in the same transaction:
 * `UPDATE own_order SET last_sequence = $2, … WHERE id = $1 AND last_sequence < $2`.
 *
 * @param lastSequence the highest `data.sequence` of the order that was handled; null where none was.
 */
export function isNews(event: OrderEvent, lastSequence: number | null): boolean {
  return event.data.sequence > (lastSequence ?? 0);
}
