/** How late deliveries may be. Pure. */

/** A destination whose oldest event waits longer is worth a warning: of the relay's log, and of the doctor. */
export const LAG_WARNING_SECONDS = 60;
