import { describe, expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { deliveriesTo, deliveryOf, expectQuiet, onlyDelivery, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, HOUR_MS, option, paid, placed, richCustomer } from '../support/goods.ts';
import { hang, openReceiver, type Receiver, type Reply, withHeaders } from '../support/receiver.ts';
import type { Shop } from '../support/shop.ts';

const ORDER = ['order.placed', 'order.paid', 'payment.refunded'];
const DAY_MS = 24 * HOUR_MS;

/** What was heard of an order, the first first. */
const heardOf = (receiver: Receiver, orderId: string) => async (): Promise<string[]> =>
  (await receiver.events()).filter(({ subject }) => subject === orderId).map(({ sequence, type }) => `${sequence} ${type}`);

/** The delivery of the first event of a type. */
async function deliveryOfType(shop: Shop, destination: Body, type: string): Promise<Body> {
  const found = (await deliveriesTo(shop, destination, `&type=${type}`)).at(-1);
  return deliveryOf(shop, found?.id ?? '');
}

describe('events of one order', () => {
  test('wait for an earlier one that is tried again, while other orders pass', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    let first = '';
    let opened = false;
    receiver.answers(({ event }) => (event.subject === first && !opened ? 400 : 204));
    const destination = await sendTo(shop, receiver, ORDER);
    const { customer, place, buy } = await openBuyer(shop);
    first = await place();
    await paid(customer, first);
    const others = [await buy(), await buy(), await buy()];
    for (const other of others) await eventually(heardOf(receiver, other)).toEqual(['1 order.placed', '2 order.paid']);
    await eventually(async () => (await heardOf(receiver, first)()).length).toBeGreaterThan(3);
    expect(new Set(await heardOf(receiver, first)())).toEqual(new Set(['1 order.placed']));
    opened = true;
    await settled(shop, destination);
    expect((await heardOf(receiver, first)()).slice(-2)).toEqual(['1 order.placed', '2 order.paid']);
  });

  test('arrive in order whatever becomes of single attempts, by two servers at once', async () => {
    const shop = await openSendingShop({ retryMs: Array.from({ length: 40 }, () => 20) });
    const receiver = await openReceiver();
    const taken: string[] = [];
    receiver.answers(({ event }) => {
      // One attempt in three is refused, another answered late.
      const chance = Math.random() * 3;
      if (chance < 1) return 400;
      taken.push(`${event.subject} ${event.sequence}`);
      return chance < 2 ? 200 : (answer) => void setTimeout(() => answer.writeHead(200).end(), 30);
    });
    const destination = await sendTo(shop, receiver, ORDER);
    const second = await shop.second();
    const customer = await richCustomer(shop, 100_000);
    const optionId = await option(shop, { price: 100, stock: 100 });
    const orders = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const orderId = await placed(customer, optionId, 2);
        const paymentId = await paid(customer, orderId);
        const body = { lines: [{ optionId, quantity: 1 }], restock: true, reason: 'x' };
        const refunds = await Promise.all([shop, second].map(({ staff }) => staff.post(`/payments/${paymentId}/refunds`, body)));
        for (const refund of refunds) expectStatus(refund, 201);
        return orderId;
      }),
    );
    await eventually(async () => new Set((await settled(shop, destination)).map(({ status }) => status))).toEqual(new Set(['delivered']));
    for (const orderId of orders) {
      expect(taken.filter((one) => one.startsWith(orderId)).map((one) => one.slice(-1))).toEqual(['1', '2', '3', '4']);
    }
  });

  test('that wait behind one far in the future come right after it, when that is delivered sooner', async () => {
    const shop = await openSendingShop({ retryMs: [HOUR_MS] });
    const receiver = await openReceiver();
    receiver.answers(() => withHeaders(400, { 'retry-after': '3600' }));
    const destination = await sendTo(shop, receiver, ORDER);
    const { customer, place, buy } = await openBuyer(shop);
    const stuck = await place();
    await eventually(receiver.events).toHaveLength(1);
    await paid(customer, stuck);
    receiver.answers(() => 204);
    const other = await buy();
    await eventually(heardOf(receiver, other)).toEqual(['1 order.placed', '2 order.paid']);
    const { id, nextAttemptAt } = await deliveryOfType(shop, destination, 'order.placed');
    // The one behind it is looked at once and then put off, rather than looked at again and again.
    await eventually(async () =>
      (await deliveriesTo(shop, destination, '&status=pending&type=order.paid')).map((d) => d.nextAttemptAt),
    ).toEqual([nextAttemptAt]);
    expectStatus(await shop.staff.post(`/deliveries/${id}/replay`), 202);
    await eventually(heardOf(receiver, stuck)).toEqual(['1 order.placed', '1 order.placed', '2 order.paid']);
  });

  test('that were sent before an earlier one was replayed come after it, at their own time and not at its', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const asked = { paid: 0, refunded: 1 };
    receiver.answers(({ event: { type } }) => {
      const seconds = type === 'order.paid' ? asked.paid : type === 'payment.refunded' ? asked.refunded : 0;
      return seconds > 0 ? withHeaders(400, { 'retry-after': String(seconds) }) : 204;
    });
    const destination = await sendTo(shop, receiver, ORDER);
    const customer = await richCustomer(shop, 1000);
    const orderId = await placed(customer, await option(shop, { price: 100, stock: 1 }));
    const refund = { restock: false, reason: 'x' };
    expectStatus(await shop.staff.post(`/payments/${await paid(customer, orderId)}/refunds`, refund), 201);
    const [toBePaid, refunded] = ['order.paid', 'payment.refunded'].map((type) => () => deliveryOfType(shop, destination, type));
    if (toBePaid === undefined || refunded === undefined) throw new Error('there are two');
    const replayPaid = async (): Promise<void> => {
      expectStatus(await shop.staff.post(`/deliveries/${(await toBePaid()).id}/replay`), 202);
    };
    await eventually(async () => (await refunded()).lastError).toBe('HTTP 400');

    // Its own time comes, and it is put off to that of the earlier one, which is far away.
    asked.paid = 3600;
    await replayPaid();
    await eventually(async () => (await toBePaid()).lastError).toBe('HTTP 400');
    const { nextAttemptAt } = await toBePaid();
    await eventually(async () => (await refunded()).nextAttemptAt).toBe(nextAttemptAt);
    asked.paid = 0;
    asked.refunded = 3600;
    const before = receiver.heard.length;
    await replayPaid();
    await eventually(async () => (await heardOf(receiver, orderId)()).slice(before)).toEqual(['2 order.paid', '3 payment.refunded']);

    // Its own time is far away, and that the earlier one has arrived once more changes nothing of it.
    await eventually(async () => Date.parse((await refunded()).nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(HOUR_MS / 2);
    const own = (await refunded()).nextAttemptAt;
    await replayPaid();
    await eventually(async () => (await toBePaid()).status).toBe('delivered');
    expect((await refunded()).nextAttemptAt).toBe(own);
  });

  test('go on when an earlier one has failed for good', async () => {
    const shop = await openSendingShop({ retryMs: [20, 20] });
    const receiver = await openReceiver();
    receiver.answers(({ event }) => (event.type === 'order.placed' ? withHeaders(422, {}, 'no, thanks') : 204));
    const destination = await sendTo(shop, receiver, ORDER);
    const orderId = await (await openBuyer(shop)).buy();
    await eventually(heardOf(receiver, orderId)).toEqual(['1 order.placed', '1 order.placed', '1 order.placed', '2 order.paid']);
    await settled(shop, destination);
    const failed = await deliveryOfType(shop, destination, 'order.placed');
    expect(failed).toMatchObject({ status: 'failed', attempts: 3, lastError: 'HTTP 422', nextAttemptAt: null });
    expect(failed.log).toHaveLength(3);
    for (const attempt of failed.log) expect(attempt).toMatchObject({ outcome: 'failed', statusCode: 422, answer: 'no, thanks' });
    expect(failed.log.map((attempt) => attempt['number'])).toEqual([3, 2, 1]);
  });

  test('that hang, many of them, with more behind each, leave the way to other orders open', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const hanging = new Set<string>();
    receiver.answers(({ event }) => (hanging.has(event.subject) ? hang : 204));
    await sendTo(shop, receiver, ORDER);
    const { customer, place, buy } = await openBuyer(shop);
    const orders = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const orderId = await place();
        hanging.add(orderId);
        return orderId;
      }),
    );
    await Promise.all(orders.map((orderId) => paid(customer, orderId)));
    const other = await buy();
    await eventually(heardOf(receiver, other)).toEqual(['1 order.placed', '2 order.paid']);
    const heard = await Promise.all(orders.map((orderId) => heardOf(receiver, orderId)()));
    expect(heard).toEqual(orders.map(() => ['1 order.placed']));
  });
});

