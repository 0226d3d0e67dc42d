/** Refusals that are told from memory. */
import { expect } from 'vitest';
import type { Answered } from './caller.ts';
import { verdict } from './refusal.ts';
import type { Shop } from './shop.ts';

const ASKED_MAX = 50;

async function batchesOf(shop: Shop, queue: string): Promise<string | undefined> {
  const { body } = await shop.anyone.get('/metrics');
  return body.text.split('\n').find((line) => line.startsWith(`openrun_commit_batch_size_count{queue="${queue}"}`));
}

/** Asks until the refusal has cost no batch: the server has it in its memory now. */
export async function refusedFromMemory(
  shop: Shop,
  queue: 'coupon' | 'order',
  ask: () => Promise<Answered>,
  expected: string,
): Promise<Answered> {
  for (let asked = 0; asked < ASKED_MAX; asked += 1) {
    const before = await batchesOf(shop, queue);
    const answer = await ask();
    expect(verdict(answer)).toBe(expected);
    if ((await batchesOf(shop, queue)) === before) return answer;
  }
  throw new Error('every refusal cost a batch');
}

/**
 * Asks until it is granted. What a server remembers may lag other processes by one second at most: no refusal may be of a request
 * that was sent later than that.
 */
export async function grantedWithinASecond(changedAt: number, ask: () => Promise<Answered>): Promise<Answered> {
  for (;;) {
    const sentAt = performance.now();
    const answer = await ask();
    if (answer.status === 201) return answer;
    expect(sentAt - changedAt, `${verdict(answer)} was sent so many milliseconds after the change`).toBeLessThanOrEqual(1000);
  }
}
