/** The typed client on wires that fail: what is repeated has one effect, and what is not worth repeating is not. */
import { randomUUID } from 'node:crypto';
import { type ClientOptions, createClient, items, newIdempotencyKey, Problem } from '@openrun/client';
import { expect, test } from 'vitest';
import { useShop } from '../support/document.ts';
import { option, richCustomer } from '../support/goods.ts';
import { type Fate, openWire } from '../support/http-wire.ts';
import { ANY_TEXT } from '../support/matchers.ts';

const shop = useShop();

/** A client of a new customer, on a wire of its own. */
async function wired(options: Partial<ClientOptions> = {}) {
  const wire = await openWire(shop().baseUrl);
  const { token, userId } = await shop().customer();
  if (token === null) throw new Error('a customer has a token');
  return { wire, userId, token, client: createClient({ baseUrl: wire.baseUrl, token, ...options }) };
}

/** What a call failed with. */
async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const outcome: unknown = await call.catch((error: unknown) => error);
  if (!(outcome instanceof Problem)) throw new Error(`no problem, but ${String(outcome)}`);
  return outcome;
}

const busy = (retryAfter: string): Fate => ({ status: 503, headers: { 'retry-after': retryAfter } });

test('an answer that is lost after its effect, or cut in the middle, is asked for again with the same key', async () => {
  const { wire, client } = await wired();
  wire.doom('cut', 'half', 'cut');
  expect(await client.post('/balance/charge', { body: { amount: 700 } })).toMatchObject({ charged: 700, amount: 700 });
  expect(wire.requests.map(({ route }) => route)).toEqual(Array.from({ length: 4 }, () => 'POST /balance/charge'));
  const [first, ...others] = wire.requests.map(({ key }) => key);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(others).toEqual([first, first, first]);
  expect((await client.get('/balance/history')).items).toHaveLength(1);

  expect(await client.post('/balance/charge', { body: { amount: 700 } })).toMatchObject({ charged: 700, amount: 1400 });
  expect(wire.requests.at(-1)?.key).not.toBe(first);
});

test('an order whose answers are lost holds its units once', async () => {
  const optionId = await option(shop(), { stock: 5 });
  const { wire, client } = await wired();
  wire.doom('cut', 'cut');
  const order = await client.post('/orders', { body: { lines: [{ optionId, quantity: 2 }] } });
  expect(order.lines).toMatchObject([{ optionId, quantity: 2 }]);
  expect((await client.get('/orders')).items.map(({ id }) => id)).toEqual([order.id]);
  expect((await shop().staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'to look' })).body).toMatchObject({ reserved: 2 });
});

test('a key of the caller goes along as it is, so that a call outlives its process', async () => {
  const { wire, client } = await wired();
  const header = { 'Idempotency-Key': newIdempotencyKey() };
  wire.doom('cut');
  const first = await client.post('/balance/charge', { params: { header }, body: { amount: 100 } });
  expect(await client.post('/balance/charge', { params: { header }, body: { amount: 100 } })).toEqual(first);
  expect(new Set(wire.requests.map(({ key }) => key))).toEqual(new Set([header['Idempotency-Key']]));
});

test('what the server asks to wait is waited for, and no less', async () => {
  const { wire, client } = await wired();
  wire.doom(busy('1'), { status: 429, headers: { 'retry-after': '2' } }, busy(new Date(Date.now() + 60_000).toUTCString()));
  const problem = await problemOf(client.get('/balance'));
  // A time is a wait, too, and this one is longer than anybody waits.
  expect(problem).toMatchObject({ status: 503, code: 'UNREADABLE' });
  expect(problem.retryAfterSeconds).toBeGreaterThan(30);
  const [first = 0, second = 0, third = 0] = wire.requests.map(({ atMs }) => atMs);
  expect(wire.requests).toHaveLength(3);
  expect(second - first).toBeGreaterThanOrEqual(999);
  expect(third - second).toBeGreaterThanOrEqual(1999);
});

test('a rate limit of the shop itself is told with its time, and waited for where that is short', async () => {
  const strict = await shop().second({ rateLimitPerMinute: 1 });
  const { token } = await wired();
  const client = createClient({ baseUrl: strict.baseUrl, token, patience: { retryAfterMsMax: 0 } });
  await client.get('/balance');
  const problem = await problemOf(client.get('/balance'));
  expect(problem).toMatchObject({ status: 429, code: 'RATE_LIMITED', document: { code: 'RATE_LIMITED' }, isOpen: false });
  expect(problem.retryAfterSeconds).toBeGreaterThan(0);
});

