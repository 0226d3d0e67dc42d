/** More than a server can take. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { option } from '../../server/test/support/goods.ts';
import { prove } from '../support/proof.ts';
import type { CrowdOptions, CrowdOrder, CrowdResult } from './crowd.ts';
import { openTarget } from './target.ts';

const CROWD = fileURLToPath(new URL('crowd.ts', import.meta.url));
const TIMES = 5;
/** Of its peak, what it still does while the crowd is there, and at least when it is gone. */
const KEPT_SHARE = 0.8;
const USERS = 2000;
const CONNECTIONS = 2000;
const DEPTH = 8;
const WARM_SECONDS = 2;
const PEAK_SECONDS = 3;
const PEAK_ROUNDS = 4;
const STOCK = 1_000_000_000;

prove(
  'five times more than it can take',
  {
    promise:
      'At five times its peak a server still does four fifths of it, turns the rest away with Retry-After, and then does its peak again',
    how: 'orders of one hot product at a fixed rate from another process, against the peak of a closed loop in the same run',
    unit: 'seconds of overload',
    // A few seconds on a busy machine say too little of a peak to judge by.
    short: 0,
    long: 30,
  },
  async ({ tries }) => {
    const target = await openTarget();
    const optionId = await option(target, { stock: STOCK });
    const crowd = await startCrowd({
      port: target.arm.port,
      secret: target.arm.secret,
      optionId,
      users: USERS,
      connections: CONNECTIONS,
      depth: DEPTH,
    });
    await ask(crowd, { rate: null, seconds: WARM_SECONDS });
    const before = await peakOf(crowd);
    const peak = before.done / before.seconds;
    const over = await ask(crowd, { rate: TIMES * peak, seconds: tries });
    const after = await ask(crowd, { rate: null, seconds: PEAK_SECONDS });
    crowd.kill();
    const rate = (count: number, seconds = over.seconds): string => `${Math.round(count / seconds).toLocaleString('en-US')}/s`;
    const share = over.done / over.seconds / peak;
    const told = JSON.stringify({ before, over, after });
    expect(over.other + before.other + after.other, `answers that are neither: ${told}`).toBe(0);
    expect(over.lost, told).toBe(0);
    expect(over.turnedAway, `it was no overload: ${told}`).toBeGreaterThan(0);
    expect(share, `it keeps its pace: ${told}`).toBeGreaterThanOrEqual(KEPT_SHARE);
    expect(after.done / after.seconds / peak, `it recovers: ${told}`).toBeGreaterThanOrEqual(KEPT_SHARE);
    await target.close();
    const figures = `peak ${rate(before.done, before.seconds)}; offered ${rate(over.meant)}, sent ${rate(over.sent)}, done ${rate(over.done)} (${Math.round(share * 100)} % of the peak), turned away ${rate(over.turnedAway)}`;
    return { tries, note: `${figures}; p50 ${over.p50Ms} ms, p99 ${over.p99Ms} ms; afterwards ${rate(after.done, after.seconds)}` };
  },
);

async function startCrowd(options: CrowdOptions): Promise<ChildProcess> {
  const crowd = fork(CROWD, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  await once(crowd, 'message');
  return crowd;
}

function ask(crowd: ChildProcess, order: CrowdOrder): Promise<CrowdResult> {
  return new Promise((resolve) => {
    // The word of a process that this one started.
    const hear: (listener: (result: CrowdResult) => void) => void = (listener) => crowd.once('message', listener);
    hear(resolve);
    crowd.send(order);
  });
}

/** The best of a few closed loops: what else the machine does makes a peak lower, never higher. */
async function peakOf(crowd: ChildProcess): Promise<CrowdResult> {
  let best = await ask(crowd, { rate: null, seconds: PEAK_SECONDS });
  for (let round = 1; round < PEAK_ROUNDS; round += 1) {
    const next = await ask(crowd, { rate: null, seconds: PEAK_SECONDS });
    if (next.done <= best.done * 1.1) return next.done > best.done ? next : best;
    best = next;
  }
  return best;
}
