/** The small parts of the dashboard: rates and quantiles of counters, and how often a figure is read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SECONDS } from '../../src/commit/commit.metrics.ts';
import { paced } from '../../src/dashboard/dashboard.pace.ts';
import { activityBetween, flowFigures, quantile, queueFigures, type Sample } from '../../src/dashboard/dashboard.rules.ts';
import { createBroadcast } from '../../src/dashboard/dashboard.stream.ts';
import { eventually } from '../support/eventually.ts';

const sample = (atMs: number, more: Partial<Sample> = {}): Sample => ({ atMs, flows: new Map(), queues: new Map(), ...more });
/** Of the bounds of all durations: so many up to half a millisecond, up to one, and up to each of the others. */
const upTo = (half: number, one: number, all: number): number[] => [half, one, ...Array.from({ length: 13 }, () => all)];

describe('quantiles', () => {
  it('lie evenly within their bucket, and at the last bound beyond it', () => {
    const bounds = [1, 2, 4];
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([10, 10, 0, 0], share, bounds))).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(quantile([0, 0, 0, 5], 0.5, bounds)).toBe(4);
    expect(quantile([0, 0, 0, 0], 0.5, bounds)).toBeNull();
  });
});

describe('figures', () => {
  const before = sample(1000, { flows: new Map([['a', new Map([['done', 5]])]]) });
  const outcomes = new Map([
    ['SOLD_OUT', 3],
    ['done', 10],
    ['replayed', 2],
  ]);
  const after = sample(3000, { flows: new Map([['a', outcomes]]) });

  it('of a flow are totals, and rates between two samples', () => {
    const refused = { SOLD_OUT: 3 };
    expect(flowFigures([activityBetween(before, after)], 'a')).toEqual({
      done: 10,
      replayed: 2,
      refused,
      perSecond: { done: 2.5, refused: { SOLD_OUT: 1.5 } },
    });
    expect(flowFigures([activityBetween(after, after)], 'a').perSecond).toEqual({ done: 0, refused: { SOLD_OUT: 0 } });
    expect(flowFigures([activityBetween(before, after)], 'b')).toEqual({
      done: 0,
      replayed: 0,
      refused: {},
      perSecond: { done: 0, refused: {} },
    });
  });

  it('of a flow are the sums over the processes, each with the rate of its own time', () => {
    const other = activityBetween(
      sample(0),
      sample(1000, {
        flows: new Map([
          [
            'a',
            new Map([
              ['done', 4],
              ['EMPTY', 1],
            ]),
          ],
        ]),
      }),
    );
    expect(flowFigures([activityBetween(before, after), other, activityBetween(sample(0), sample(1000))], 'a')).toEqual({
      done: 14,
      replayed: 2,
      refused: { EMPTY: 1, SOLD_OUT: 3 },
      perSecond: { done: 6.5, refused: { EMPTY: 1, SOLD_OUT: 1.5 } },
    });
  });

  const queue = (batches: number, commands: number, waiting = 1) => ({
    waiting,
    batches,
    commands,
    batchSeconds: upTo(batches, batches, batches),
    waitSeconds: upTo(0, 0, 0),
  });

  it('of a queue are of the time between two samples alone', () => {
    const earlier = sample(0, { queues: new Map([['q', queue(10, 50)]]) });
    const later = sample(5000, { queues: new Map([['q', queue(20, 90)]]) });
    const rates = { batchesPerSecond: 2, commandsPerSecond: 8, meanBatchSize: 4, batchMsP50: 0.25, batchMsP99: 0.495, waitMsP99: null };
    expect(queueFigures([activityBetween(earlier, later)], SECONDS)).toEqual([{ queue: 'q', waiting: 1, ...rates }]);
    expect(queueFigures([activityBetween(later, later)], SECONDS)).toMatchObject([
      { batchesPerSecond: 0, meanBatchSize: null, batchMsP50: null },
    ]);
  });

  it('of a queue are the sums over the processes, and the quantiles of all their batches', () => {
    const slow = { ...queue(10, 10, 2), batchSeconds: upTo(0, 10, 10), waitSeconds: upTo(0, 0, 1) };
    const one = activityBetween(sample(0), sample(5000, { queues: new Map([['q', queue(10, 40)]]) }));
    const other = activityBetween(
      sample(0),
      sample(2500, {
        queues: new Map([
          ['p', queue(0, 0)],
          ['q', slow],
        ]),
      }),
    );
    expect(queueFigures([one, other], SECONDS)).toMatchObject([
      { queue: 'p', waiting: 1, batchesPerSecond: 0 },
      {
        queue: 'q',
        waiting: 3,
        batchesPerSecond: 6,
        commandsPerSecond: 12,
        meanBatchSize: 2.5,
        batchMsP50: 0.5,
        batchMsP99: 0.99,
        waitMsP99: 2.485,
      },
    ]);
  });
});

describe('the stream', () => {
  it('is kept alive while a snapshot takes long, which comes when it is there', async () => {
    const snapshot = Promise.withResolvers<object>();
    const broadcast = createBroadcast({
      event: 'snapshot',
      next: () => snapshot.promise,
      listenersMax: 1,
      onError: () => undefined,
    });
    let text = '';
    broadcast.listen()?.on('data', (chunk: Buffer) => (text += String(chunk)));
    await eventually(async () => text).toContain(': still here\n\n');
    expect(text).not.toContain('snapshot');
    snapshot.resolve({ done: 1 });
    await eventually(async () => text).toContain('event: snapshot\ndata: {"done":1}\n\n');
    broadcast.close();
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

  it('rests after a read that failed too, and gives its error or the earlier figure meanwhile', async () => {
    let [reads, now, isAway] = [0, 0, true];
    const figure = paced(
      async () => {
        reads += 1;
        now += 100;
        if (isAway) throw new Error(`away ${reads}`);
        return reads;
      },
      () => now,
    );
    await expect(figure()).rejects.toThrow('away 1');
    now = 999;
    await expect(figure()).rejects.toThrow('away 1');
    now = 1000;
    isAway = false;
    expect(await figure()).toBe(2);
    now = 2000;
    isAway = true;
    expect(await figure()).toBe(2);
    now = 2999;
    expect([await figure(), reads]).toEqual([2, 3]);
    now = 3000;
    isAway = false;
    expect(await figure()).toBe(4);
  });

  it('gives the earlier figure while a new one takes long or fails, and fails where there is none', async () => {
    let now = 0;
    let next: Promise<number> = Promise.reject(new Error('away'));
    const figure = paced(
      () => next,
      () => now,
    );
    await expect(figure()).rejects.toThrow('away');
    now = 1000;
    next = Promise.resolve(1);
    expect(await figure()).toBe(1);
    now = 2000;
    next = Promise.reject(new Error('away'));
    expect(await figure()).toBe(1);
    now = 3000;
    const slow = Promise.withResolvers<number>();
    next = slow.promise;
    expect(await figure()).toBe(1);
    slow.resolve(2);
    await sleep(1);
    expect(await figure()).toBe(2);
  });
});
