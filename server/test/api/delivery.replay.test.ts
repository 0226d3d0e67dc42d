import { describe, expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { deliveriesTo, deliveryOf, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, HOUR_MS, NO_ID } from '../support/goods.ts';
import { ANY_ID } from '../support/matchers.ts';
import { openReceiver, type Receiver, withHeaders } from '../support/receiver.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';

const PATH = '/deliveries/replay';

/** A shop whose receiver has refused so many paid orders for good, and then takes everything; with their deliveries, the oldest first. */
async function refusals(count: number): Promise<{ shop: Shop; receiver: Receiver; destination: Body; failed: readonly Body[] }> {
  const shop = await openSendingShop({ retryMs: [] });
  const receiver = await openReceiver();
  receiver.answers(() => 400);
  const destination = await sendTo(shop, receiver, ['order.paid']);
  const { buy } = await openBuyer(shop);
  for (let made = 0; made < count; made += 1) await buy();
  const failed = await settled(shop, destination);
  expect(failed.map(({ status }) => status)).toEqual(failed.map(() => 'failed'));
  receiver.answers(() => 204);
  return { shop, receiver, destination, failed };
}

const idsOf = (deliveries: readonly Body[]): string[] => deliveries.map(({ eventId }) => eventId);
const heardAfter = (receiver: Receiver, before: number) => async (): Promise<string[]> =>
  (await receiver.events()).slice(before).map(({ id }) => id);

describe('a replay of one', () => {
  test('goes out under the id of the same event, its log goes on, and its attempts begin anew', async () => {
    const { shop, receiver, failed } = await refusals(2);
    const [one] = failed;
    expectStatus(await shop.staff.post(`/deliveries/${one?.id}/replay`), 202);
    await eventually(heardAfter(receiver, 2)).toEqual([one?.eventId]);
    await eventually(async () => (await deliveryOf(shop, one?.id ?? '')).status).toBe('delivered');
    const delivery = await deliveryOf(shop, one?.id ?? '');
    expect(delivery).toMatchObject({
      attempts: 1,
      lastError: null,
      log: [{ outcome: 'delivered' }, { outcome: 'failed', statusCode: 400 }],
    });
    expect(Number(delivery.log[0]?.['number'])).toBeGreaterThan(Number(delivery.log[1]?.['number']));
    const again = receiver.heard.filter(({ event }) => event.id === one?.eventId);
    expect(again[1]?.body).toBe(again[0]?.body);
  });

  test('does not wait for a retry that is far away', async () => {
    const shop = await openSendingShop({ retryMs: [HOUR_MS] });
    const receiver = await openReceiver();
    receiver.answers(() => withHeaders(400, { 'retry-after': '3600' }));
    const destination = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    const pending = () => deliveriesTo(shop, destination, '&status=pending');
    await eventually(async () => (await pending()).map(({ lastError }) => lastError)).toEqual(['HTTP 400']);
    receiver.answers(() => 204);
    const [delivery] = await pending();
    expectStatus(await shop.staff.post(`/deliveries/${delivery?.id}/replay`), 202);
    await eventually(pending).toEqual([]);
    expect(receiver.heard).toHaveLength(2);
  });
});

describe('a replay of many', () => {
  test('is of all that failed at a destination, the oldest first', async () => {
    const { shop, receiver, destination, failed } = await refusals(5);
    const { body } = expectStatus(await shop.staff.post(PATH, { destination: destination.name, status: 'failed' }), 202);
    expect(body).toEqual({ replayed: 5, nextAfter: null });
    await eventually(async () => (await heardAfter(receiver, 5)()).toSorted()).toEqual(idsOf(failed).toSorted());
    const deliveries = await settled(shop, destination);
    expect(deliveries.map(({ status, attempts, lastError }) => ({ status, attempts, lastError }))).toEqual(
      deliveries.map(() => ({ status: 'delivered', attempts: 1, lastError: null })),
    );
    expect((await shop.staff.post(PATH, { destination: destination.name, status: 'failed' })).body).toEqual({
      replayed: 0,
      nextAfter: null,
    });
  });

  test('is of those made within a time, its end not included', async () => {
    const { shop, receiver, destination, failed } = await refusals(6);
    const [from = '', to = ''] = [failed[1]?.createdAt, failed[4]?.createdAt];
    const wanted = failed.filter(({ createdAt }) => createdAt >= from && createdAt < to);
    expect(wanted.length).toBeLessThan(failed.length);
    const { body } = expectStatus(await shop.staff.post(PATH, { destination: destination.name, from, to }), 202);
    expect(body).toEqual({ replayed: wanted.length, nextAfter: null });
    await eventually(async () => (await heardAfter(receiver, 6)()).toSorted()).toEqual(idsOf(wanted).toSorted());
    await settled(shop, destination);
    expect(receiver.heard).toHaveLength(6 + wanted.length);
  });

  test('is of one destination and one type, and goes on after a delivery', async () => {
    const { shop, receiver, destination, failed } = await refusals(3);
    const other = await openReceiver();
    await sendTo(shop, other, ['order.paid']);
    const ask = async (more: object): Promise<Body> =>
      expectStatus(await shop.staff.post(PATH, { destination: destination.name, ...more }), 202).body;
    expect(await ask({ type: 'order.placed' })).toMatchObject({ replayed: 0 });
    expect(await ask({ type: 'order.paid', after: failed[1]?.id })).toMatchObject({ replayed: 1 });
    await eventually(heardAfter(receiver, 3)).toEqual([failed[2]?.eventId]);
    expect(other.heard).toEqual([]);
  });

  test('takes what was delivered, too, where no status is named', async () => {
    const { shop, receiver, destination } = await refusals(2);
    const { name } = destination;
    expect((await shop.staff.post(PATH, { destination: name })).body).toMatchObject({ replayed: 2 });
    await settled(shop, destination);
    expect((await shop.staff.post(PATH, { destination: name, status: 'failed' })).body).toMatchObject({ replayed: 0 });
    expect((await shop.staff.post(PATH, { destination: name })).body).toMatchObject({ replayed: 2 });
    await settled(shop, destination);
    expect(receiver.heard).toHaveLength(6);
  });

  test('leaves alone what still waits for its next attempt', async () => {
    const shop = await openSendingShop({ retryMs: [HOUR_MS] });
    const receiver = await openReceiver();
    receiver.answers(() => withHeaders(400, { 'retry-after': '3600' }));
    const destination = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    await eventually(() => deliveriesTo(shop, destination)).toMatchObject([{ status: 'pending', lastError: 'HTTP 400' }]);
    const before = await deliveriesTo(shop, destination);
    expect((await shop.staff.post(PATH, { destination: destination.name })).body).toEqual({ replayed: 0, nextAfter: null });
    expect(await deliveriesTo(shop, destination)).toEqual(before);
    expect(receiver.heard).toHaveLength(1);
  });

  test('happens once however often its key is sent', async () => {
    const { shop, receiver, destination } = await refusals(2);
    const body = { destination: destination.name };
    const first = expectStatus(await shop.staff.post(PATH, body, { key: 'again' }), 202);
    await settled(shop, destination);
    const second = await shop.staff.post(PATH, body, { key: 'again' });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await deliveriesTo(shop, destination, '&status=pending')).toEqual([]);
    expect(receiver.heard).toHaveLength(4);
  });

  test('is for staff, and of a destination, in words it knows', async () => {
    const shop = await openSendingShop();
    await expectRefusal(shop.anyone, ['POST', PATH, { nonsense: 1 }], '401 UNAUTHENTICATED');
    await expectRefusal(await shop.customer(), ['POST', PATH, { nonsense: 1 }], '403 FORBIDDEN');
    await expectInvalid(shop.staff, ['POST', PATH, {}], '/destination');
    await expectInvalid(shop.staff, ['POST', PATH, { destination: 'log', type: 'order' }], '/type');
    await expectInvalid(shop.staff, ['POST', PATH, { destination: 'log', status: 'pending' }], '/status');
    await expectInvalid(shop.staff, ['POST', PATH, { destination: 'log', from: 'yesterday' }], '/from');
    expect((await shop.staff.post(PATH, { destination: 'nobody', after: NO_ID })).body).toEqual({ replayed: 0, nextAfter: null });
  });
});

