/** Lists from a real streaming standby: which they are, that they show every effect that was answered, and that a lost standby costs none. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { clientConfig } from '../../src/database/database.ts';
import { installBinaries } from '../../src/database/embedded-binaries.ts';
import { migrate } from '../../src/database/migrate.ts';
import { diagnose } from '../../src/doctor/doctor.ts';
import { explain } from '../../src/explain.ts';
import { createTokenMinter } from '../../src/http/auth.ts';
import { withDatabase } from '../../src/runtime.ts';
import { type Caller, createCaller } from '../support/caller.ts';
import { isDocument, operationsOf } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { openProxy } from '../support/fault-proxy.ts';
import { type ServerOn, serveOn } from '../support/fault-server.ts';
import { couponOf, expectStatus, issued, option, paid, placed, tag } from '../support/goods.ts';
import { createNode, type Node } from '../support/postgres-node.ts';
import { TEST_SECRET } from '../support/shop.ts';

/** The standby writes every statement to a log, by the names that they have in the source. */
const LOGGING = ['logging_collector=on', 'log_directory=said', 'log_filename=statements', 'log_statement=all'];

let parent: string;
let primary: Node;
let standby: Node;
/** One with the standby for its lists, one without: two processes of one shop. */
let server: ServerOn;
let other: ServerOn;
let token: string;

/** The shop's own user, who is no superuser. */
const urlOf = (node: Node, database = 'shop'): string => `postgresql://shopper@127.0.0.1:${node.port}/${database}`;
const staffAt = ({ baseUrl }: ServerOn): Caller => createCaller(baseUrl, 'staff', token);

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'openrun-test-'));
  await chmod(parent, 0o755);
  const binaries = await installBinaries(parent);
  primary = await createNode(parent, 'one', binaries, { settings: ['fsync=off'] });
  standby = await createNode(parent, 'two', binaries, { settings: ['fsync=off', ...LOGGING] });
  await primary.startPrimary();
  await primary.query('CREATE ROLE shopper LOGIN');
  await primary.query('CREATE DATABASE shop OWNER shopper');
  await migrate({ url: urlOf(primary) }, () => undefined);
  await standby.startStandbyOf(primary);
  token = await createTokenMinter({ secret: TEST_SECRET, issuer: null, audience: null })({ sub: 'staff', role: 'staff', ttlSeconds: 3600 });
  server = await serveOn({ url: urlOf(primary) }, { overrides: { databaseReplicaUrl: urlOf(standby) } });
  other = await serveOn({ url: urlOf(primary) });
  await isUsed(server);
});

afterAll(async () => {
  await server.close();
  await other.close();
  await standby.kill();
  await primary.kill();
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
});

const usable = (of: ServerOn): Promise<number> => of.metric('openrun_replica_usable');
const readsFrom = (origin: 'replica' | 'primary', of = server): Promise<number> =>
  of.metric('openrun_list_reads_total', `origin="${origin}"`);
/** In hooks as well; a standby that comes back takes its time. */
const becomes = (of: ServerOn, value: 0 | 1): Promise<void> =>
  vi.waitFor(async () => expect(await usable(of)).toBe(value), { timeout: 20_000, interval: 50 });
const isUsed = (of: ServerOn): Promise<void> => becomes(of, 1);
const isUnused = (of: ServerOn): Promise<void> => becomes(of, 0);

/** The names of the statements that the standby has run since, but for the question how far it is. */
async function listening(): Promise<() => Promise<string[]>> {
  const path = join(standby.directory, 'said', (await readdir(join(standby.directory, 'said')))[0] ?? '');
  const before = (await readFile(path, 'utf8')).length;
  return async () => {
    const said = (await readFile(path, 'utf8')).slice(before);
    const names = [...said.matchAll(/execute ([\w.]+)/g)].map(([, name = '']) => name);
    return [...new Set(names)].filter((name) => name !== 'replica.standing').toSorted();
  };
}

