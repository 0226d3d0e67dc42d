/** How many batches of a queue are under way, and whether one more may start. */

export interface Lanes {
  isFree(): boolean;
  isIdle(): boolean;
  /** Takes a lane. */
  enter(): Lane;
}

/** A lane that a batch is on; both are harmless to repeat. */
export interface Lane {
  /** The batch asks for no more locks: the next one may start. */
  passLocksOn(): void;
  leave(): void;
}

/**
 * @param count batches under way at once.
 * @param inTurn whether a batch starts only when the one before has passed its locks on, so that they decide in the order in which
 * they started.
 */
export function createLanes({ count, inTurn }: { readonly count: number; readonly inTurn: boolean }): Lanes {
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
      const passLocksOn = (): void => {
        if (isLocking) locking -= 1;
        isLocking = false;
      };
      return {
        passLocksOn,
        leave: () => {
          passLocksOn();
          if (isRunning) running -= 1;
          isRunning = false;
        },
      };
    },
  };
}
