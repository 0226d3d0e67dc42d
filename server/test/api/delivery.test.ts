import pino from 'pino';
import { describe, expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { openCheckedShop, useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, NO_ID, option, paid, placed } from '../support/goods.ts';
import { ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();

const listed = (query = ''): Promise<Body[]> => walk(shop().staff, `/deliveries${query}`, 100);
const find = async (deliveryId: string): Promise<Body | undefined> => (await listed()).find((delivery) => delivery.id === deliveryId);

/** Pays orders, and gives their deliveries once they were delivered, the newest first. */
async function delivered(count: number): Promise<Body[]> {
  const customer = await shop().customer();
  const optionId = await option(shop(), { price: 0, stock: count });
  for (let made = 0; made < count; made += 1) await paid(customer, await placed(customer, optionId));
  await eventually(async () => (await listed()).map((delivery) => delivery.status)).not.toContain('pending');
  return (await listed()).slice(0, count);
}

test('a payment, and nothing else, is delivered, once', async () => {
  const before = await listed();
  const customer = await shop().customer();
  const optionId = await option(shop(), { price: 0, stock: 3 });
  const cancelled = await placed(customer, optionId);
  await customer.post(`/orders/${cancelled}/cancel`);
  await paid(customer, await placed(customer, optionId));
  const [made, ...others] = await listed();
  expect(others).toEqual(before);
  await eventually(() => find(made?.id ?? '')).toEqual({
    id: made?.id,
    eventId: made?.eventId,
    type: 'order.paid',
    destination: 'log',
    status: 'delivered',
    attempts: 1,
    lastError: null,
    createdAt: ANY_TIME,
    nextAttemptAt: null,
  });
});

describe('a replay', () => {
  test('delivers again, under the id of the same event', async () => {
    const [delivery] = await delivered(1);
    const path = `/deliveries/${delivery?.id}/replay`;
    const { body } = expectStatus(await shop().staff.post(path), 202);
    expect(body).toEqual({ ...delivery, status: 'pending', attempts: 0, nextAttemptAt: ANY_TIME });
    await eventually(() => find(delivery?.id ?? '')).toEqual(delivery);
  });

  test('reaches the destination, here the log, a second time, with what the first one said', async () => {
    const lines: string[] = [];
    const own = await openCheckedShop(
      {},
      pino({ level: 'info', timestamp: false, base: null }, { write: (line) => void lines.push(line) }),
    );
    const logged = async () => lines.filter((line) => line.includes('order.paid'));
    const customer = await own.customer();
    const orderId = await placed(customer, await option(own, { price: 0, stock: 1 }));
    await paid(customer, orderId);
    await eventually(logged).toHaveLength(1);
    const [delivery] = (await own.staff.get('/deliveries')).body.items;
    expectStatus(await own.staff.post(`/deliveries/${delivery?.id}/replay`), 202);
    await eventually(logged).toHaveLength(2);
    const [first, second] = await logged();
    expect(second).toBe(first);
    expect(first).toContain(delivery?.eventId);
    expect(first).toContain(orderId);
    await own.close();
  });

  test('is refused to all but staff, and for what is not there', async () => {
    const path = `/deliveries/${NO_ID}/replay`;
    await expectRefusal(shop().anyone, ['POST', path, { nonsense: 1 }], '401 UNAUTHENTICATED');
    await expectRefusal(await shop().customer(), ['POST', path, { nonsense: 1 }], '403 FORBIDDEN');
    await expectInvalid(shop().staff, ['POST', path, { nonsense: 1 }, { key: 'no good' }], '/nonsense');
    await expectInvalid(shop().staff, ['POST', path, {}, { key: 'no good' }], '/Idempotency-Key');
    await expectRefusal(shop().staff, ['POST', path], '404 DELIVERY_NOT_FOUND');
  });
});

describe('the list', () => {
  test('is walked through, newest first, and narrowed by status', async () => {
    const made = await delivered(5);
    const walked = await walk(shop().staff, '/deliveries', 2);
    expect(walked.slice(0, 5)).toEqual(made);
    expect(await walk(shop().staff, '/deliveries?status=delivered', 3)).toEqual(walked);
    expect(await listed('?status=pending')).toEqual([]);
    expect(await listed('?status=failed')).toEqual([]);
  });

  test('is for staff, by statuses there are', async () => {
    await expectRefusal(shop().anyone, ['GET', '/deliveries?status=x'], '401 UNAUTHENTICATED');
    await expectRefusal(await shop().customer(), ['GET', '/deliveries?status=x'], '403 FORBIDDEN');
    await expectInvalid(shop().staff, ['GET', '/deliveries?status=sent'], '/status');
    await expectInvalid(shop().staff, ['GET', '/deliveries?status='], '/status');
  });
});