describe('which lists', () => {
  let customer: Caller;
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const staff = staffAt(server);
    customer = await server.customer(`customer-${tag()}`);
    const optionId = await option({ staff }, { stock: 10 });
    const couponId = await couponOf({ staff }, {});
    await issued(customer, couponId);
    expectStatus(await customer.post('/balance/charge', { amount: 100_000 }), 200);
    const orderId = await placed(customer, optionId);
    const paymentId = await paid(customer, orderId);
    expectStatus(await staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'broken' }), 201);
    await vi.waitFor(async () => {
      if ((await staff.get('/deliveries?status=pending')).body.items.length > 0) throw new Error('deliveries wait');
    });
    const { body } = await staff.get('/deliveries');
    const productId = (await staff.get('/products')).body.items[0]?.id ?? '';
    ids = {
      optionId,
      couponId,
      orderId,
      paymentId,
      deliveryId: body.items[0]?.id ?? '',
      productId,
      userId: customer.userId,
      name: 'log',
      code: 'OVERLOADED',
    };
  });

  test.each<[path: string, statements: readonly string[]]>([
    ['/orders', ['order.linesForReading', 'order.listAll']],
    ['/orders?status=paid', ['order.lastSeen', 'order.listStatus']],
    ['/payments', ['payment.listAll']],
    ['/deliveries', ['delivery.list']],
    ['/customers?search=cust', ['customer.list']],
    ['/staff-actions', ['staff.listAll']],
    ['/products?search=product', ['product.list']],
    ['/options/{optionId}/stock-journal', ['order.unitsOfOption', 'product.adjustments', 'refund.restocked']],
    ['/exports/orders.csv', ['order.export']],
    ['/exports/payments.csv', ['payment.export']],
    ['/exports/coupons.csv', ['userCoupon.export']],
  ])('%s is from the standby for staff, and the same as from the primary', async (path, statements) => {
    const said = await listening();
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? '');
    const answer = expectStatus(await staffAt(server).get(filled), 200);
    await eventually(async () => (await said()).join(' ')).toMatch(new RegExp(statements.map((name) => `${name}.*`).join('')));
    expect(answer.body).toEqual((await staffAt(other).get(filled)).body);
  });

  test('the facts of the dashboard are from the standby, at the primary’s time', async () => {
    const said = await listening();
    const { body } = expectStatus(await staffAt(server).get('/dashboard'), 200);
    expect(body).toMatchObject({ sales: { today: { orders: 1, payments: 1 } } });
    const names = ['byStatus', 'coupons', 'holds', 'paid', 'placed', 'runningOut', 'soldOut'].map((name) => `dashboard.${name}`);
    await eventually(said).toEqual(names);
  });

  test('nothing else of staff is, and nothing of a customer', async () => {
    const document: unknown = (await staffAt(server).get('/openapi.json')).body;
    if (!isDocument(document)) throw new Error('there is no OpenAPI document');
    const reads = operationsOf(document).filter(({ method, path }) => method === 'GET' && path !== '/dashboard/stream');
    const fill = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? '');
    const fromStandby = async (caller: Caller): Promise<string[]> => {
      const paths: string[] = [];
      for (const { path } of reads) {
        const before = await readsFrom('replica');
        expect((await caller.get(fill(path))).status).toBeLessThan(500);
        if ((await readsFrom('replica')) > before) paths.push(path);
      }
      return paths.toSorted();
    };
    const said = await listening();
    expect(await fromStandby(customer)).toEqual([]);
    expectStatus(await staffAt(server).get(`/orders?userId=${customer.userId}`), 200);
    expectStatus(await staffAt(server).get(`/payments?userId=${customer.userId}`), 200);
    expect(await said()).toEqual([]);
    // The dashboard gives out the figures that it has for a while.
    await eventually(() => fromStandby(staffAt(server))).toEqual([
      '/customers',
      '/dashboard',
      '/deliveries',
      '/exports/coupons.csv',
      '/exports/orders.csv',
      '/exports/payments.csv',
      '/options/{optionId}/stock-journal',
      '/orders',
      '/payments',
      '/products',
      '/staff-actions',
    ]);
  });

  test('no write goes there, and no audit', async () => {
    const said = await listening();
    const staff = staffAt(server);
    const optionId = await option({ staff }, { stock: 10 });
    expectStatus(await staff.post(`/options/${optionId}/stock`, { delta: 1, reason: 'found' }), 200);
    await issued(customer, await couponOf({ staff }, {}));
    const orderId = await placed(customer, optionId);
    expectStatus(await customer.post(`/orders/${orderId}/cancel`), 200);
    const paymentId = await paid(customer, await placed(customer, optionId));
    expectStatus(await staff.post(`/payments/${paymentId}/refunds`, { restock: false, reason: 'late' }), 201);
    expectStatus(await staff.post('/rankings/refresh'), 200);
    expectStatus(await staff.post('/audit'), 200);
    await delay(200);
    expect(await said()).toEqual([]);
  });
});

