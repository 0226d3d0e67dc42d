import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deliveriesTo, EVENT_TYPES, expectQuiet, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { documentAjv, documentOf } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { couponOf, expectStatus, HOUR_MS, issued, option, paid, placed, richCustomer } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { type CloudEvent, type Heard, openReceiver } from '../support/receiver.ts';
import type { Shop } from '../support/shop.ts';

/** The signature of what was heard, as Standard Webhooks 1.0 describes it, by nothing but that description. */
function signature({ headers, body }: Heard, secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', key).update(content, 'utf8').digest('base64')}`;
}

const signaturesOf = ({ headers }: Heard | { headers: Heard['headers'] }): string[] => String(headers['webhook-signature']).split(' ');
const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 'key').toString('base64')}`;

describe('a signature', () => {
  test('is of id, time and body, by the key that the secret is in base64', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const { secret } = await sendTo(shop, receiver, ['order.paid']);
    const { buy } = await openBuyer(shop);
    await buy();
    await eventually(receiver.events).toHaveLength(1);
    const [heard] = receiver.heard;
    if (heard === undefined) throw new Error('nothing was heard');
    expect(heard.method).toBe('POST');
    expect(heard.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(heard.headers['webhook-id']).toBe(heard.event.id);
    expect(heard.headers['traceparent']).toBeUndefined();
    expect(Math.abs(Number(heard.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expect(signaturesOf(heard)).toEqual([signature(heard, secret)]);
  });

  test('is the same for secrets of every length, and for text that is not ASCII', async () => {
    const shop = await openSendingShop();
    const secrets = [24, 25, 26, 64].map(secretOf);
    const receivers = await Promise.all(secrets.map(() => openReceiver()));
    for (const [index, secret] of secrets.entries()) {
      const receiver = receivers[index];
      if (receiver !== undefined) await sendTo(shop, receiver, ['coupon.issued'], { secret });
    }
    const customer = await shop.customer();
    await issued(customer, await couponOf(shop, { name: '첫 구매 쿠폰 “🎟” \u2028' }));
    for (const [index, receiver] of receivers.entries()) {
      await eventually(receiver.events).toMatchObject([{ data: { name: '첫 구매 쿠폰 “🎟” \u2028' } }]);
      for (const heard of receiver.heard) expect(signaturesOf(heard)).toEqual([signature(heard, secrets[index] ?? '')]);
    }
  });

  test('is made anew for every attempt: another time, the same id and body', async () => {
    const shop = await openSendingShop({ retryMs: [1] });
    const receiver = await openReceiver();
    receiver.answers(({ headers }) => (receiver.heard[0]?.headers === headers ? 400 : 204));
    const { secret } = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    await eventually(receiver.events).toHaveLength(2);
    const [first, second] = receiver.heard;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    for (const heard of receiver.heard) expect(signaturesOf(heard)).toEqual([signature(heard, secret)]);
  });

  test('of a rotated secret stands beside the one before while both are valid, and alone after that', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const before = await sendTo(shop, receiver, ['order.paid']);
    const { buy } = await openBuyer(shop);
    const rotated = expectStatus(await shop.staff.post(`/destinations/${before.name}/secret`, { overlapSeconds: 60 }), 200).body;
    expect(rotated.secret).not.toBe(before.secret);
    await buy();
    await expectQuiet(shop);
    shop.moveClock(61_000);
    await buy();
    await eventually(receiver.events).toHaveLength(2);
    const [during, after] = receiver.heard;
    if (during === undefined || after === undefined) throw new Error('two were heard');
    expect(signaturesOf(during)).toEqual([signature(during, rotated.secret), signature(during, before.secret)]);
    expect(signaturesOf(after)).toEqual([signature(after, rotated.secret)]);
  });

  test('of the secret before is over at once where no overlap was asked for', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const { name } = await sendTo(shop, receiver, ['order.paid']);
    const secret = secretOf(32);
    expectStatus(await shop.staff.post(`/destinations/${name}/secret`, { secret, overlapSeconds: 0 }), 200);
    await (await openBuyer(shop)).buy();
    await eventually(receiver.events).toHaveLength(1);
    for (const heard of receiver.heard) expect(signaturesOf(heard)).toEqual([signature(heard, secret)]);
  });
});

/** Makes something happen of every type: one order is refunded twice, one cancelled, one expires. Gives these three. */
async function everything(shop: Shop) {
  const customer = await richCustomer(shop, 100_000);
  const optionId = await option(shop, { price: 1000, stock: 100 });
  const couponId = await issued(customer, await couponOf(shop, { discount: { type: 'percent', percent: 10, maxAmount: 300 } }));
  const refunded = await placed(customer, optionId, 3, couponId);
  const paymentId = await paid(customer, refunded);
  for (const restock of [true, false]) {
    const body = { lines: [{ optionId, quantity: restock ? 1 : 2 }], restock, reason: '단순 변심' };
    expectStatus(await shop.staff.post(`/payments/${paymentId}/refunds`, body), 201);
  }
  const cancelled = await placed(customer, optionId);
  expectStatus(await customer.post(`/orders/${cancelled}/cancel`), 200);
  expectStatus(await shop.staff.post('/rankings/refresh'), 200);
  const expired = await placed(customer, optionId);
  await expectQuiet(shop);
  shop.moveClock(HOUR_MS / 2);
  return { refunded, cancelled, expired };
}

describe('an event', () => {
  test('of every type is an envelope of CloudEvents around data of its documented schema', async () => {
    const shop = await openSendingShop({ publicUrl: 'https://shop.example' });
    const receiver = await openReceiver();
    await sendTo(shop, receiver, EVENT_TYPES);
    await everything(shop);
    await eventually(async () => new Set((await receiver.events()).map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
    const { webhooks } = documentOf(shop);
    expect(Object.keys(webhooks).toSorted()).toEqual(EVENT_TYPES.toSorted());
    const ajv = documentAjv();
    for (const { event, body } of receiver.heard) {
      const schema = webhooks[event.type]?.post.requestBody?.content?.['application/cloudevents+json']?.schema ?? false;
      const validate = ajv.compile(schema);
      expect(validate(event), `${body}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      expect(event).toMatchObject({
        specversion: '1.0',
        id: ANY_ID,
        source: 'https://shop.example',
        subject: ANY_ID,
        time: ANY_TIME,
        datacontenttype: 'application/json',
        dataschema: `urn:openrun:event:${event.type}:v1`,
      });
    }
    expect(new Set(receiver.heard.map(({ event }) => event.id)).size).toBe(receiver.heard.length);
  });

  test('of an order has its place: placed, then ended or paid, then refund after refund', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    await sendTo(shop, receiver, EVENT_TYPES);
    const { refunded, cancelled, expired } = await everything(shop);
    const ofOrder = (orderId: string) => async () =>
      (await receiver.events()).filter(({ subject }) => subject === orderId).map(({ type, sequence }) => `${sequence} ${type}`);
    await eventually(ofOrder(refunded)).toEqual(['1 order.placed', '2 order.paid', '3 payment.refunded', '4 payment.refunded']);
    await eventually(ofOrder(cancelled)).toEqual(['1 order.placed', '2 order.cancelled']);
    await eventually(ofOrder(expired)).toEqual(['1 order.placed', '2 order.expired']);
    const others = (await receiver.events()).filter(({ type }) => type === 'coupon.issued' || type === 'ranking.updated');
    expect(others).toHaveLength(2);
    for (const event of others) expect(event).not.toHaveProperty('sequence');
    for (const { sequence, data } of await receiver.events()) {
      expect(data['sequence']).toBe(sequence === undefined ? undefined : Number(sequence));
    }
  });
});