describe('a delivery', () => {
  test('has its last attempts, the newest first, for staff alone', async () => {
    const shop = await openSendingShop({ retryMs: [1, 1, 1] });
    const receiver = await openReceiver();
    receiver.answers(() => (receiver.heard.length < 4 ? 400 : 204));
    const destination = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    const [made] = await settled(shop, destination);
    const delivery = await deliveryOf(shop, made?.id ?? '');
    expect(delivery).toMatchObject({ id: ANY_ID, attempts: 4, status: 'delivered', destination: destination.name, type: 'order.paid' });
    expect(delivery.log.map(({ outcome }) => outcome)).toEqual(['delivered', 'failed', 'failed', 'failed']);
    expect(delivery.log.map((attempt) => attempt['number'])).toEqual([4, 3, 2, 1]);
    const times = delivery.log.map(({ startedAt }) => startedAt);
    expect(times).toEqual(times.toSorted().toReversed());
    const path = `/deliveries/${delivery.id}`;
    await expectRefusal(shop.anyone, ['GET', path], '401 UNAUTHENTICATED');
    await expectRefusal(await shop.customer(), ['GET', path], '403 FORBIDDEN');
    await expectRefusal(shop.staff, ['GET', `/deliveries/${NO_ID}`], '404 DELIVERY_NOT_FOUND');
    await expectInvalid(shop.staff, ['GET', '/deliveries/nonsense'], '/deliveryId');
  });

  test('is listed by destination, type and time', async () => {
    const { shop, destination, failed } = await refusals(3);
    expect(await deliveriesTo(shop, destination, '&type=order.placed')).toEqual([]);
    expect(await deliveriesTo(shop, destination, '&type=order.paid&status=failed')).toEqual(failed.toReversed());
    const from = encodeURIComponent(failed[1]?.createdAt ?? '');
    const later = failed.filter(({ createdAt }) => createdAt >= (failed[1]?.createdAt ?? ''));
    expect(await deliveriesTo(shop, destination, `&from=${from}`)).toEqual(later.toReversed());
    expect(await deliveriesTo(shop, destination, `&to=${from}`)).toHaveLength(3 - later.length);
    await expectInvalid(shop.staff, ['GET', '/deliveries?destination=No'], '/destination');
    await expectInvalid(shop.staff, ['GET', '/deliveries?type=order'], '/type');
  });
});