describe('freshness', () => {
  /** Writes at one process, then lists at the one with the standby; gives how many lists lacked what was just answered. */
  async function missed(writes: number): Promise<number> {
    let count = 0;
    for (let write = 0; write < writes; write += 1) {
      const name = `Product ${tag()}`;
      const at = write % 2 === 0 ? other : server;
      const body = { name, options: [{ sku: tag(), name: 'one', price: 1 }] };
      const { id } = expectStatus(await staffAt(at).post('/products', body), 201).body;
      const { items } = expectStatus(await staffAt(server).get('/products?limit=1'), 200).body;
      if (items[0]?.id !== id) count += 1;
    }
    return count;
  }

  test('a list shows what any process has just answered, and is from the standby nearly always', async () => {
    await isUsed(server);
    const before = await readsFrom('replica');
    expect(await missed(40)).toBe(0);
    expect((await readsFrom('replica')) - before).toBeGreaterThan(20);
  });

  test('a standby that comes slowly is waited for, or not read from', async () => {
    const jitter = { go: true };
    const jerking = (async () => {
      while (jitter.go) {
        await standby.query('SELECT pg_wal_replay_pause()');
        await delay(60);
        await standby.query('SELECT pg_wal_replay_resume()');
        await delay(60);
      }
    })();
    expect(await missed(40)).toBe(0);
    jitter.go = false;
    await jerking;
    await isUsed(server);
  });

  test('one that stands still is not read from, says how long, and is again when it has caught up', async () => {
    await standby.query('SELECT pg_wal_replay_pause()');
    onTestFinished(async () => void (await standby.query('SELECT pg_wal_replay_resume()')));
    expect(await missed(4)).toBe(0);
    await isUnused(server);
    const [fromReplica, fromPrimary] = [await readsFrom('replica'), await readsFrom('primary')];
    expect(await missed(4)).toBe(0);
    expect([await readsFrom('replica'), await readsFrom('primary')]).toEqual([fromReplica, fromPrimary + 4]);
    await eventually(() => server.metric('openrun_replica_lag_seconds')).toBeGreaterThan(1);
    await standby.query('SELECT pg_wal_replay_resume()');
    await isUsed(server);
    await eventually(() => server.metric('openrun_replica_lag_seconds')).toBeLessThan(1);
    expect(await missed(1)).toBe(0);
    expect(await readsFrom('replica')).toBeGreaterThan(fromReplica);
  });
});

test('a standby whose clock is an hour ahead tells no order as expired', async () => {
  const now =
    "CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$";
  const owner = new pg.Client(clientConfig({ url: urlOf(primary) }));
  await owner.connect();
  await owner.query(`CREATE SCHEMA ahead; ${now}`);
  await owner.end();
  const url = `${urlOf(standby)}?options=${encodeURIComponent('-c search_path=ahead,pg_catalog,public')}`;
  const ahead = await serveOn({ url: urlOf(primary) }, { overrides: { databaseReplicaUrl: url } });
  onTestFinished(() => ahead.close());
  await isUsed(ahead);
  const orderId = await placed(await ahead.customer(tag()), await option({ staff: staffAt(ahead) }, { stock: 1 }));
  const { items } = (await staffAt(ahead).get('/orders?status=pending')).body;
  expect(items.map(({ id, status }) => [id, status])).toContainEqual([orderId, 'pending']);
  const { text } = (await staffAt(ahead).get('/exports/orders.csv')).body;
  expect(text.split('\r\n').find((line) => line.startsWith(orderId))).toContain(',pending,');
  expect(await readsFrom('primary', ahead)).toBe(0);
});

