import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { accepted, createActor, createReplayClient, forEachOf, waitMs } from '../../src/replay/replay.client.ts';
import { replayErrorOf } from './replay.rows.ts';
import { LOST, mintToken, type ShopCall, type ShopReply, SILENT, withShop } from './replay.shop.ts';

const Answer = Type.Object({ n: Type.Integer() });
const actor = createActor(mintToken, 'u');
const write = { path: '/things', key: 'k-1', body: { amount: 7 } };
const AT_ONCE = { 'retry-after': '0' };

/** Answers the replies one after the other, the last one for ever, and notes the calls. */
function scripted(...replies: ShopReply[]): { calls: ShopCall[]; answer(call: ShopCall): ShopReply } {
  const calls: ShopCall[] = [];
  const answer = (call: ShopCall): ShopReply => {
    calls.push(call);
    return replies[Math.min(calls.length, replies.length) - 1] ?? { status: 500, body: null };
  };
  return { calls, answer };
}

describe('the waiting time before a repeat', () => {
  const now = Date.UTC(2030, 0, 1);
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['0.5', 500],
    ['9999', 65_000],
    ['Tue, 01 Jan 2030 00:00:03 GMT', 3_000],
  ])('is what Retry-After %j says', (retryAfter, ms) => {
    expect(waitMs(3, retryAfter, now)).toBe(ms);
  });
  it.each([
    [1, null, 100],
    [3, null, 400],
    [40, null, 5_000],
    [2, 'soon', 200],
    [2, '-1', 200],
    [2, 'Mon, 31 Dec 2029 00:00:03 GMT', 200],
  ])('backs off at attempt %i without one (%j)', (attempt, retryAfter, most) => {
    const waits = Array.from({ length: 50 }, () => waitMs(attempt, retryAfter, now));
    expect(Math.max(...waits)).toBeLessThanOrEqual(most);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(most / 2);
  });
});

describe('the client', () => {
  it('repeats a write that was turned away, limited or lost, each time with the same key, body and user', async () => {
    const shop = scripted(
      { status: 503, body: { code: 'OVERLOADED' }, headers: AT_ONCE },
      { status: 429, body: { code: 'RATE_LIMITED' }, headers: AT_ONCE },
      { status: LOST, body: null },
      { status: 503, body: { code: 'OUTCOME_UNKNOWN' }, headers: AT_ONCE },
      { status: 201, body: { n: 1, more: true } },
    );
    const answer = await withShop(shop, (url) => createReplayClient(`${url}/`).write(actor, write, Answer));
    expect(answer).toStrictEqual({ ok: true, value: { n: 1, more: true } });
    expect(shop.calls.length).toBe(5);
    expect(new Set(shop.calls.map((call) => JSON.stringify(call))).size).toBe(1);
    expect(shop.calls[0]).toMatchObject({ method: 'POST', path: '/things', key: 'k-1', body: { amount: 7 }, user: 'u', role: 'customer' });
  });

  it('gives refusals as values and does not repeat them', async () => {
    const shop = scripted({ status: 409, body: { code: 'OUT_OF_STOCK', detail: 'none left' } });
    const answer = await withShop(shop, (url) => createReplayClient(url).write(actor, write, Answer));
    expect(answer).toStrictEqual({ ok: false, problem: { status: 409, code: 'OUT_OF_STOCK', detail: 'none left' } });
    expect(shop.calls.length).toBe(1);
    expect(await replayErrorOf(Promise.resolve().then(() => accepted(answer, 'it')))).toBe('it was refused: 409 OUT_OF_STOCK: none left');
  });

  it('gives up after twelve attempts', async () => {
    const shop = scripted({ status: 503, body: { code: 'OVERLOADED' }, headers: AT_ONCE });
    const message = await withShop(shop, (url) => replayErrorOf(createReplayClient(url).read(actor, '/x', Answer)));
    expect(message).toMatch(/^GET http:.*\/x failed 12 times; the last time, it answered 503 .*OVERLOADED/);
    expect(shop.calls.length).toBe(12);
  });

  it('gives up on a call that is not answered in time', async () => {
    let calls = 0;
    const silent = {
      answer: (): ShopReply => {
        calls += 1;
        return { status: calls === 1 ? SILENT : 200, body: { n: calls } };
      },
    };
    const answer = await withShop(silent, (url) => createReplayClient(url, 250).read(actor, '/x', Answer));
    expect(answer).toStrictEqual({ ok: true, value: { n: 2 } });
  });

  it('refuses successes that the contract does not allow, and addresses that are none', async () => {
    const shop = scripted({ status: 200, body: { n: 'one' } });
    const message = await withShop(shop, (url) => replayErrorOf(createReplayClient(url).read(actor, '/x', Answer)));
    expect(message).toContain('GET /x answered 200 with a body that the contract does not allow: {"n":"one"}');
    for (const url of ['shop', 'ftp://shop', '']) expect(() => createReplayClient(url)).toThrow('is no HTTP address');
  });
});

describe('bounded concurrency', () => {
  it('takes every item once, in order, never more at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const items = Array.from({ length: 100 }, (_, index) => index);
    await forEachOf(items, 7, async (item) => {
      begun.push(item);
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn <= item % 5; turn += 1) await Promise.resolve();
      running -= 1;
    });
    expect([begun, most, running]).toStrictEqual([items, 7, 0]);
  });

  it('ends with the first error and begins nothing after it', async () => {
    const begun: number[] = [];
    const work = forEachOf([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('two');
    const known = begun.length;
    await new Promise(setImmediate);
    expect(begun.length).toBe(known);
    expect(begun.length).toBeLessThan(6);
  });
});
