/** A shop whose events go to receivers of the test, and what became of them. */
import { expect, onTestFinished } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { Body, Caller } from './caller.ts';
import { openCheckedShop } from './document.ts';
import { eventually } from './eventually.ts';
import { expectStatus, option, paid, placed, tag } from './goods.ts';
import type { Receiver } from './receiver.ts';
import type { Shop } from './shop.ts';
import { walk } from './walk.ts';

export const EVENT_TYPES = [
  'order.placed',
  'order.paid',
  'order.cancelled',
  'order.expired',
  'payment.refunded',
  'coupon.issued',
  'ranking.updated',
] as const;

/** As many attempts as a test may need, close together. */
export const PATIENT: readonly number[] = Array.from({ length: 49 }, () => 50);

/** A checked shop of the test's own that may reach receivers on the loopback; it closes with the test. Open it before its receivers. */
export async function openSendingShop(overrides: Partial<Config> = {}): Promise<Shop> {
  const shop = await openCheckedShop({ webhookAllowPrivate: true, maxPendingOrders: 1000, retryMs: PATIENT, ...overrides });
  onTestFinished(() => shop.close());
  return shop;
}

/** A destination as its maker sees it, with its secret. */
export async function sendTo(shop: Shop, { url }: Pick<Receiver, 'url'>, eventTypes: readonly string[], more: object = {}): Promise<Body> {
  const body = { name: `to-${tag()}`, kind: 'webhook', url, eventTypes, ...more };
  return expectStatus(await shop.staff.post('/destinations', body), 201).body;
}

export const deliveriesTo = (shop: Shop, { name }: Pick<Body, 'name'>, query = ''): Promise<Body[]> =>
  walk(shop.staff, `/deliveries?destination=${name}${query}`, 100);

/** The delivery with its log. */
export const deliveryOf = async (shop: Shop, id: string): Promise<Body> =>
  expectStatus(await shop.staff.get(`/deliveries/${id}`), 200).body;

/** The only delivery to a destination, with its log. */
export async function onlyDelivery(shop: Shop, destination: Pick<Body, 'name'>): Promise<Body> {
  const [delivery, ...others] = await deliveriesTo(shop, destination);
  expect(others).toEqual([]);
  return deliveryOf(shop, delivery?.id ?? '');
}

/** Waits until nothing waits at the destination any more; gives its deliveries, the oldest first. */
export async function settled(shop: Shop, destination: Pick<Body, 'name'>): Promise<Body[]> {
  await eventually(() => deliveriesTo(shop, destination, '&status=pending')).toEqual([]);
  return (await deliveriesTo(shop, destination)).toReversed();
}

/** Waits until nothing waits anywhere: what is under way while the clock moves is rightly sent twice. */
export async function expectQuiet(shop: Shop): Promise<void> {
  await eventually(() => walk(shop.staff, '/deliveries?status=pending', 100)).toEqual([]);
}

/** A customer who orders what costs nothing, of which there is enough. */
export async function openBuyer(shop: Shop): Promise<{ customer: Caller; place: () => Promise<string>; buy: () => Promise<string> }> {
  const customer = await shop.customer();
  const optionId = await option(shop, { price: 0, stock: 1000 });
  const place = (): Promise<string> => placed(customer, optionId);
  const buy = async (): Promise<string> => {
    const orderId = await place();
    await paid(customer, orderId);
    return orderId;
  };
  return { customer, place, buy };
}
