/** Every route, for nobody, another customer, the owner and staff, by token and by cookie, and with credentials that are none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hmacToken } from '../support/auth-tokens.ts';
import type { Caller } from '../support/caller.ts';
import { type Ask, DOORS, type Door, makeThings, type Things } from '../support/doors.ts';
import { everythingOf } from '../support/everything.ts';
import { expectStatus } from '../support/goods.ts';
import { expectNoInnards } from '../support/innards.ts';
import { openShop, type Shop, TEST_SECRET } from '../support/shop.ts';

let shop: Shop;
let owner: Caller;
/** What the reads are about; each write has objects of its own. */
let shared: Things;
const visitor = { email: 'visitor@example.com', password: 'correct horse' };

type Headers = Readonly<Record<string, string>>;

/** Someone at a door: what they send, and the answer that the table has for them. */
interface Visitor {
  readonly name: string;
  readonly headers: Headers;
  readonly expected: (door: Door, isWrite: boolean) => string;
  /** Whether nothing of the owner's may be in what they are answered. */
  readonly isStranger: boolean;
}

let visitors: readonly Visitor[];

const bearer = (token: string | null): Headers => ({ authorization: `Bearer ${token}` });
const UNAUTHENTICATED = '401 UNAUTHENTICATED';
const CSRF_REJECTED = '403 CSRF_REJECTED';

async function cookieOf(path: string, body: object): Promise<{ cookie: string; id: unknown }> {
  const { headers, body: answer } = await shop.anyone.post(path, body);
  const cookie = headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  expect(cookie).toContain('session_token=');
  return { cookie, id: 'id' in answer.user ? answer.user.id : null };
}

beforeAll(async () => {
  shop = await openShop({ maxPendingOrders: 10_000 });
  const { accounts } = shop.app.services;
  const account = await cookieOf('/auth/sign-up', { name: 'Owner', email: 'owner@example.com', password: visitor.password });
  await cookieOf('/auth/sign-up', { name: 'Visitor', ...visitor });
  await accounts?.addStaff('staff@example.com', visitor.password);
  const staff = await cookieOf('/auth/sign-in', { email: 'staff@example.com', password: visitor.password });
  owner = await shop.customer(String(account.id));
  expectStatus(await owner.post('/balance/charge', { amount: 1_000_000 }), 200);
  shared = await makeThings(shop, owner, visitor);
  visitors = visitorsOf(await shop.customer(), account.cookie, staff.cookie);
});
afterAll(() => shop.close());

function visitorsOf(other: Caller, ownerCookie: string, staffCookie: string): Visitor[] {
  const now = Math.floor(Date.now() / 1000);
  const staff = { sub: owner.userId, role: 'staff' };
  const ours = { origin: shop.baseUrl };
  const theirs = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const badToken = ({ probe, nobody }: Door): string => (probe === true ? nobody : UNAUTHENTICATED);
  const byCookie = (door: Door, who: 'owner' | 'staff'): string => door.cookie ?? door[who];
  return [
    { name: 'nobody', headers: {}, expected: ({ nobody }) => nobody, isStranger: true },
    { name: 'an expired token', headers: bearer(hmacToken({ ...staff, exp: now - 1 }, TEST_SECRET)), expected: badToken, isStranger: true },
    {
      name: 'a forged token',
      headers: bearer(hmacToken({ ...staff, exp: now + 600 }, 'another secret of at least thirty-two bytes')),
      expected: badToken,
      isStranger: true,
    },
    {
      name: 'a forged cookie',
      headers: { ...ours, cookie: ownerCookie.replace(/\.[^.]+$/, `.${'A'.repeat(43)}%3D`) },
      expected: ({ nobody }) => nobody,
      isStranger: true,
    },
    { name: 'another customer', headers: bearer(other.token), expected: (door) => door.other, isStranger: true },
    ...(['owner', 'staff'] as const).map((who) => ({
      name: `the cookie of the ${who}, sent by another site`,
      headers: { cookie: who === 'owner' ? ownerCookie : staffCookie, ...theirs },
      expected: (door: Door, isWrite: boolean) => (isWrite ? CSRF_REJECTED : byCookie(door, who)),
      isStranger: false,
    })),
    { name: 'the owner', headers: bearer(owner.token), expected: (door) => door.owner, isStranger: false },
    { name: 'staff', headers: bearer(shop.staff.token), expected: (door) => door.staff, isStranger: false },
    ...(['owner', 'staff'] as const).map((who) => ({
      name: `the cookie of the ${who}`,
      headers: { cookie: who === 'owner' ? ownerCookie : staffCookie, ...ours },
      expected: (door: Door) => byCookie(door, who),
      isStranger: false,
    })),
  ];
}

