import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryInMs } from '../../src/delivery/relay.backoff.ts';
import { createBreaker } from '../../src/delivery/relay.breaker.ts';
import { away } from '../../src/delivery/sinks/sink.ts';

const HOUR_MS = 3_600_000;

describe('the delay before the next attempt', () => {
  const schedule = fc.array(fc.integer({ min: 0, max: 86_400_000 }), { minLength: 1, maxLength: 50 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });

  test('is anywhere up to that of the schedule', () => {
    expect(retryInMs([1000, 5000], 1, null, 0)).toBe(0);
    expect(retryInMs([1000, 5000], 1, null, 1)).toBe(1000);
    expect(retryInMs([1000, 5000], 2, null, 0.5)).toBe(2500);
    fc.assert(
      fc.property(schedule, random, (delays, chance) => {
        for (const [index, delay] of delays.entries()) {
          const wait = retryInMs(delays, index + 1, null, chance);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(delay);
          expect(Number.isInteger(wait)).toBe(true);
        }
      }),
    );
  });

  test('is none after the last attempt, whatever the receiver asks for', () => {
    expect(retryInMs([], 1, null, 0.5)).toBeNull();
    expect(retryInMs([1000, 5000], 3, null, 0.5)).toBeNull();
    expect(retryInMs([1000], 2, 60_000, 0.5)).toBeNull();
  });

  test('is not shorter than the receiver asks for, up to an hour', () => {
    expect(retryInMs([1000], 1, 60_000, 1)).toBe(60_000);
    expect(retryInMs([100_000], 1, 60_000, 1)).toBe(100_000);
    expect(retryInMs([1000], 1, 86_400_000, 0)).toBe(HOUR_MS);
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 0, max: 86_400_000 }), random, (asked, delay, chance) => {
        const wait = retryInMs([delay], 1, asked, chance);
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked, HOUR_MS));
        expect(wait).toBeLessThanOrEqual(Math.max(delay, HOUR_MS));
      }),
    );
  });
});

describe('the circuit breaker', () => {
  const breaker = () => createBreaker({ firstMs: 100, longestMs: 350 });
  const failing = (times: number, now: number, one = breaker()) => {
    for (let failed = 0; failed < times; failed += 1) one.failed(now);
    return one;
  };

  test('lets all pass until ten in a row have failed', () => {
    expect(breaker().allowed(0, 64, 0)).toBe(64);
    expect(failing(9, 0).allowed(0, 64, 12)).toBe(64);
    expect(failing(10, 0).allowed(0, 64, 0)).toBe(0);
  });

  test('begins to count again after a success', () => {
    const one = failing(9, 0);
    one.succeeded();
    expect(failing(9, 0, one).allowed(0, 64, 0)).toBe(64);
  });

  test('lets one pass to try when the pause is over and nothing is under way', () => {
    const one = failing(10, 1000);
    expect(one.allowed(1099, 64, 0)).toBe(0);
    expect(one.allowed(1100, 64, 0)).toBe(1);
    expect(one.allowed(1100, 64, 1)).toBe(0);
    expect(one.allowed(1100, 0, 0)).toBe(0);
  });

  test('closes again with the first success', () => {
    const one = failing(10, 0);
    one.succeeded();
    expect(one.allowed(0, 64, 0)).toBe(64);
  });

  test('doubles its pause with every trial that fails, up to the longest; a success makes it the first again', () => {
    const one = failing(10, 0);
    let now = 0;
    for (const pause of [100, 200, 350, 350]) {
      expect(one.allowed(now + pause - 1, 64, 0)).toBe(0);
      expect(one.allowed(now + pause, 64, 0)).toBe(1);
      now += pause;
      one.failed(now);
    }
    one.succeeded();
    failing(10, now, one);
    expect(one.allowed(now + 99, 64, 0)).toBe(0);
    expect(one.allowed(now + 100, 64, 0)).toBe(1);
  });

  test('hears nothing new from those that were under way when it opened', () => {
    const one = failing(64, 0);
    expect(one.allowed(100, 64, 0)).toBe(1);
  });
});

describe('what is kept of an error', () => {
  test('is what it says; of a host with several addresses, what each of them said', () => {
    const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:9`));
    expect(away(refused[0])).toMatchObject({ error: 'connect ECONNREFUSED ::1:9', isAway: true });
    // As Node.js has it: without a message of its own.
    expect(away(new AggregateError(refused))).toMatchObject({ error: 'connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9' });
    expect(away('odd')).toMatchObject({ error: 'odd' });
  });
});