describe('destinations', () => {
  const typesAt = (events: readonly CloudEvent[]): string[] => events.map(({ type }) => type).toSorted();

  test('get the types that each of them wants, and nothing else is delivered', async () => {
    const shop = await openSendingShop();
    const [orders, refunds, all] = [await openReceiver(), await openReceiver(), await openReceiver()];
    const toOrders = await sendTo(shop, orders, ['order.placed', 'order.cancelled']);
    const toRefunds = await sendTo(shop, refunds, ['payment.refunded']);
    const toAll = await sendTo(shop, all, EVENT_TYPES);
    await everything(shop);
    await eventually(async () => typesAt(await all.events())).toContain('order.expired');
    for (const destination of [toOrders, toRefunds, toAll]) await settled(shop, destination);
    expect(typesAt(await orders.events())).toEqual(['order.cancelled', 'order.placed', 'order.placed', 'order.placed']);
    expect(typesAt(await refunds.events())).toEqual(['payment.refunded', 'payment.refunded']);
    expect(await deliveriesTo(shop, toOrders)).toHaveLength(4);
    expect(all.heard).toHaveLength(10);
  });

  test('get the same event under one id, each with a delivery and a signature of its own', async () => {
    const shop = await openSendingShop();
    const [a, b] = [await openReceiver(), await openReceiver()];
    const made = [await sendTo(shop, a, ['order.paid']), await sendTo(shop, b, ['order.paid'])];
    await (await openBuyer(shop)).buy();
    await eventually(a.events).toHaveLength(1);
    await eventually(b.events).toHaveLength(1);
    expect(b.heard[0]?.body).toBe(a.heard[0]?.body);
    expect(signaturesOf(b.heard[0] ?? { headers: {} })).not.toEqual(signaturesOf(a.heard[0] ?? { headers: {} }));
    const deliveries = (await Promise.all(made.map((one) => settled(shop, one)))).flat();
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(2);
    expect(new Set(deliveries.map(({ eventId }) => eventId))).toEqual(new Set([a.heard[0]?.event.id]));
  });

  test('that are turned off get nothing of what happens meanwhile', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    const { name } = await sendTo(shop, receiver, ['order.paid']);
    const { buy } = await openBuyer(shop);
    expectStatus(await shop.staff.patch(`/destinations/${name}`, { enabled: false }), 200);
    await buy();
    expectStatus(await shop.staff.patch(`/destinations/${name}`, { enabled: true }), 200);
    const orderId = await buy();
    await eventually(receiver.events).toMatchObject([{ subject: orderId }]);
    expect(await deliveriesTo(shop, { name })).toHaveLength(1);
  });
});