test('more at once than it has connections for are read from the primary, without a wait', async () => {
  await isUsed(server);
  // Those that have a connection wait for the standby, so that it is taken when the others come.
  await standby.query('SELECT pg_wal_replay_pause()');
  onTestFinished(async () => void (await standby.query('SELECT pg_wal_replay_resume()')));
  expectStatus(await staffAt(server).post('/products', { name: tag(), options: [{ sku: tag(), name: 'one', price: 1 }] }), 201);
  const answers = await Promise.all(Array.from({ length: 40 }, () => staffAt(server).get('/exports/orders.csv')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await server.metric('openrun_list_reads_total', 'reason="busy"')).toBeGreaterThan(0);
});

describe('a standby that is lost', () => {
  /** Lists all the while; gives, when it is stopped, every status that was answered. */
  function listAll(of: ServerOn): () => Promise<Set<number>> {
    const statuses = new Set<number>();
    const going = { go: true };
    const paths = ['/orders', '/payments', '/products', '/exports/orders.csv', '/customers', '/staff-actions'];
    const readers = paths.map(async (path) => {
      while (going.go) statuses.add((await staffAt(of).get(path)).status);
    });
    return async () => {
      going.go = false;
      await Promise.all(readers);
      return statuses;
    };
  }

  test('costs no request when it is killed, and is used again when it is back', async () => {
    const stop = listAll(server);
    await delay(200);
    await standby.kill();
    await isUnused(server);
    await delay(200);
    await standby.startAgain();
    await isUsed(server);
    const before = await readsFrom('replica');
    await eventually(() => readsFrom('replica')).toBeGreaterThan(before);
    expect(await stop()).toEqual(new Set([200]));
  });

  test('costs no request when it answers nothing any more', async () => {
    const proxy = await openProxy({ url: urlOf(standby) });
    const url = 'url' in proxy.target ? proxy.target.url : '';
    const behind = await serveOn({ url: urlOf(primary) }, { overrides: { databaseReplicaUrl: url } });
    onTestFinished(async () => {
      proxy.thaw();
      await behind.close();
      await proxy.close();
    });
    await isUsed(behind);
    const stop = listAll(behind);
    await delay(200);
    proxy.freeze();
    await isUnused(behind);
    expect(await stop()).toEqual(new Set([200]));
    proxy.thaw();
    await isUsed(behind);
  });

  test('that was never there keeps no server from starting', async () => {
    const lonely = await serveOn({ url: urlOf(primary) }, { overrides: { databaseReplicaUrl: 'postgresql://shopper@127.0.0.1:1/shop' } });
    onTestFinished(() => lonely.close());
    expectStatus(await staffAt(lonely).get('/orders'), 200);
    expect(await readsFrom('primary', lonely)).toBe(1);
  });
});

test('the doctor looks at every one of several', async () => {
  const look = async (replicas: string): Promise<string[]> => {
    const settings = { DATABASE_URL: urlOf(primary), DATABASE_REPLICA_URL: replicas, AUTH_JWT_SECRET: TEST_SECRET };
    const findings = await diagnose({
      loadConfig: () => loadConfig(settings),
      withDatabase: (config, work) => withDatabase(config, pino({ level: 'silent' }), work),
      explain: (error) => explain(error) ?? String(error),
    });
    return findings.flatMap(({ check, level, message }) => (check === 'replicas' ? [`${level} ${message}`] : []));
  };
  const [found, strangers] = await Promise.all([
    look(`postgresql://shopper@127.0.0.1:${standby.port},127.0.0.1:1/shop`),
    look(urlOf(standby, 'postgres')),
  ]);
  expect(found).toEqual([
    expect.stringMatching(`^ok 127.0.0.1:${standby.port} has what the primary has`),
    expect.stringMatching(/^warning 127\.0\.0\.1:1: the database cannot be used: .*ECONNREFUSED/),
  ]);
  expect(strangers).toEqual([expect.stringMatching(/^problem .*is a standby of another database$/)]);
  await standby.query('SELECT pg_wal_replay_pause()');
  expectStatus(await staffAt(server).post('/products', { name: tag(), options: [{ sku: tag(), name: 'one', price: 1 }] }), 201);
  expect(await look(urlOf(standby))).toEqual([expect.stringMatching(/^warning .*is \d+ bytes behind$/)]);
  await standby.query('SELECT pg_wal_replay_resume()');
});

/** Last of all, for there is no way back. */
test('one that has become a primary, and one of another past, are not read from, however far they are; a new copy is', async () => {
  await isUsed(server);
  await standby.promote();
  await isUnused(server);
  // The old primary goes on by itself for a while, further than the new one, and is then made a standby without a word of it.
  await primary.query(`CREATE TABLE ahead AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)`);
  await primary.query('SELECT pg_switch_wal()');
  await server.close();
  await other.close();
  await primary.kill();
  await writeFile(join(primary.directory, 'standby.signal'), '');
  await primary.startAgain();
  server = await serveOn({ url: urlOf(standby) }, { overrides: { databaseReplicaUrl: urlOf(primary) } });
  other = await serveOn({ url: urlOf(standby) });
  await eventually(() => server.metric('openrun_replica_lag_seconds')).toBeGreaterThanOrEqual(0);
  await delay(1500);
  expect(await usable(server)).toBe(0);
  // As a copy of the new one it is read from again.
  await primary.kill();
  await primary.startStandbyOf(standby);
  await isUsed(server);
});
