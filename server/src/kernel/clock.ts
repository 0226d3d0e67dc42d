/** Time comes from the database; an offset, zero but in tests, moves it. */

/** `now` moved by `offsetMs`. */
export function atOffset(now: Date, offsetMs: number): Date {
  return offsetMs === 0 ? now : new Date(now.getTime() + offsetMs);
}
