/** Whoever comes too late is refused from memory: as if a batch had decided, and only until anything changes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/errors.ts';
import type { Answered, Caller } from '../support/caller.ts';
import { openCheckedShop, useSecond, useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { type Blocker, openBlocker } from '../support/fault-blocker.ts';
import { times } from '../support/fault-servers.ts';
import {
  coupon,
  couponOf,
  expectStatus,
  HOUR_MS,
  later,
  NO_ID,
  option,
  paid,
  placed,
  product,
  richCustomer,
  tag,
} from '../support/goods.ts';
import { extrasOf, verdict } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';
import { grantedWithinASecond, refusedFromMemory } from '../support/sold-out.ts';

const TTL_MS = 600_000;
const SOLD_OUT = '409 COUPON_SOLD_OUT';
const OUT_OF_STOCK = '409 OUT_OF_STOCK';

const shop = useShop({ maxPendingOrders: 1000 });
const secondShop = useSecond(shop);

const claim = (caller: Caller, couponId: string, key?: string): Promise<Answered> =>
  caller.post(`/coupons/${couponId}/issue`, undefined, key === undefined ? {} : { key });
const order = (caller: Caller, optionIds: readonly string[], key?: string): Promise<Answered> =>
  caller.post('/orders', { lines: optionIds.map((optionId) => ({ optionId, quantity: 1 })) }, key === undefined ? {} : { key });
const at = (server: Shop, { userId }: Caller): Promise<Caller> => server.customer(userId);

/** A coupon whose only one the winner got with the key, and which is known to be sold out. */
async function takenCoupon(more: object = {}) {
  const couponId = await couponOf(shop(), { quantity: 1, ...more });
  const [winner, loser, key] = [await shop().customer(), await shop().customer(), tag()];
  const won = expectStatus(await claim(winner, couponId, key), 201);
  const refused = (): Promise<Answered> => refusedFromMemory(shop(), 'coupon', () => claim(loser, couponId), SOLD_OUT);
  await refused();
  return { couponId, winner, loser, key, won, refused };
}

/** Stands in the way of whoever wants to change the coupon. */
async function holding(couponId: string): Promise<Blocker> {
  const blocker = await openBlocker(shop().target);
  await blocker.run('SELECT FROM coupon WHERE id = $1 FOR UPDATE', [couponId]);
  return blocker;
}

async function eventuallyGranted(ask: () => Promise<string>): Promise<string> {
  await eventually(ask).toBe('201');
  return '201';
}

/** An option whose only unit an order of the buyer holds, and which is known to be sold out. */
async function takenOption(server: Shop = shop()) {
  const optionId = await option(server, { stock: 1 });
  const [buyer, late] = [await richCustomer(server, 10_000), await server.customer()];
  const orderId = await placed(buyer, optionId);
  const refused = (): Promise<Answered> => refusedFromMemory(server, 'order', () => order(late, [optionId]), OUT_OF_STOCK);
  await refused();
  return { optionId, buyer, late, orderId, refused };
}

