/** What is sold out comes back while everyone asks: claims against greater quantities, orders against restocks and cancellations. */
import { describe, expect, test } from 'vitest';
import type { Answered, Caller } from '../support/caller.ts';
import { ALL_SETTINGS, times, useServers } from '../support/fault-servers.ts';
import { coupon, expectStatus, option, stockOf, tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';

interface Asked {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly answer: Answered;
}

/** Someone who asks with one key again and again, and now and then with none or a new one. */
interface Claimant {
  readonly caller: Caller;
  readonly key: string;
  /** All that was asked with the key. */
  readonly keyed: Asked[];
  readonly others: Answered[];
}

type Ask = (caller: Caller, key?: string) => Promise<Answered>;

const newClaimant = (caller: Caller): Claimant => ({ caller, key: tag(), keyed: [], others: [] });

/** Asks with the claimant's key; once, or twice at the same time. */
async function repeat({ caller, key, keyed }: Claimant, ask: Ask): Promise<void> {
  const once = async (): Promise<void> => {
    const sentAt = performance.now();
    const answer = await ask(caller, key);
    keyed.push({ sentAt, answer, answeredAt: performance.now() });
  };
  await Promise.all(Math.random() < 0.5 ? [once(), once()] : [once()]);
}

/** Expects that a key, once it has won, answers the one win to whoever repeats it, and gives the win. */
function winOf({ keyed }: Claimant): Answered | undefined {
  const wins = keyed.filter(({ answer }) => answer.status === 201);
  expect(new Set(wins.map(({ answer }) => JSON.stringify(answer.body))).size).toBeLessThanOrEqual(1);
  expect(wins.filter(({ answer }) => answer.headers.get('idempotent-replayed') === null).length).toBe(Math.min(1, wins.length));
  const wonAt = Math.min(...wins.map(({ answeredAt }) => answeredAt));
  expect(keyed.filter(({ sentAt, answer }) => sentAt > wonAt && answer.status !== 201).map(({ answer }) => answer.body)).toEqual([]);
  return wins[0]?.answer;
}

describe.each(ALL_SETTINGS)('sold out again and again, $name', (setting) => {
  const servers = useServers(setting);
  const share = setting.share;

  test('claims with repeated keys, while the quantity is raised: everyone who won has one coupon, and no more are issued', async () => {
    const { shop, crowd, spread } = servers();
    const [step, raises] = [20 * share, 4];
    const couponId = await coupon(shop, { quantity: step });
    const ask: Ask = (caller, key) => caller.post(`/coupons/${couponId}/issue`, undefined, key === undefined ? {} : { key });
    const staff = spread(shop.staff);
    const customers = await crowd(150 * share);
    const progress = { done: false };
    const raising = (async (): Promise<void> => {
      for (const count of times(raises, (index) => index + 2)) {
        await expect.poll(async () => (await staff.get(`/coupons/${couponId}`)).body.remaining, { timeout: 20_000, interval: 5 }).toBe(0);
        expectStatus(await staff.patch(`/coupons/${couponId}`, { quantity: step * count }), 200);
      }
      progress.done = true;
    })();
    const claimants = customers.map(newClaimant);
    const claiming = claimants.map(async (claimant) => {
      const { caller, others } = claimant;
      do {
        await repeat(claimant, ask);
        others.push(await ask(caller, tag()));
        await repeat(claimant, ask);
        others.push(await ask(caller));
      } while (!progress.done);
    });
    await Promise.all([raising, ...claiming]);
    // Whoever was refused for being too early, within the second, asks once more.
    const quantity = step * (raises + 1);
    await expect
      .poll(
        async () => {
          await Promise.all(claimants.map(async ({ caller, others }) => others.push(await ask(caller))));
          return (await staff.get(`/coupons/${couponId}`)).body.remaining;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(0);

    const wins = claimants.flatMap((claimant) => {
      const won = [winOf(claimant), ...claimant.others.filter(({ status }) => status === 201)].filter((win) => win !== undefined);
      expect(won.length).toBeLessThanOrEqual(1);
      return won;
    });
    expect(wins.map(({ body }) => body.sequence).toSorted((a, b) => a - b)).toEqual(times(quantity, (index) => index + 1));
    expect((await shop.staff.get(`/coupons/${couponId}`)).body).toMatchObject({ issued: quantity, quantity, status: 'soldOut' });
    const refusals = claimants.flatMap(({ keyed, others }) => [...keyed.map(({ answer }) => answer), ...others].map(verdict));
    expect([...new Set(refusals)].filter((seen) => !['201', '409 COUPON_SOLD_OUT', '409 COUPON_ALREADY_ISSUED'].includes(seen))).toEqual(
      [],
    );
  });

  test('orders with repeated keys, while units come back: what is held is what was sold, and nothing is left over', async () => {
    const { shop, crowd, spread } = servers();
    const [units, restocks] = [10 * share, 5];
    const optionId = await option(shop, { stock: units });
    const ask: Ask = (caller, key) => caller.post('/orders', { lines: [{ optionId, quantity: 1 }] }, key === undefined ? {} : { key });
    const staff = spread(shop.staff);
    const buyers = await crowd(60 * share);
    const restocking = (async (): Promise<void> => {
      for (let count = 0; count < restocks; count += 1) {
        expectStatus(await staff.post(`/options/${optionId}/stock`, { delta: units, reason: 'restock' }), 200);
      }
    })();
    let held = 0;
    const buy = async (buyer: Caller, index: number): Promise<void> => {
      for (let round = 0; round < 4; round += 1) {
        const claimant = newClaimant(buyer);
        for (let asked = 0; asked < 3; asked += 1) await repeat(claimant, ask);
        const won = winOf(claimant);
        if (won === undefined) continue;
        held += 1;
        if ((index + round) % 2 === 0) continue;
        expectStatus(await buyer.post(`/orders/${won.body.id}/cancel`), 200);
        held -= 1;
      }
    };
    await Promise.all([restocking, ...buyers.map(buy)]);
    const onHand = units * (1 + restocks);
    expect(await stockOf(shop, optionId)).toEqual({ onHand, reserved: held });
    const [last] = buyers;
    if (last === undefined) throw new Error('nobody buys');
    // Whatever is left is sold: nothing stays sold out for longer than a second.
    await expect
      .poll(
        async () => {
          if ((await ask(last)).status === 201) held += 1;
          return held;
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe(onHand);
    expect(await stockOf(shop, optionId)).toEqual({ onHand, reserved: onHand });
  });
});
