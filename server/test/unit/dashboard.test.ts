/** The small parts of the dashboard: rates and quantiles of counters, and how often a figure is read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { paced } from '../../src/dashboard/dashboard.pace.ts';
import { flowFigures, type HistogramSample, quantile, queueFigures, type Sample } from '../../src/dashboard/dashboard.rules.ts';

const histogram = (counts: readonly number[], sum = 0): HistogramSample => {
  const bounds = [1, 2, 4, Number.POSITIVE_INFINITY];
  return { buckets: bounds.map((upTo, index) => ({ upTo, count: counts[index] ?? 0 })), count: counts.at(-1) ?? 0, sum };
};
const sample = (atMs: number, more: Partial<Sample> = {}): Sample => ({ atMs, flows: new Map(), queues: new Map(), ...more });

describe('quantiles', () => {
  it('lie evenly within their bucket, and at the last bound beyond it', () => {
    const even = histogram([10, 20, 20, 20]);
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(even, share))).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(quantile(histogram([0, 0, 0, 5]), 0.5)).toBe(4);
    expect(quantile(histogram([0, 0, 0, 0]), 0.5)).toBeNull();
  });
});

describe('figures', () => {
  it('of a flow are totals, and rates between two samples', () => {
    const before = sample(1000, { flows: new Map([['a', new Map([['done', 5]])]]) });
    const outcomes = new Map([
      ['SOLD_OUT', 3],
      ['done', 10],
      ['replayed', 2],
    ]);
    const after = sample(3000, { flows: new Map([['a', outcomes]]) });
    const refused = { SOLD_OUT: 3 };
    expect(flowFigures(before, after, 'a')).toEqual({
      done: 10,
      replayed: 2,
      refused,
      perSecond: { done: 2.5, refused: { SOLD_OUT: 1.5 } },
    });
    expect(flowFigures(after, after, 'a').perSecond).toEqual({ done: 0, refused: { SOLD_OUT: 0 } });
    expect(flowFigures(before, after, 'b')).toEqual({ done: 0, replayed: 0, refused: {}, perSecond: { done: 0, refused: {} } });
  });

  it('of a queue are of the time between two samples alone', () => {
    const queue = (batches: number, commands: number) => ({
      waiting: 1,
      batchSize: histogram([0, batches, batches, batches], commands),
      batchSeconds: histogram([batches, batches, batches, batches]),
      waitSeconds: histogram([0, 0, 0, 0]),
    });
    const [before, after] = [
      sample(0, { queues: new Map([['q', queue(10, 50)]]) }),
      sample(5000, { queues: new Map([['q', queue(20, 90)]]) }),
    ];
    const rates = { batchesPerSecond: 2, commandsPerSecond: 8, meanBatchSize: 4, batchMsP50: 500, batchMsP99: 990, waitMsP99: null };
    expect(queueFigures(before, after)).toEqual([{ queue: 'q', waiting: 1, ...rates }]);
    expect(queueFigures(after, after)).toMatchObject([{ batchesPerSecond: 0, meanBatchSize: null, batchMsP50: null }]);
  });
});

describe('a paced figure', () => {
  it('is read once for all who ask, and anew when a second is over', async () => {
    let [reads, now] = [0, 0];
    const figure = paced(
      async () => {
        reads += 1;
        return reads;
      },
      () => now,
    );
    expect(await Promise.all([figure(), figure(), figure()])).toEqual([1, 1, 1]);
    now = 899;
    expect(await figure()).toBe(1);
    now = 900;
    expect(await Promise.all([figure(), figure()])).toEqual([2, 2]);
  });

  it('rests ten times as long as it was read for', async () => {
    let [reads, now] = [0, 0];
    const figure = paced(
      async () => {
        reads += 1;
        now += 100;
        return reads;
      },
      () => now,
    );
    expect(await figure()).toBe(1);
    now = 999;
    expect(await figure()).toBe(1);
    now = 1000;
    expect(await figure()).toBe(2);
  });

  it('gives the earlier figure while a new one takes long or fails, and fails where there is none', async () => {
    let now = 0;
    let next: Promise<number> = Promise.reject(new Error('away'));
    const figure = paced(
      () => next,
      () => now,
    );
    await expect(figure()).rejects.toThrow('away');
    next = Promise.resolve(1);
    expect(await figure()).toBe(1);
    now = 1000;
    next = Promise.reject(new Error('away'));
    expect(await figure()).toBe(1);
    const slow = Promise.withResolvers<number>();
    next = slow.promise;
    expect(await figure()).toBe(1);
    slow.resolve(2);
    await sleep(1);
    expect(await figure()).toBe(2);
  });
});