async function send(method: string, { path, body, csv }: Ask, headers: Headers) {
  const payload = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = csv === undefined ? 'application/json' : 'text/csv';
  const response = await fetch(`${shop.baseUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(payload === undefined ? {} : { 'content-type': type }), ...headers },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  const text = isStream ? '' : await response.text();
  return { status: response.status, headers: response.headers, text };
}

type Sent = Awaited<ReturnType<typeof send>>;

function verdictOf({ status, text }: Sent): string {
  const code = status >= 400 ? /"code":"(\w+)"/.exec(text)?.[1] : undefined;
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** What every answer has, whoever asked for whatever. */
function expectGuarded({ status, headers, text }: Sent, what: string): void {
  expect(headers.get('x-content-type-options'), what).toBe('nosniff');
  expect(headers.get('x-frame-options'), what).toBe('SAMEORIGIN');
  expect(headers.get('referrer-policy'), what).toBe('no-referrer');
  expect(headers.get('content-security-policy'), what).toMatch(/frame-ancestors '(self|none)'/);
  expect(headers.get('content-security-policy'), what).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) expect(headers.get(name), what).toBeNull();
  if (status >= 400) expectNoInnards(text, what);
}

/** What is the owner's must not be in what a stranger reads; the path that was asked for is the stranger's own. */
function expectNothingOf(things: Things, { text }: Sent, what: string): void {
  const said = text.replace(/"instance":"[^"]*"/, '');
  for (const secret of [things.ownerId, things.userCouponId, things.orderId, things.paidOrderId, things.paymentId, 'owner@example.com']) {
    expect(said.includes(secret), what).toBe(false);
  }
}

async function expectAnswer(method: string, door: Door, visitorAtDoor: Visitor, things: Things): Promise<Sent> {
  const { name, headers, expected, isStranger } = visitorAtDoor;
  const ask = await door.ask(things);
  const what = `${method} ${ask.path} for ${name}`;
  const isWrite = method !== 'GET';
  const answer = await send(method, ask, headers);
  expect(verdictOf(answer), what).toBe(expected(door, isWrite));
  expectGuarded(answer, what);
  if (isStranger) expectNothingOf(things, answer, what);
  return answer;
}

/** Whether a cache may keep what is answered to somebody alone. */
const mayBeKept = (door: Door, { status, headers }: Sent): boolean =>
  door.nobody === UNAUTHENTICATED && status === 200 && headers.get('cache-control')?.includes('no-store') !== true;

const isRefused = (door: Door, { expected }: Visitor): boolean => expected(door, true).startsWith('4');

test('every route of the router has its doors, and none is left that is gone', () => {
  const routes = shop.app.http.knownRoutes.flatMap(({ url, methods }) => methods.map((method) => `${method} ${url}`));
  expect(routes.filter((route) => !route.startsWith('HEAD ')).toSorted()).toEqual(Object.keys(DOORS).toSorted());
});

const doorsOf = (isWrite: boolean) =>
  Object.entries(DOORS).flatMap(([route, doors]) => {
    const [method = ''] = route.split(' ', 1);
    return (method !== 'GET') === isWrite ? doors.map((door, index) => [`${route} (${index + 1})`, method, door] as const) : [];
  });

describe('reads answer everyone what the table of doors says', () => {
  test.each(doorsOf(false))('%s', async (_name, method, door) => {
    for (const each of visitors) {
      const answer = await expectAnswer(method, door, each, shared);
      expect(mayBeKept(door, answer), each.name).toBe(false);
      const head = await send('HEAD', await door.ask(shared), each.headers);
      expect([head.status, head.text], `HEAD for ${each.name}`).toEqual([answer.status, '']);
    }
  });
});

describe('writes that are refused change nothing, and the others serve', () => {
  test.each(doorsOf(true))('%s', async (_name, method, door) => {
    const [refused, served] = [visitors.filter((each) => isRefused(door, each)), visitors.filter((each) => !isRefused(door, each))];
    expect(refused.length + served.length).toBe(visitors.length);
    const things = await makeThings(shop, owner, visitor);
    // What a door needs made beforehand is made by the first look at it.
    const ask = await door.ask(things);
    const before = await everythingOf(shop);
    for (const each of refused) await expectAnswer(method, { ...door, ask: () => ask }, each, things);
    expect(await everythingOf(shop)).toEqual(before);
    for (const each of served) await expectAnswer(method, door, each, await makeThings(shop, owner, visitor));
  });
});
