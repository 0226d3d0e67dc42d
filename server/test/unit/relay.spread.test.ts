/** How often the relay makes deliveries of the outbox, by timers that come a little early: no test can have those of a real clock. */
import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Executor } from '../../src/database/database.ts';
import { startSpread } from '../../src/delivery/relay.spread.ts';

/** A spread whose clock goes slower than its timers, by a factor; how often it has made deliveries, and how to let time go by. */
function onClock(isWanted: boolean, factor: number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: 0 });
  const now = vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * factor);
  let spreads = 0;
  const query = async (): Promise<never[]> => {
    spreads += 1;
    return [];
  };
  const database: Executor = { query };
  const spread = startSpread({ database, isWanted: () => isWanted, onSpread: () => undefined, onError: () => undefined });
  onTestFinished(async () => {
    await spread.stop();
    now.mockRestore();
    vi.useRealTimers();
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1) {
      await vi.advanceTimersByTimeAsync(1);
      await new Promise(setImmediate);
    }
  };
  return { wake: spread.wake, pass, spreads: () => spreads };
}

test('what nobody wants is made twice a second', async () => {
  const { pass, spreads } = onClock(false, 0.999);
  await pass(10_100);
  expect(spreads()).toBe(20);
});

test('what follows closely is made right after a short pause, and not with the next look', async () => {
  const { wake, pass, spreads } = onClock(true, 0.9);
  wake();
  await pass(5);
  expect(spreads()).toBe(1);
  wake();
  await pass(30);
  expect(spreads()).toBe(2);
});
