/** Fields that are the server's to give: no write takes one from a client, whoever it is (mass assignment). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiDocument, documentOf, operationsOf } from '../support/document.ts';
import { type Ask, DOORS, makeThings, type Things } from '../support/doors.ts';
import { everythingOf } from '../support/everything.ts';
import { option, richCustomer } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { extended, type Json, objectPointersOf } from '../support/wrong.ts';

let shop: Shop;
let things: Things;
beforeAll(async () => {
  shop = await openShop();
  const owner = await richCustomer(shop, 10_000);
  things = await makeThings(shop, owner, { email: 'visitor@example.com', password: 'correct horse' });
});
afterAll(() => shop.close());

/** What other servers have been talked into by a field of this name. */
const NOTORIOUS = [
  'isAdmin',
  'admin',
  'isStaff',
  'roles',
  'permissions',
  'passwordHash',
  'emailVerified',
  'ownerId',
  'staffId',
  'credit',
  'paid',
  'version',
];
const AT_ONCE = 25;
const parse: (text: string) => Json = JSON.parse;

/** The names of all fields inside the schemas of answers. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

const answeredFields = (document: ApiDocument): string[] => [
  ...new Set(operationsOf(document).flatMap(({ operation }) => fieldsOf(Object.values(operation.responses)))),
];

/** The bodies that staff may send, as the table of doors has them. */
async function bodies(): Promise<{ route: string; method: string; ask: Ask; body: Json }[]> {
  const found = [];
  for (const [route, doors] of Object.entries(DOORS)) {
    // A body is looked at before whose object it is about.
    const [door] = doors;
    if (route.startsWith('GET ') || door === undefined) continue;
    const ask = await door.ask(things);
    if (ask.body === undefined) continue;
    found.push({ route, method: route.split(' ', 1)[0] ?? '', ask, body: parse(JSON.stringify(ask.body)) });
  }
  return found;
}

/** What the schema of a request takes anywhere. */
function takenFields(route: string): Set<string> {
  const path = route.replace(/^\w+ /, '').replaceAll(/:(\w+)/g, '{$1}');
  const operation = operationsOf(documentOf(shop)).find((known) => `${known.method} ${known.path}` === `${route.split(' ', 1)[0]} ${path}`);
  return new Set(fieldsOf(operation?.operation.requestBody?.content?.['application/json']?.schema));
}

/** A write with one field more than it takes. */
interface Attempt {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly raw: string;
  /** Where the field is. */
  readonly pointer: string;
}

async function attempts(names: readonly string[]): Promise<Attempt[]> {
  const all = (await bodies()).map(({ route, method, ask, body }) => {
    const taken = takenFields(route);
    expect(taken.size, route).toBeGreaterThan(0);
    const strange = names.filter((name) => !taken.has(name));
    return objectPointersOf(body).flatMap((at) =>
      strange.map((name) => {
        const pointer = `${at}/${name}`;
        return { what: `${route} with ${pointer}`, method, path: ask.path, raw: extended(body, at, name), pointer };
      }),
    );
  });
  return all.flat();
}

async function expectRefused({ what, method, path, raw, pointer }: Attempt): Promise<void> {
  const answer = await shop.staff.call(method, path, undefined, { raw });
  expect(verdict(answer), what).toBe('400 VALIDATION_FAILED');
  const named = answer.body.errors.map((error) => error.path);
  expect(named, what).toContain(pointer);
}

test('every write with a body is tried', async () => {
  const withBody = operationsOf(documentOf(shop)).flatMap(({ method, path, operation }) =>
    operation.requestBody?.content?.['application/json'] === undefined ? [] : [`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`],
  );
  expect((await bodies()).map(({ route }) => route).toSorted()).toEqual(withBody.toSorted());
});

test('every write refuses each of them, in each of its objects, and changes nothing', async () => {
  const names = [...answeredFields(documentOf(shop)), ...NOTORIOUS];
  expect(names.length).toBeGreaterThan(100);
  const all = await attempts(names);
  expect(all.length).toBeGreaterThan(2000);
  const before = await everythingOf(shop);
  for (let start = 0; start < all.length; start += AT_ONCE) await Promise.all(all.slice(start, start + AT_ONCE).map(expectRefused));
  expect(await everythingOf(shop)).toEqual(before);
});

test('a query names nobody else either', async () => {
  const [customer, optionId] = [await shop.customer(), await option(shop, { stock: 5, price: 0 })];
  const query = `?userId=${things.ownerId}&role=staff&sub=${things.ownerId}`;
  const order = await customer.post(`/orders${query}`, { lines: [{ optionId, quantity: 1 }] });
  expect(order.body).toMatchObject({ userId: customer.userId });
  expect((await customer.post(`/balance/charge${query}`, { amount: 5 })).body).toMatchObject({ userId: customer.userId });
  expect((await customer.post(`/coupons/${things.newCouponId}/issue${query}`)).body).toMatchObject({ userId: customer.userId });
});