describe('an event that is refused for ever', () => {
  test('fails alone', async () => {
    const shop = await openSendingShop({ retryMs: [10, 10, 10] });
    const receiver = await openReceiver();
    let poisoned = '';
    receiver.answers(({ event }) => (event.subject === poisoned ? 400 : 204));
    const destination = await sendTo(shop, receiver, ['order.placed']);
    const { place } = await openBuyer(shop);
    const orders: string[] = [];
    for (let made = 0; made < 10; made += 1) {
      orders.push(await place());
      poisoned ||= orders[0] ?? '';
    }
    const deliveries = await settled(shop, destination);
    const bad = (await receiver.events()).find(({ subject }) => subject === orders[0]);
    expect(deliveries.filter(({ status }) => status === 'failed').every(({ eventId }) => eventId === bad?.id)).toBe(true);
    expect(deliveries.filter(({ status }) => status === 'delivered').length).toBeGreaterThanOrEqual(9);
  });
});

describe('a lease that ran out', () => {
  test('takes the delivery from whoever had it: what that one hears late counts no more', async () => {
    const shop = await openSendingShop({ retryMs: [HOUR_MS, HOUR_MS] });
    const receiver = await openReceiver();
    const replies = [Promise.withResolvers<Reply>(), Promise.withResolvers<Reply>()];
    receiver.answers(() => replies[receiver.heard.length - 1]?.promise ?? 204);
    const destination = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    await eventually(receiver.events).toHaveLength(1);
    shop.moveClock(60_000);
    await eventually(receiver.events).toHaveLength(2);
    replies[0]?.resolve(204);
    await eventually(async () => (await onlyDelivery(shop, destination)).log.length).toBe(1);
    expect(await onlyDelivery(shop, destination)).toMatchObject({
      status: 'pending',
      attempts: 2,
      log: [{ number: 1, outcome: 'delivered' }],
    });
    replies[1]?.resolve(withHeaders(400, { 'retry-after': '3600' }));
    await eventually(async () => (await onlyDelivery(shop, destination)).log.length).toBe(2);
    expect(await onlyDelivery(shop, destination)).toMatchObject({ status: 'pending', attempts: 2, lastError: 'HTTP 400' });
  });
});

