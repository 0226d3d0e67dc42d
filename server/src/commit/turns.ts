/**
 * The turns that processes on one database take at a queue whose rows they all want.
 *
 * A batch is formed when the one before it has sent its COMMIT, and then asks PostgreSQL for its locks. Alone, it has them a moment later. Where
 * another process has them, it waits for as long as a whole batch takes, and what arrives meanwhile is not in it: all processes together then
 * write twice as many batches of half the size. So a process that has waited for others asks for its turn first, and forms its batch when it has it.
 *
 * A turn is an advisory lock, held in a transaction of its own until the batch has sent its COMMIT. It says who is next and guards nothing:
 * whoever does not get it in time goes without. See `docs/adr/0016-turns.md`.
 */
import type pg from 'pg';

/** The turn of one batch. */
interface Turn {
  /** Waits until it is the batch's turn, where that makes sense. Never rejects. */
  comes(): Promise<void>;
  /** The batch has its locks. */
  locked(): void;
  /** The batch asks for no more locks. */
  pass(): void;
  /** The batch is over, and has passed its turn on. */
  leave(): void;
}

export interface Turns {
  /** Whether the next batch should wait for its turn. */
  areTaken(): boolean;
  enter(): Turn;
}

export interface TurnOptions {
  readonly pool: pg.Pool;
  /** Whether there are other processes at all. */
  readonly hasOthers: () => boolean;
  /** Hears of each turn that was waited for, and whether it came. */
  readonly onTurn: (queue: string, came: boolean) => void;
}

/** Of a queue that shares its rows with nobody. */
export const NO_TURNS: Turns = {
  areTaken: () => false,
  enter: () => ({ comes: () => Promise.resolve(), locked: () => undefined, pass: () => undefined, leave: () => undefined }),
};

/** First half of the advisory lock's name, which no other lock of ours has; the second one is the queue's. */
const LOCK_SPACE = 7_236_942;
/** Who has waited longer for others than for this share of its own work, takes turns. */
const WAITED_SHARE = 0.5;
/** Who has waited in vain goes without for so many times as long: no more than a tenth of the time is lost to somebody who keeps the turn. */
const REST_FACTOR = 10;

const LOCK = 'SELECT pg_advisory_xact_lock($1, hashtext($2))';

export function createTurns(queue: string, { pool, hasOthers, onTurn }: TurnOptions): Turns {
  let hasWaited = false;
  let lastLeftAt = 0;
  let restsUntil = 0;

  const enter = (): Turn => {
    const enteredAt = performance.now();
    let release: (() => void) | null = null;
    let waitedMs = 0;
    let lockedAt = Number.NaN;
    return {
      comes: async () => {
        const askedAt = performance.now();
        release = await take(pool, queue);
        const now = performance.now();
        if (release === null) restsUntil = now + (now - askedAt) * REST_FACTOR;
        onTurn(queue, release !== null);
      },
      locked: () => {
        lockedAt = performance.now();
        // To wait for a batch of one's own is not to wait for others.
        waitedMs = lockedAt - Math.max(enteredAt, lastLeftAt);
      },
      pass: () => {
        release?.();
        release = null;
      },
      leave: () => {
        lastLeftAt = performance.now();
        hasWaited = waitedMs > (lastLeftAt - lockedAt) * WAITED_SHARE;
      },
    };
  };
  return { areTaken: () => hasWaited && hasOthers() && performance.now() >= restsUntil, enter };
}

/** Gives what passes the turn on; null where it did not come: the database will tell the batch itself what is wrong with it. */
async function take(pool: pg.Pool, queue: string): Promise<(() => void) | null> {
  if (pool.idleCount <= pool.waitingCount && pool.totalCount >= pool.options.max) return null;
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch {
    return null;
  }
  const ended = (error?: unknown): void => client.release(error !== undefined);
  try {
    await Promise.all([client.query('BEGIN'), client.query(LOCK, [LOCK_SPACE, queue])]);
  } catch (error) {
    ended(error);
    return null;
  }
  return () => void client.query('COMMIT').then(() => ended(), ended);
}
