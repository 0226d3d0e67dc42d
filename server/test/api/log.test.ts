/** The log: what a line names, what is slow, and that no secret is in it. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, inject, onTestFinished, test } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { clientConfig } from '../../src/database/database.ts';
import { createLogger } from '../../src/runtime.ts';
import { sendTo } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, option, paid, placed, richCustomer, tag } from '../support/goods.ts';
import { openReceiver, withHeaders } from '../support/receiver.ts';
import { openShop, type Shop, TEST_SECRET } from '../support/shop.ts';

const WARN = 40;
const DEBUG = 20;
const Line = Type.Object({ level: Type.Number(), msg: Type.String() });
type Line = Static<typeof Line> & Readonly<Record<string, unknown>>;

/** A shop that writes its log as a server does, at the level; gives its lines so far. */
async function openWriting(logLevel: string, overrides: Partial<Config> = {}): Promise<{ shop: Shop; log: () => Line[] }> {
  const written: string[] = [];
  const config = loadConfig({ DATABASE_URL: 'postgres://unused.invalid/none', AUTH_JWT_SECRET: TEST_SECRET, LOG_LEVEL: logLevel });
  const logger = createLogger(config, { write: (line) => void written.push(line) });
  const shop = await openShop({ webhookAllowPrivate: true, retryMs: [50], ...overrides }, logger);
  onTestFinished(() => shop.close());
  const lineOf = (text: string): Line => ({ ...Value.Parse(Line, JSON.parse(text)) });
  return { shop, log: () => written.map(lineOf) };
}

const named = (lines: readonly Line[], msg: string): Line[] => lines.filter((line) => line.msg === msg);

test('at debug a write names its request, its user and its order; at info it writes nothing', async () => {
  const { shop, log } = await openWriting('debug');
  const customer = await richCustomer(shop, 5000);
  const orderId = await placed(customer, await option(shop, { stock: 1 }));
  await paid(customer, orderId);
  expectStatus(await customer.get('/orders?search=decade99', { headers: { 'x-request-id': 'mine-1' } }), 200);
  expectStatus(await customer.post('/orders', { lines: [] }), 400);
  const answered = (): Line[] => named(log(), 'answered').filter(({ userId }) => userId === customer.userId);
  await eventually(async () => answered().length).toBe(5);
  const [charged, ordered, bought, listed, refused] = answered();
  expect(charged).toMatchObject({ level: DEBUG, method: 'POST', path: '/balance/charge', status: 200 });
  expect(charged).not.toHaveProperty('orderId');
  expect(ordered).toMatchObject({ path: '/orders', status: 201, orderId });
  expect(bought).toMatchObject({ path: '/payments', orderId });
  expect(listed).toMatchObject({ path: '/orders', reqId: 'mine-1' });
  expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(JSON.stringify(log())).not.toContain('decade99');

  const quiet = await openWriting('info');
  await placed(await richCustomer(quiet.shop, 5000), await option(quiet.shop, { stock: 1 }));
  expect(named(quiet.log(), 'answered')).toEqual([]);
});

test('a delivery that failed for good is a warning, with the order that it was about', async () => {
  const { shop, log } = await openWriting('info');
  const receiver = await openReceiver();
  receiver.answers(() => 400);
  const destination = await sendTo(shop, receiver, ['order.placed']);
  const orderId = await placed(await shop.customer(), await option(shop, { stock: 1 }));
  const failed = (): Line[] => named(log(), 'a delivery failed for good');
  await eventually(async () => failed().length).toBe(1);
  expect(failed()).toMatchObject([
    { level: WARN, destination: destination.name, orderId, type: 'order.placed', attempts: 2, statusCode: 400 },
  ]);
});

/** Keeps the table of balances from everyone for a while. */
async function hold(shop: Shop, ms: number): Promise<void> {
  const client = await shop.database.writers.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE balance IN ACCESS EXCLUSIVE MODE');
  void delay(ms)
    .then(() => client.query('COMMIT'))
    .finally(() => client.release());
}