describe('a coupon that is sold out', () => {
  test('is refused to everyone, with and without keys, and to its winner without a key as well', async () => {
    const { couponId, winner, loser } = await takenCoupon();
    for (const ask of [() => claim(loser, couponId), () => claim(loser, couponId, tag()), () => claim(winner, couponId)]) {
      expect(extrasOf(await refusedFromMemory(shop(), 'coupon', ask, SOLD_OUT))).toEqual({});
    }
  });

  test('a winner who repeats gets the win, and another request with its key is told', async () => {
    const { couponId, winner, key, won, refused } = await takenCoupon();
    const other = await takenCoupon();
    await refused();
    const again = await claim(winner, couponId, key);
    expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([201, 'true', won.body]);
    await other.refused();
    expect(verdict(await claim(winner, other.couponId, key))).toBe('422 IDEMPOTENCY_KEY_REUSED');
    // The key is the winner's alone.
    expect(verdict(await claim(other.winner, couponId, key))).toBe(SOLD_OUT);
  });

  test('ends with a greater quantity: the very next claim wins, with a key that was refused before as well', async () => {
    const { couponId, loser, refused } = await takenCoupon();
    const key = tag();
    for (const quantity of [2, 3, 4, 5]) {
      await refused();
      const claimant = quantity === 2 ? loser : await shop().customer();
      expect(verdict(await claim(claimant, couponId, key))).toBe(SOLD_OUT);
      expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { quantity }), 200);
      const won = expectStatus(await claim(claimant, couponId, key), 201);
      expect(won.headers.get('idempotent-replayed')).toBeNull();
      expect(won.body.sequence).toBe(quantity);
    }
  });

  test('is refused for what ranks before: it has not started, it has expired, it does not exist', async () => {
    const { couponId, loser, refused } = await takenCoupon();
    expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { startsAt: later(HOUR_MS / 2) }), 200);
    expect(verdict(await claim(loser, couponId))).toBe('409 COUPON_NOT_STARTED');
    expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { startsAt: later(-1000) }), 200);
    await refused();
    expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { expiresAt: later(-1) }), 200);
    expect(verdict(await claim(loser, couponId))).toBe('409 COUPON_EXPIRED');
    expect(verdict(await claim(loser, NO_ID))).toBe('404 COUPON_NOT_FOUND');
  });

  test('has expired once time has moved there, and is sold out again where it moves back', async () => {
    const { couponId, loser, refused } = await takenCoupon();
    await refused();
    shop().moveClock(2 * HOUR_MS);
    const expired = verdict(await claim(loser, couponId));
    shop().moveClock(-2 * HOUR_MS);
    expect(expired).toBe('409 COUPON_EXPIRED');
    await refused();
  });

  test('has expired from its moment on, though it was sold out a moment before', async () => {
    const expiresAt = new Date(Date.now() + 5000);
    const { couponId, loser } = await takenCoupon({ expiresAt });
    let [answer, sentAt, refusedAt] = [SOLD_OUT, 0, 0];
    while (answer === SOLD_OUT) {
      refusedAt = sentAt;
      sentAt = Date.now();
      answer = verdict(await claim(loser, couponId));
    }
    expect(refusedAt).toBeLessThan(expiresAt.getTime() + 5);
    expect(answer).toBe('409 COUPON_EXPIRED');
  });
});