test('attempts are counted, and their last answer is the answer', async () => {
  const { wire, client } = await wired({ patience: { attemptsMax: 3 } });
  wire.doom({ status: 502, body: '<html>' }, 'cut', { status: 504, body: '<html>' });
  const problem = await problemOf(client.get('/balance'));
  expect(problem).toMatchObject({ status: 504, code: 'UNREADABLE', document: null, isOpen: true });
  expect(wire.requests).toHaveLength(3);
  wire.doom('cut', 'half', 'cut');
  const silence = await problemOf(client.post('/balance/charge', { body: { amount: 5 } }));
  expect(silence).toMatchObject({ status: 0, code: 'NO_ANSWER', document: null, isOpen: true });
  expect(silence.cause).toBeInstanceOf(Error);
  expect(wire.requests).toHaveLength(6);
});

test('an answer that does not come in time counts as none, and the deadline is over all of them', async () => {
  const { wire, client } = await wired({ patience: { answerMs: 100, deadlineMs: 1500, attemptsMax: 100 } });
  wire.doom(...Array.from({ length: 100 }, (): Fate => 'silence'));
  expect(await problemOf(client.get('/balance'))).toMatchObject({ status: 0, code: 'NO_ANSWER' });
  expect(wire.requests.length).toBeGreaterThan(1);
  expect(wire.requests.length).toBeLessThan(10);
});

test('a refusal is an answer, and what has no key is sent once', async () => {
  const { wire, client } = await wired();
  expect(await problemOf(client.get('/orders/{orderId}', { params: { path: { orderId: randomUUID() } } }))).toMatchObject({ status: 404 });
  expect(wire.requests).toHaveLength(1);
  // It is the path that tells accounts, not a word in it.
  await problemOf(
    createClient({ baseUrl: `${wire.baseUrl}/under/` }).post('/destinations/{name}/secret', {
      params: { path: { name: 'auth' } },
      body: {},
    }),
  );
  expect(wire.requests.at(-1)).toMatchObject({ route: 'POST /under/destinations/auth/secret', key: ANY_TEXT });
  wire.doom('cut');
  expect(await problemOf(client.post('/auth/sign-in', { body: { email: 'a@b.example', password: 'of no account' } }))).toMatchObject({
    code: 'NO_ANSWER',
  });
  expect(wire.requests.slice(2)).toMatchObject([{ route: 'POST /auth/sign-in', key: undefined }]);
});

test('a call is aborted while it waits for its answer, while it pauses, and before it begins', async () => {
  const { wire, client } = await wired();
  const reason = new Error('the user went away');
  for (const fate of ['silence', busy('20')] as const) {
    const controller = new AbortController();
    wire.doom(fate);
    const seen = wire.requests.length;
    const call = client.get('/balance', { signal: controller.signal });
    await expect.poll(() => wire.requests.length).toBe(seen + 1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(wire.requests).toHaveLength(seen + 1);
  }
  await expect(client.get('/balance', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(wire.requests).toHaveLength(2);
});

test('the token is asked for anew for each attempt, and who cannot give one ends the call', async () => {
  const { wire, token } = await wired();
  let asked = 0;
  const client = createClient({
    baseUrl: `${wire.baseUrl}/`,
    token: async () => {
      asked += 1;
      return asked === 1 ? 'expired' : token;
    },
  });
  expect(await problemOf(client.get('/balance'))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  wire.doom('cut');
  await client.get('/balance');
  expect(asked).toBe(3);
  const failure = new Error('no token today');
  await expect(createClient({ baseUrl: wire.baseUrl, token: () => Promise.reject(failure) }).get('/balance')).rejects.toBe(failure);
  expect(wire.requests).toHaveLength(3);
});

test('who walks through a list over such a wire gets all of it, once', async () => {
  const { token } = await richCustomer(shop(), 100_000);
  const wire = await openWire(shop().baseUrl);
  const client = createClient({ baseUrl: wire.baseUrl, token: token ?? '' });
  for (let count = 0; count < 5; count += 1) await client.post('/balance/charge', { body: { amount: 10 } });
  wire.doom('half', 'cut');
  const ids: string[] = [];
  for await (const { id } of items((page) => client.get('/balance/history', { params: { query: page } }), 2)) ids.push(id);
  expect(ids).toHaveLength(6);
  expect(new Set(ids).size).toBe(6);
});
