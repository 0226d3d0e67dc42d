/** The timeline of an order tells everything that happened to it, in the order of time. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Body } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, issued, NO_ID, option, paid, placed, richCustomer } from '../support/goods.ts';
import { ANY_ID, ANY_NUMBER, ANY_TEXT, ANY_TIME, objectWith } from '../support/matchers.ts';
import { expectRefusal } from '../support/refusal.ts';

const shop = useShop({ orderTtlSeconds: 60 });

const timeline = async (orderId: string): Promise<readonly Body[]> => {
  const { body } = expectStatus(await shop().staff.get(`/orders/${orderId}/timeline`), 200);
  expect(body).toMatchObject({ orderId, isComplete: true });
  const { entries } = body;
  const times = entries.map((each) => String(each['at']));
  expect(times).toEqual(times.toSorted());
  return entries;
};
const kindsOf = (entries: readonly Body[]): string[] => entries.map(({ kind }) => kind);
const delivered = async (orderId: string): Promise<boolean> =>
  (await timeline(orderId)).filter(({ kind }) => kind === 'delivery').every(({ status }) => status === 'delivered');

test('an order that was paid, delivered, refunded and replayed', async () => {
  const customer = await richCustomer(shop(), 10_000);
  const optionId = await option(shop(), { price: 1000, stock: 5 });
  const couponId = await couponOf(shop(), { discount: { type: 'fixed', amount: 500 } });
  const userCouponId = await issued(customer, couponId);
  const orderId = await placed(customer, optionId, 2, userCouponId);
  const paymentId = await paid(customer, orderId);
  await eventually(() => delivered(orderId)).toBe(true);
  const refund = { lines: [{ optionId, quantity: 1 }], restock: true, reason: 'broken' };
  const { body: made } = expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, refund), 201);
  const { body: order } = await customer.get(`/orders/${orderId}`);

  const line = { optionId, sku: ANY_TEXT, name: ANY_TEXT, quantity: 2 };
  const at = ANY_TIME;
  const event = { at: order.paidAt, kind: 'event', eventId: ANY_ID, type: 'order.paid', sequence: 2 };
  const { lines, reason } = refund;
  const entries = await timeline(orderId);
  const [eventId, deliveryId] = [entries[4]?.eventId ?? '', String(entries[5]?.['deliveryId'])];
  expect(entries).toEqual([
    { at: order.createdAt, kind: 'placed', subtotal: 2000, discount: 500, total: 1500, expiresAt: order.expiresAt },
    { at: order.createdAt, kind: 'stockHeld', lines: [line] },
    { at: order.createdAt, kind: 'couponHeld', userCouponId, couponId, name: ANY_TEXT, discount: 500 },
    { at: order.paidAt, kind: 'paid', paymentId, amount: 1500, discount: 500, balanceAfter: 8500 },
    event,
    {
      at: order.paidAt,
      kind: 'delivery',
      deliveryId: ANY_ID,
      eventId,
      destination: 'log',
      status: 'delivered',
      attempts: 1,
      lastError: null,
      nextAttemptAt: null,
    },
    { at, kind: 'attempt', deliveryId, number: 1, durationMs: ANY_NUMBER, outcome: 'delivered', statusCode: null, answer: null },
    { at: made.createdAt, kind: 'refunded', refundId: made.id, paymentId, amount: 750, lines, restocked: true, staffId: 'staff', reason },
    {
      at: made.createdAt,
      kind: 'staffAction',
      actionId: ANY_ID,
      staffId: 'staff',
      operation: 'payment.refund',
      object: { kind: 'payment', id: paymentId },
      before: { refunded: 0 },
      after: objectWith({ refundId: made.id, amount: 750 }),
    },
  ]);

  expectStatus(await shop().staff.post(`/deliveries/${deliveryId}/replay`), 202);
  await eventually(async () => kindsOf(await timeline(orderId)).slice(9)).toEqual(['staffAction', 'attempt']);
  expect((await timeline(orderId)).at(-1)).toMatchObject({ deliveryId, number: 3, outcome: 'delivered' });
});

test('goes by the clock of the database, also where that of the process is behind', async () => {
  const customer = await shop().customer();
  const optionId = await option(shop(), { price: 0, stock: 1 });
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() - 60_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const orderId = await placed(customer, optionId);
  await paid(customer, orderId);
  await eventually(() => delivered(orderId)).toBe(true);
  expect(kindsOf(await timeline(orderId))).toEqual(['placed', 'stockHeld', 'paid', 'event', 'delivery', 'attempt']);
});

test('one that staff cancelled', async () => {
  const customer = await shop().customer();
  const userCouponId = await issued(customer, await couponOf(shop(), {}));
  const orderId = await placed(customer, await option(shop(), { stock: 1 }), 1, userCouponId);
  expectStatus(await shop().staff.post(`/orders/${orderId}/cancel`), 200);
  const entries = await timeline(orderId);
  expect(kindsOf(entries)).toEqual(['placed', 'stockHeld', 'couponHeld', 'cancelled', 'stockReleased', 'couponReleased', 'staffAction']);
  expect(entries[4]?.lines).toEqual(entries[1]?.lines);
  expect(entries[5]?.userCouponId).toBe(userCouponId);
  expect(entries[6]).toMatchObject({
    operation: 'order.cancel',
    staffId: 'staff',
    after: { status: 'cancelled', userId: customer.userId },
  });
  const ends = entries.slice(3).map((each) => each['at']);
  expect(new Set(ends).size).toBe(1);
});

test('one that ran out of time: expired at once, released when it is swept, with its events where a destination wants them', async () => {
  const destination = { name: 'ends', kind: 'log', eventTypes: ['order.placed', 'order.expired'] };
  expectStatus(await shop().staff.post('/destinations', destination), 201);
  const customer = await shop().customer();
  const orderId = await placed(customer, await option(shop(), { stock: 1 }));
  const { expiresAt } = (await customer.get(`/orders/${orderId}`)).body;
  shop().moveClock(61_000);
  expect((await timeline(orderId)).find(({ kind }) => kind === 'expired')).toEqual({ at: expiresAt, kind: 'expired' });
  await eventually(async () => kindsOf(await timeline(orderId)).filter((kind) => kind !== 'attempt')).toEqual([
    'placed',
    'stockHeld',
    'event',
    'delivery',
    'expired',
    'stockReleased',
    'event',
    'delivery',
  ]);
  await eventually(() => delivered(orderId)).toBe(true);
});

test('is for staff, of orders there are', async () => {
  const customer = await shop().customer();
  const orderId = await placed(customer, await option(shop(), { stock: 1 }));
  await expectRefusal(shop().anyone, ['GET', `/orders/${orderId}/timeline`], '401 UNAUTHENTICATED');
  await expectRefusal(customer, ['GET', `/orders/${orderId}/timeline`], '403 FORBIDDEN');
  await expectRefusal(shop().staff, ['GET', `/orders/${NO_ID}/timeline`], '404 ORDER_NOT_FOUND');
  await expectRefusal(shop().staff, ['GET', '/orders/x/timeline'], '400 VALIDATION_FAILED', { errors: [objectWith({ path: '/orderId' })] });
});
