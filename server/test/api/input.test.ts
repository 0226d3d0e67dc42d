/** Wrong input of every kind, in every field of every write, judged by the schemas of the OpenAPI document. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answered } from '../support/caller.ts';
import { documentAjv, documentOf, operationsOf, useShop } from '../support/document.ts';
import { everythingOf } from '../support/everything.ts';
import { couponOf, issued, option, paid, placed, product, richCustomer, tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { extended, type Json, objectPointersOf, pointersOf, replaced, STRANGERS, VALUES } from '../support/wrong.ts';

const shop = useShop();
const AT_ONCE = 25;

/** A write with a body in which every field is given; a text in `path` is a member of {@link ids}. */
interface Write {
  readonly method: string;
  readonly route: string;
  readonly body: () => Json;
}

const ids: Record<string, string> = {};
const newOption = (): Json => ({ sku: tag(), name: 'x', price: 10, status: 'active', maxPerUser: 5, stock: 5 });
const lines = (): Json => [
  { optionId: ids.optionId ?? '', quantity: 1 },
  { optionId: ids.optionId ?? '', quantity: 1 },
];
const coupon = { name: 'x', minOrderAmount: 10, quantity: 5, startsAt: '2020-01-01T00:00:00.000Z', expiresAt: '2090-01-01T00:00:00+09:00' };
const percent = { type: 'percent', percent: 10, maxAmount: 100 };

const WRITES: readonly Write[] = [
  {
    method: 'POST',
    route: '/products',
    body: () => ({ name: 'x', description: 'y', status: 'active', options: [newOption(), newOption()] }),
  },
  { method: 'PATCH', route: '/products/{productId}', body: () => ({ name: 'x', description: 'y', status: 'active' }) },
  { method: 'POST', route: '/products/{productId}/options', body: newOption },
  {
    method: 'PATCH',
    route: '/options/{optionId}',
    body: () => ({ sku: tag(), name: 'x', price: 10, status: 'active', maxPerUser: 5 }),
  },
  { method: 'POST', route: '/options/{optionId}/stock', body: () => ({ delta: 5, reason: 'x' }) },
  { method: 'POST', route: '/balance/charge', body: () => ({ amount: 5, reference: tag(), userId: 'somebody' }) },
  { method: 'POST', route: '/coupons', body: () => ({ ...coupon, discount: { type: 'fixed', amount: 5 } }) },
  { method: 'PATCH', route: '/coupons/{couponId}', body: () => ({ ...coupon, discount: percent }) },
  { method: 'POST', route: '/orders', body: () => ({ lines: lines(), userCouponId: ids.userCouponId ?? '' }) },
  { method: 'POST', route: '/payments', body: () => ({ orderId: ids.orderId ?? '' }) },
  { method: 'POST', route: '/payments/{paymentId}/refunds', body: () => ({ lines: lines(), restock: true, reason: 'x' }) },
];

beforeAll(async () => {
  const customer = await richCustomer(shop(), 10_000);
  ids.optionId = await option(shop(), { stock: 1000, price: 1 });
  ids.productId = (await product(shop(), [{}])).id;
  ids.couponId = await couponOf(shop(), {});
  ids.userCouponId = await issued(shop().staff, ids.couponId);
  ids.orderId = await placed(shop().staff, ids.optionId);
  ids.paymentId = await paid(customer, await placed(customer, ids.optionId, 3));
});

const pathOf = (route: string): string => route.replace(/\{(\w+)\}/, (_match, name: string) => ids[name] ?? '');

async function sendAll(write: Write, bodies: readonly string[]): Promise<[string, Answered][]> {
  const answers: [string, Answered][] = [];
  for (let start = 0; start < bodies.length; start += AT_ONCE) {
    const sent = bodies.slice(start, start + AT_ONCE).map(async (raw): Promise<[string, Answered]> => {
      return [raw.slice(0, 300), await shop().staff.call(write.method, pathOf(write.route), undefined, { raw })];
    });
    answers.push(...(await Promise.all(sent)));
  }
  return answers;
}

/** Bodies with one field wrong in some way, and whether the document's schema takes them all the same. */
function bodiesOf({ method, route, body }: Write): { wrong: string[]; right: string[] } {
  const operation = operationsOf(documentOf(shop())).find((known) => known.path === route && known.method === method)?.operation;
  const takes = documentAjv().compile(operation?.requestBody?.content?.['application/json']?.schema ?? false);
  const candidates = pointersOf(body()).flatMap((pointer) => [null, ...VALUES].map((value) => replaced(body(), pointer, value)));
  const strange = objectPointersOf(body()).flatMap((pointer) => STRANGERS.map((name) => extended(body(), pointer, name)));
  const isRight = (raw: string): boolean => takes(JSON.parse(raw));
  const all = [...candidates, ...strange, ...VALUES];
  return { wrong: all.filter((raw) => !isRight(raw)), right: all.filter(isRight) };
}

describe.each(WRITES.map((write) => [`${write.method} ${write.route}`, write] as const))('%s', (_name, write) => {
  test('refuses what its schema refuses, and changes nothing', async () => {
    const { wrong } = bodiesOf(write);
    expect(wrong.length).toBeGreaterThan(VALUES.length);
    const before = await everythingOf(shop());
    for (const [raw, answer] of await sendAll(write, wrong)) {
      expect(verdict(answer), raw).toBe('400 VALIDATION_FAILED');
      expect(answer.body.errors[0]?.path, raw).toMatch(/^\//);
    }
    expect(await everythingOf(shop())).toEqual(before);
  });

  test('has an answer for all that its schema takes', async () => {
    const { right } = bodiesOf(write);
    for (const [raw, answer] of await sendAll(write, right)) expect(verdict(answer), raw).toMatch(/^(20[01]|400 \w+|404 \w+|409 \w+)$/);
  });
});