describe('the clock', () => {
  test('may jump forty days ahead and an hour back: nothing is lost, doubled or out of order', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const destination = await sendTo(shop, receiver, ORDER);
    const customer = await richCustomer(shop, 100_000);
    const optionId = await option(shop, { price: 100, stock: 100 });
    const first = await placed(customer, optionId, 3);
    const paymentId = await paid(customer, first);
    const refund = async (): Promise<void> => {
      const body = { lines: [{ optionId, quantity: 1 }], restock: true, reason: 'x' };
      expectStatus(await shop.staff.post(`/payments/${paymentId}/refunds`, body), 201);
    };
    await expectQuiet(shop);
    shop.moveClock(40 * DAY_MS);
    let asked = false;
    receiver.answers(({ event }) => {
      if (asked || event.type !== 'payment.refunded') return 204;
      asked = true;
      return withHeaders(400, { 'retry-after': '2' });
    });
    await refund();
    await eventually(heardOf(receiver, first)).toHaveLength(3);
    await eventually(async () => (await deliveriesTo(shop, destination, '&status=pending')).map(({ lastError }) => lastError)).toEqual([
      'HTTP 400',
    ]);
    shop.moveClock(-HOUR_MS);
    await refund();
    const second = await placed(customer, optionId);
    await paid(customer, second);
    await eventually(() => deliveriesTo(shop, destination, '&status=pending')).toHaveLength(2);
    expect(await heardOf(receiver, second)()).toEqual(['1 order.placed', '2 order.paid']);
    await settled(shop, { name: 'log' });
    shop.moveClock(HOUR_MS);
    await eventually(heardOf(receiver, first)).toEqual([
      '1 order.placed',
      '2 order.paid',
      '3 payment.refunded',
      '3 payment.refunded',
      '4 payment.refunded',
    ]);
    await refund();
    await eventually(async () => (await heardOf(receiver, first)()).at(-1)).toBe('5 payment.refunded');
    await settled(shop, destination);
    expect(receiver.heard).toHaveLength(8);
  });
});