describe('an option that is sold out', () => {
  test('is refused with what is left of it, whatever quantity is wanted', async () => {
    const { optionId, late, buyer } = await takenOption();
    for (const caller of [late, buyer]) {
      for (const quantity of [1, 7]) {
        const ask = () => caller.post('/orders', { lines: [{ optionId, quantity }] });
        expect(extrasOf(await refusedFromMemory(shop(), 'order', ask, OUT_OF_STOCK))).toEqual({ optionId, available: 0 });
      }
    }
  });

  test('who holds the last unit repeats with the key, and gets the order', async () => {
    const optionId = await option(shop(), { stock: 1 });
    const [buyer, late, key] = [await shop().customer(), await shop().customer(), tag()];
    const won = expectStatus(await order(buyer, [optionId], key), 201);
    await refusedFromMemory(shop(), 'order', () => order(late, [optionId], tag()), OUT_OF_STOCK);
    const again = await order(buyer, [optionId], key);
    expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([201, 'true', won.body]);
    const taken = await takenOption();
    expect(verdict(await order(buyer, [taken.optionId], key))).toBe('422 IDEMPOTENCY_KEY_REUSED');
  });

  test('ends with new stock, a cancellation, a refund that restocks: the very next order is placed', async () => {
    const { optionId, buyer, late, orderId, refused } = await takenOption();
    expectStatus(await shop().staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'restock' }), 200);
    await placed(late, optionId);
    await refused();
    expectStatus(await buyer.post(`/orders/${orderId}/cancel`), 200);
    const bought = await placed(buyer, optionId);
    await refused();
    const paymentId = await paid(buyer, bought);
    await refused();
    expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'returned' }), 201);
    await placed(late, optionId);
    await refused();
  });

  test('ends when the order that holds it is swept', async () => {
    const own = await openCheckedShop();
    try {
      const { optionId, buyer, late, orderId, refused } = await takenOption(own);
      // The sweep passes over an order that somebody has locked.
      const client = await own.database.readers.connect();
      try {
        await client.query('BEGIN');
        await client.query('SELECT FROM orders WHERE user_id = $1 AND id = $2 FOR UPDATE', [buyer.userId, orderId]);
        own.moveClock(TTL_MS);
        await refused();
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
      // Where the scheduler was faster, its sweep may still be under way.
      const sweptHere = await own.app.services.orders.expireDue();
      const ask = async (): Promise<string> => verdict(await order(late, [optionId]));
      const answer = await ask();
      expect(answer === OUT_OF_STOCK && !sweptHere ? await eventuallyGranted(ask) : answer).toBe('201');
    } finally {
      await own.close();
    }
  });

  test('is not for sale at once where it is hidden, or its product, and is sold out again where they are shown', async () => {
    const made = await product(shop(), [{ stock: 0 }]);
    const [optionId = ''] = made.options.map(({ id }) => id);
    const late = await shop().customer();
    const refused = () => refusedFromMemory(shop(), 'order', () => order(late, [optionId]), OUT_OF_STOCK);
    for (const path of [`/options/${optionId}`, `/products/${made.id}`]) {
      await refused();
      expectStatus(await shop().staff.patch(path, { status: 'hidden' }), 200);
      const answer = await order(late, [optionId]);
      expect([verdict(answer), extrasOf(answer)]).toEqual(['409 OPTION_NOT_FOR_SALE', { optionId }]);
      expectStatus(await shop().staff.patch(path, { status: 'active' }), 200);
    }
    await refused();
  });

  test('in a basket, ranks behind what is unknown or hidden, and the first line that is short is told', async () => {
    const made = await product(shop(), [{ stock: 0 }, { stock: 0 }, { stock: 9 }, { stock: 0, status: 'hidden' }]);
    const [none = '', nothing = '', some = '', hidden = ''] = made.options.map(({ id }) => id);
    const late = await shop().customer();
    const both = await refusedFromMemory(shop(), 'order', () => order(late, [none, nothing]), OUT_OF_STOCK);
    expect(extrasOf(both)).toEqual({ optionId: none, available: 0 });
    const reversed = await refusedFromMemory(shop(), 'order', () => order(late, [nothing, none]), OUT_OF_STOCK);
    expect(extrasOf(reversed)).toEqual({ optionId: nothing, available: 0 });
    const expected: readonly [string[], string, object][] = [
      [[some, none], OUT_OF_STOCK, { optionId: none, available: 0 }],
      [[none, some], OUT_OF_STOCK, { optionId: none, available: 0 }],
      [[none, NO_ID], '404 OPTION_NOT_FOUND', { optionId: NO_ID }],
      [[none, hidden], '409 OPTION_NOT_FOR_SALE', { optionId: hidden }],
      [[hidden], '409 OPTION_NOT_FOR_SALE', { optionId: hidden }],
      [[hidden], '409 OPTION_NOT_FOR_SALE', { optionId: hidden }],
      [[none, hidden, NO_ID], '404 OPTION_NOT_FOUND', { optionId: NO_ID }],
    ];
    for (const [basket, code, extras] of expected) {
      const answer = await order(late, basket);
      expect([verdict(answer), extrasOf(answer)]).toEqual([code, extras]);
    }
  });
});

