/** Waits for what happens in the background. */
import { expect } from 'vitest';

/** Expects what `probe` gives to become what is asked of it within five seconds. */
export function eventually<T>(probe: () => Promise<T>) {
  return expect.poll(probe, { timeout: 5000, interval: 50 });
}
