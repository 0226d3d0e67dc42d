/** The limits around passwords: how many are hashed at once, and how often one may be guessed. */
import { describe, expect, it } from 'vitest';
import { createAttemptLimiter, createGate, networkOf } from '../../src/account/account.limits.ts';
import { createSessionCache, type LiveSession } from '../../src/account/account.session-cache.ts';
import { ProblemError } from '../../src/kernel/errors.ts';

/** Work that lasts until it is told to end. */
function createWork() {
  const started: number[] = [];
  const ends = new Map<number, (failure?: Error) => void>();
  return {
    started,
    piece: (n: number) => () =>
      new Promise<number>((resolve, reject) => {
        started.push(n);
        ends.set(n, (failure) => (failure === undefined ? resolve(n) : reject(failure)));
      }),
    end: (n: number, failure?: Error) => ends.get(n)?.(failure),
  };
}

describe('the gate', () => {
  it('lets a few pass at once, the others in the order of arrival', async () => {
    const gate = createGate({ concurrency: 2, queue: 10 });
    const work = createWork();
    const all = [0, 1, 2, 3].map((n) => gate.run('a', work.piece(n)));
    expect(work.started).toEqual([0, 1]);
    work.end(1);
    expect(await all[1]).toBe(1);
    expect(work.started).toEqual([0, 1, 2]);
    work.end(0);
    await all[0];
    expect(work.started).toEqual([0, 1, 2, 3]);
    work.end(2);
    work.end(3);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('goes on after work that failed', async () => {
    const gate = createGate({ concurrency: 1, queue: 10 });
    const work = createWork();
    const failing = gate.run('a', work.piece(0));
    const next = gate.run('a', work.piece(1));
    work.end(0, new Error('no'));
    await expect(failing).rejects.toThrow('no');
    work.end(1);
    expect(await next).toBe(1);
    const throwing = gate.run('a', () => {
      throw new Error('at once');
    });
    await expect(throwing).rejects.toThrow('at once');
    const last = gate.run('a', work.piece(2));
    work.end(2);
    expect(await last).toBe(2);
  });

  it('turns away who finds its queue full, without beginning', async () => {
    const gate = createGate({ concurrency: 1, queue: 1 });
    const work = createWork();
    const passing = gate.run('a', work.piece(0));
    const waiting = gate.run('a', work.piece(1));
    await expect(gate.run('a', work.piece(2))).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
    work.end(0);
    await passing;
    work.end(1);
    await waiting;
    expect(work.started).toEqual([0, 1]);
  });

  it('lets the keys take turns, however many wait of one', async () => {
    const gate = createGate({ concurrency: 1, queue: 10 });
    const work = createWork();
    const all = ['a', 'a', 'a', 'b', 'c'].map((key, n) => gate.run(key, work.piece(n)));
    for (const n of [0, 1, 3, 4, 2]) {
      expect(work.started.at(-1)).toBe(n);
      work.end(n);
      await all[n];
    }
    expect(work.started).toEqual([0, 1, 3, 4, 2]);
  });

  it('makes room for a newcomer by turning away the last of the longest line, and for nobody who waits as long', async () => {
    const gate = createGate({ concurrency: 1, queue: 3 });
    const work = createWork();
    const passing = gate.run('a', work.piece(0));
    const waiting = [1, 2, 3].map((n) => gate.run('a', work.piece(n)));
    const evicted = waiting[2]?.catch((error: unknown) => error);
    const newcomer = gate.run('b', work.piece(4));
    expect(await evicted).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
    await expect(gate.run('a', work.piece(5))).rejects.toMatchObject({ code: 'OVERLOADED' });
    await expect(gate.run('b', work.piece(6))).rejects.toMatchObject({ code: 'OVERLOADED' });
    for (const [n, done] of [
      [0, passing],
      [1, waiting[0]],
      [4, newcomer],
      [2, waiting[1]],
    ] as const) {
      work.end(n);
      expect(await done).toBe(n);
    }
    expect(work.started).toEqual([0, 1, 4, 2]);
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['nonsense', 'nonsense'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('the limiter of attempts', () => {
  function createLimiter(options = { perMinute: 3, maxKeys: 100 }) {
    const clock = { now: 1_000_000 };
    const limiter = createAttemptLimiter({ ...options, now: () => clock.now });
    const takes = (key: string, times: number): number[] =>
      Array.from({ length: times }, () => {
        try {
          limiter.take(key);
          return 0;
        } catch (error) {
          if (error instanceof ProblemError && error.code === 'RATE_LIMITED') return error.retryAfterSeconds ?? -1;
          throw error;
        }
      });
    return { clock, limiter, takes };
  }

  it('counts each key in a window of its own', () => {
    const { clock, takes } = createLimiter();
    expect(takes('a', 5)).toEqual([0, 0, 0, 60, 60]);
    expect(takes('b', 1)).toEqual([0]);
    clock.now += 59_001;
    expect(takes('a', 1)).toEqual([1]);
    clock.now += 999;
    expect(takes('a', 4)).toEqual([0, 0, 0, 60]);
  });

  it('can be asked without an attempt', () => {
    const { limiter, takes } = createLimiter();
    for (let i = 0; i < 10; i += 1) limiter.check('a');
    expect(takes('a', 3)).toEqual([0, 0, 0]);
    expect(() => limiter.check('a')).toThrow('RATE_LIMITED');
    limiter.forget('a');
    expect(takes('a', 1)).toEqual([0]);
    expect(takes('b', 3)).toEqual([0, 0, 0]);
    limiter.giveBack('b');
    limiter.giveBack('nobody');
    expect(takes('b', 2)).toEqual([0, 60]);
  });

  it('remembers so many keys and no more', () => {
    const { takes } = createLimiter({ perMinute: 1, maxKeys: 2 });
    expect([takes('a', 1), takes('b', 1), takes('c', 1)]).toEqual([[0], [0], [0]]);
    expect([takes('c', 1), takes('b', 1), takes('a', 1)]).toEqual([[60], [60], [0]]);
  });

  it('is not locked by a clock that steps back', () => {
    const { clock, takes } = createLimiter();
    expect(takes('a', 4)).toEqual([0, 0, 0, 60]);
    clock.now -= 3_600_000;
    expect(takes('a', 1)).toEqual([0]);
  });
});

describe('the cache of sessions', () => {
  const minji: LiveSession = { identity: { userId: 'minji', role: 'customer' }, expiresAt: 1_000_000 };

  function createCache(answer: (cookie: string) => Promise<LiveSession | null>) {
    const clock = { now: 0 };
    const asked: string[] = [];
    const cache = createSessionCache(
      (cookie) => {
        asked.push(cookie);
        return answer(cookie);
      },
      () => clock.now,
    );
    return { clock, asked, cache };
  }

  it('asks once for many, and again after five seconds', async () => {
    const { clock, asked, cache } = createCache(async () => minji);
    expect(await Promise.all([cache.identityOf('c'), cache.identityOf('c')])).toEqual([minji.identity, minji.identity]);
    clock.now = 4999;
    expect(await cache.identityOf('c')).toEqual(minji.identity);
    expect(asked).toHaveLength(1);
    clock.now = 5000;
    await cache.identityOf('c');
    expect(asked).toHaveLength(2);
  });

  it('does not outlive the session', async () => {
    const { clock, asked, cache } = createCache(async () => ({ ...minji, expiresAt: 1000 }));
    await cache.identityOf('c');
    clock.now = 1000;
    await cache.identityOf('c');
    expect(asked).toHaveLength(2);
  });

  it('keeps neither nobody nor failures', async () => {
    const answers = [async () => Promise.reject(new Error('away')), async () => null, async () => minji];
    const { cache } = createCache(() => answers.shift()?.() ?? Promise.resolve(null));
    await expect(cache.identityOf('c')).rejects.toThrow('away');
    expect(await cache.identityOf('c')).toBeNull();
    expect(await cache.identityOf('c')).toEqual(minji.identity);
  });

  it('forgets also what is being looked up', async () => {
    let answer: (session: LiveSession | null) => void = () => undefined;
    const { asked, cache } = createCache(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const before = cache.identityOf('c');
    cache.forget('c');
    answer(minji);
    expect(await before).toEqual(minji.identity);
    const after = cache.identityOf('c');
    answer(null);
    expect(await after).toBeNull();
    expect(asked).toHaveLength(2);
  });
});