describe('another process', () => {
  test('raises the quantity: its claimants win at once, and here within a second, however often was asked', async () => {
    const { couponId, loser, refused } = await takenCoupon();
    const there = await secondShop();
    await refused();
    expectStatus(await there.staff.patch(`/coupons/${couponId}`, { quantity: 2 }), 200);
    const changedAt = performance.now();
    await grantedWithinASecond(changedAt, () => claim(loser, couponId));
  });

  test('grants the win of a key: repeated here, where it is sold out from memory, the win is answered', async () => {
    const { couponId, loser, refused } = await takenCoupon();
    const there = await at(await secondShop(), loser);
    const key = tag();
    await refused();
    expectStatus(await (await secondShop()).staff.patch(`/coupons/${couponId}`, { quantity: 2 }), 200);
    const won = expectStatus(await claim(there, couponId, key), 201);
    const again = await claim(loser, couponId, key);
    expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([201, 'true', won.body]);
    // And the other way round, once the other process knows that it is sold out.
    const [late, stranger] = [await shop().customer(), await (await secondShop()).customer()];
    expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { quantity: 3 }), 200);
    const here = await grantedWithinASecond(performance.now(), () => claim(late, couponId, key));
    await refusedFromMemory(await secondShop(), 'coupon', () => claim(stranger, couponId), SOLD_OUT);
    expect((await claim(await at(await secondShop(), late), couponId, key)).body).toEqual(here.body);
  });

  test('restocks or cancels: here an order is placed within a second', async () => {
    const { optionId, buyer, late, orderId, refused } = await takenOption();
    const there = await secondShop();
    await refused();
    expectStatus(await there.staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'restock' }), 200);
    await grantedWithinASecond(performance.now(), () => order(late, [optionId]));
    await refused();
    expectStatus(await (await at(there, buyer)).post(`/orders/${orderId}/cancel`), 200);
    await grantedWithinASecond(performance.now(), () => order(late, [optionId]));
  });
});

// Again where the machine was so slow that the memory lapsed before it was asked for.
test('a key whose win is still under way is repeated behind it, though the coupon is sold out from memory', { retry: 2 }, async () => {
  const { coupons } = shop().app.services;
  const [couponId, other] = [await coupon(shop(), { quantity: 1 }), await coupon(shop())];
  const keyOf = (userId: string) => ({ userId, operation: 'test', key: tag(), requestHash: '' });
  const issue = (userId: string, key: ReturnType<typeof keyOf> | null = null) => coupons.write({ kind: 'issue', couponId, userId }, key);
  const key = keyOf('second');
  const [beforeTheLast, beforeTheNext] = [await holding(couponId), await holding(other)];
  let first: ReturnType<typeof issue>;
  let again: ReturnType<typeof issue>;
  try {
    const last = issue('first');
    await beforeTheLast.waiters(1);
    // The next batch: what makes room, the win, and what keeps them both from ending.
    const held = [
      coupons.write({ kind: 'update', staffId: 'staff', couponId, patch: { quantity: 2 } }, null),
      coupons.write({ kind: 'update', staffId: 'staff', couponId: other, patch: { name: 'held' } }, null),
    ];
    first = issue('second', key);
    void Promise.allSettled([...held, first]);
    await beforeTheLast.rollback();
    expect(await last).toMatchObject({ status: 201 });
    again = issue('second', key);
    expect(await Promise.all([issue('third'), issue('third', keyOf('third'))])).toMatchObject([
      { code: 'COUPON_SOLD_OUT' },
      { code: 'COUPON_SOLD_OUT' },
    ]);
  } finally {
    await beforeTheNext.rollback();
  }
  expect(await Promise.all([first, again])).toMatchObject([
    { status: 201, replayed: false },
    { status: 201, replayed: true },
  ]);
});

test.each([256, 8])('claims are decided in order of arrival, over all batches of at most %i', async (groupCommitMax) => {
  const own = await shop().second({ groupCommitMax });
  const couponId = await coupon(shop(), { quantity: 900 });
  const answers: ReturnType<typeof own.app.services.coupons.write>[] = [];
  for (const index of times(1000, (each) => each)) {
    answers.push(own.app.services.coupons.write({ kind: 'issue', couponId, userId: `arrival ${index}` }, null));
    if (index % 13 === 0) await nextTurn();
  }
  const sequences = (await Promise.all(answers)).map((answer) =>
    answer instanceof Refusal ? answer.code : Number(/"sequence":(\d+)/.exec(answer.json)?.[1]),
  );
  expect(sequences).toEqual(times(1000, (index) => (index < 900 ? index + 1 : 'COUPON_SOLD_OUT')));
});