test('what is slow is a warning with its name, and is none where that is turned off', async () => {
  const { shop, log } = await openWriting('info', { slowQueryMs: 100, slowBatchMs: 200 });
  const customer = await richCustomer(shop, 5000);
  await hold(shop, 400);
  await Promise.all([customer.post('/balance/charge', { amount: 1 }), customer.get('/balance')]);
  const batch = named(log(), 'slow batch').find(({ queue }) => queue === 'balance');
  expect(batch).toMatchObject({ level: WARN, queue: 'balance', size: 1 });
  expect(batch?.['statements']).toEqual(
    expect.arrayContaining([expect.stringMatching(/^balance\.create ([2-9]\d\d|\d{4,})$/), expect.stringMatching(/^commit \d+$/)]),
  );
  const slow = named(log(), 'slow statement').map(({ statement }) => statement);
  expect(slow).toEqual(expect.arrayContaining(['balance.create', 'balance.get']));

  const silent = await openWriting('info', { slowQueryMs: null, slowBatchMs: null });
  const other = await richCustomer(silent.shop, 5000);
  await hold(silent.shop, 400);
  await other.post('/balance/charge', { amount: 1 });
  expect(silent.log().filter(({ msg }) => msg.startsWith('slow'))).toEqual([]);
});

/** Has the shop's database refuse its connections, until it is told otherwise. */
async function shutOut(shop: Shop): Promise<() => Promise<void>> {
  const name = 'database' in shop.target ? shop.target.database : new URL(shop.target.url).pathname.slice(1);
  const client = new pg.Client(clientConfig(inject('target')));
  await client.connect();
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

test('an outage of the database is told once when it begins and once when it is over, and is no error of the server', async () => {
  const { shop, log } = await openWriting('info');
  const customer = await richCustomer(shop, 5000);
  const letIn = await shutOut(shop);
  const outage = (): string[] => log().flatMap(({ msg }) => (msg.startsWith('the database is') ? [msg] : []));
  for (let round = 0; round < 5; round += 1) {
    expectStatus(await customer.post('/balance/charge', { amount: 1 }), 503);
    expectStatus(await customer.get('/balance'), 503);
  }
  expect(outage()).toEqual(['the database is away']);
  await letIn();
  await expect.poll(outage, { timeout: 30_000 }).toEqual(['the database is away', 'the database is back']);
  expectStatus(await customer.get('/balance'), 200);
  expect(log().filter(({ level }) => level > WARN)).toEqual([]);
});

test('no secret is in the log, at any level', async () => {
  const { shop, log } = await openWriting('trace', { slowQueryMs: 1, slowBatchMs: 1 });
  const plant = (): string => `planted${randomBytes(12).toString('hex')}`;
  const secrets = {
    password: plant(),
    wrong: plant(),
    bearer: plant(),
    cookie: plant(),
    query: plant(),
    header: plant(),
    hook: plant(),
    answer: plant(),
  };
  const email = `${tag()}@shop.example`;
  const ours = { headers: { origin: shop.baseUrl } };
  const signed = expectStatus(await shop.anyone.post('/auth/sign-up', { name: 'Someone', email, password: secrets.password }, ours), 201);
  const session = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(session).toMatch(/=.{20,}/);
  await shop.anyone.post('/auth/sign-in', { email, password: secrets.wrong }, ours);
  await shop.anyone.post('/auth/sign-in', { email, password: secrets.password }, ours);
  const token = expectStatus(await shop.anyone.post('/auth/token', {}, { headers: { ...ours.headers, cookie: session } }), 200);
  await shop.anyone.get('/balance', { headers: { authorization: `Bearer ${secrets.bearer}` } });
  await shop.anyone.get('/balance', { headers: { cookie: `${session.split('=')[0]}=${secrets.cookie}`, 'x-api-key': secrets.header } });
  await shop.anyone.get(`/products?access_token=${secrets.query}`);
  const receiver = await openReceiver();
  receiver.answers(() => withHeaders(500, {}, secrets.answer));
  const destination = await sendTo(shop, { url: `${receiver.url}?key=${secrets.hook}` }, ['order.placed', 'order.paid']);
  const rotated = expectStatus(await shop.staff.post(`/destinations/${destination.name}/secret`, {}), 200);
  const customer = await richCustomer(shop, 5000);
  await paid(customer, await placed(customer, await option(shop, { stock: 1 })));
  await eventually(async () => named(log(), 'a delivery failed for good').length).toBe(2);
  await hold(shop, 50);
  await customer.get('/balance');
  const text = JSON.stringify(log());
  expect(text).toContain('/auth/sign-in');
  const made = [
    session.split('=')[1],
    token.body['token'],
    destination['secret'],
    rotated.body['secret'],
    shop.staff.token,
    customer.token,
    TEST_SECRET,
  ];
  for (const secret of [...Object.values(secrets), ...made]) {
    expect(String(secret).length).toBeGreaterThan(20);
    expect(text).not.toContain(String(secret));
  }
});
