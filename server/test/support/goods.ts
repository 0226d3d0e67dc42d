/** What tests sell: products, coupons and money, made through the API by staff. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Answered, Body, Caller } from './caller.ts';
import type { Shop } from './shop.ts';

export const HOUR_MS = 3_600_000;

export const tag = (): string => randomBytes(5).toString('hex');

export function expectStatus(answer: Answered, status: number): Answered {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  return answer;
}

/** A product with one option; gives the option's id. */
export async function option(
  shop: Pick<Shop, 'staff'>,
  wanted: { price?: number; stock?: number; maxPerUser?: number } = {},
): Promise<string> {
  const { price = 1000, ...rest } = wanted;
  const made = await shop.staff.post('/products', { name: `Product ${tag()}`, options: [{ sku: tag(), name: 'one', price, ...rest }] });
  return expectStatus(made, 201).body['options']?.[0]?.['id'] ?? '';
}

/** A coupon that is open now; gives its id. */
export async function coupon(shop: Shop, wanted: { quantity?: number; amount?: number; minOrderAmount?: number } = {}): Promise<string> {
  const { quantity = 100, amount = 100, ...rest } = wanted;
  const body = {
    name: `Coupon ${tag()}`,
    discount: { type: 'fixed', amount },
    quantity,
    expiresAt: new Date(Date.now() + HOUR_MS),
    ...rest,
  };
  return expectStatus(await shop.staff.post('/coupons', body), 201).body['id'] ?? '';
}

/** A customer with money. */
export async function richCustomer(shop: Shop, amount: number): Promise<Caller> {
  const customer = await shop.customer();
  expectStatus(await customer.post('/balance/charge', { amount }), 200);
  return customer;
}

/** Places an order of one option; gives its id. */
export async function placed(customer: Caller, optionId: string, quantity = 1, userCouponId?: string): Promise<string> {
  const body = { lines: [{ optionId, quantity }], ...(userCouponId === undefined ? {} : { userCouponId }) };
  return expectStatus(await customer.post('/orders', body), 201).body['id'] ?? '';
}

/** An option's stock as staff see it. */
export async function stockOf(shop: Shop, optionId: string): Promise<{ onHand: number; reserved: number }> {
  const rows = await shop.database.readers.query<{ onHand: number; reserved: number }>(
    'SELECT on_hand AS "onHand", reserved FROM stock WHERE option_id = $1',
    [optionId],
  );
  const [row] = rows.rows;
  if (row === undefined) throw new Error(`no stock of ${optionId}`);
  return row;
}

/** How many answers had each status and code. */
export function tally(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status < 400 ? String(status) : `${status} ${body['code']}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** A product with these options, named after their SKUs; gives the product as staff see it. */
export async function product(shop: Pick<Shop, 'staff'>, options: readonly object[], more: object = {}): Promise<Body> {
  const body = { name: `Product ${tag()}`, options: options.map((given) => ({ sku: tag(), name: 'one', price: 1000, ...given })), ...more };
  return expectStatus(await shop.staff.post('/products', body), 201).body;
}

/** A coupon of the given body, else open now, with 100 won off; gives its id. */
export async function couponOf(shop: Pick<Shop, 'staff'>, body: object): Promise<string> {
  const preset = { name: `Coupon ${tag()}`, discount: { type: 'fixed', amount: 100 }, quantity: 100, expiresAt: later(HOUR_MS) };
  return expectStatus(await shop.staff.post('/coupons', { ...preset, ...body }), 201).body['id'];
}

/** The customer's coupon of a kind, newly issued; gives its id. */
export async function issued(customer: Caller, couponId: string): Promise<string> {
  return expectStatus(await customer.post(`/coupons/${couponId}/issue`), 201).body['id'];
}

/** Pays an order; gives the payment's id. */
export async function paid(customer: Caller, orderId: string): Promise<string> {
  return expectStatus(await customer.post('/payments', { orderId }), 201).body['id'];
}

/** The time so many milliseconds from now, for the wire. */
export const later = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** An id that nothing has. */
export const NO_ID = '01900000-0000-7000-8000-000000000000';
