/** How many batches of a queue are under way in this process, and whether one more may start. */
import { NO_TURNS, type Turns } from './turns.ts';

export interface Lanes {
  isFree(): boolean;
  isIdle(): boolean;
  /** Takes a lane. */
  enter(): Lane;
}

/** A lane that a batch is on; all but `turn` are harmless to repeat. */
export interface Lane {
  /** Where other processes want the same rows: resolves when it is this one's turn. Null where nobody has to be waited for. */
  turn(): Promise<void> | null;
  /** The batch has its locks. */
  locked(): void;
  /** The batch asks for no more locks: the next one may start. */
  passLocksOn(): void;
  leave(): void;
}

/**
 * @param count batches under way at once.
 * @param inTurn whether a batch starts only when the one before has passed its locks on, so that they decide in the order in which
 * they started.
 */
export function createLanes({ count, inTurn }: { readonly count: number; readonly inTurn: boolean }, turns: Turns = NO_TURNS): Lanes {
  let running = 0;
  let locking = 0;
  return {
    isFree: () => running < count && !(inTurn && locking > 0),
    isIdle: () => running === 0,
    enter: () => {
      running += 1;
      locking += 1;
      let isLocking = true;
      let isRunning = true;
      const turn = turns.enter();
      const passLocksOn = (): void => {
        turn.pass();
        if (isLocking) locking -= 1;
        isLocking = false;
      };
      return {
        turn: () => (turns.areTaken() ? turn.comes() : null),
        locked: () => turn.locked(),
        passLocksOn,
        leave: () => {
          if (!isRunning) return;
          passLocksOn();
          turn.leave();
          running -= 1;
          isRunning = false;
        },
      };
    },
  };
}
