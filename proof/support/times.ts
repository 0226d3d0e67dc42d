/** Times of many trials, in words for a row of the table. */

/** `0.8 s in the median and 2.1 s at most`. */
export function timesNote(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const seconds = (ms: number | undefined): string => `${((ms ?? Number.NaN) / 1000).toFixed(1)} s`;
  return `${seconds(sorted[Math.floor(sorted.length / 2)])} in the median and ${seconds(sorted.at(-1))} at most`;
}
