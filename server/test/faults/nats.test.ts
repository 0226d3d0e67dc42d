/** Paid orders reach NATS JetStream, whatever becomes of its server meanwhile. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { createNatsSink } from '../../src/delivery/sinks/nats.sink.ts';
import { createResolver } from '../../src/delivery/sinks/resolver.ts';
import type { Body, Caller } from '../support/caller.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, NO_ID, option, paid, placed } from '../support/goods.ts';
import { ANY_ID, ANY_TEXT, ANY_TIME, textLike } from '../support/matchers.ts';
import { createNats, NATS_SERVER, type NatsServer } from '../support/nats.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { walk } from '../support/walk.ts';

/** The first attempts come fast; the later ones outlast what the tests do. */
const RETRY_MS = [100, 200, 500, ...Array.from({ length: 40 }, () => 500)];
const TAKE_OVER_MS = 30_000;

async function openWith(nats: NatsServer, overrides: Partial<Config> = {}): Promise<Shop> {
  const shop = await openShop({ sink: { kind: 'nats', url: nats.url, secret: null }, retryMs: RETRY_MS, ...overrides });
  onTestFinished(() => shop.close());
  return shop;
}

async function startNats(...options: Parameters<typeof createNats>): Promise<NatsServer> {
  const nats = await createNats(...options);
  await nats.start();
  return nats;
}

const deliveries = (shop: Shop, query = ''): Promise<Body[]> => walk(shop.staff, `/deliveries?destination=nats${query}`, 100);

/** Expects that many deliveries, all delivered soon; gives them, the newest first. */
async function expectDelivered(shop: Shop, count: number): Promise<Body[]> {
  await expect.poll(() => deliveries(shop, '&status=pending'), { timeout: TAKE_OVER_MS, interval: 100 }).toEqual([]);
  const delivered = await deliveries(shop, '&status=delivered');
  expect(delivered).toHaveLength(count);
  return delivered;
}

/** Sells one thing; gives the order's id. */
async function sell(shop: Shop, given?: { customer: Caller; optionId: string }): Promise<string> {
  const { customer, optionId } = given ?? { customer: await shop.customer(), optionId: await option(shop, { price: 0, stock: 1 }) };
  const orderId = await placed(customer, optionId);
  await paid(customer, orderId);
  return orderId;
}

async function attemptsOf(shop: Shop, delivery: Body | undefined): Promise<unknown> {
  return expectStatus(await shop.staff.get(`/deliveries/${delivery?.id}`), 200).body['log'];
}

const eventOf = (body: string): unknown => JSON.parse(body);

describe.skipIf(NATS_SERVER === null)('NATS', () => {
  test('gets a paid order as a CloudEvent, under its type and id', async () => {
    const nats = await startNats();
    const shop = await openWith(nats, { publicUrl: 'https://shop.example' });
    const orderId = await sell(shop);
    const [delivery] = await expectDelivered(shop, 1);
    const [message, ...others] = await nats.consume();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ subject: 'openrun.order.paid', id: delivery?.eventId });
    expect(eventOf(message?.body ?? '')).toEqual({
      specversion: '1.0',
      id: delivery?.eventId,
      source: 'https://shop.example',
      type: 'order.paid',
      subject: orderId,
      time: ANY_TIME,
      datacontenttype: 'application/json',
      dataschema: 'urn:openrun:event:order.paid:v1',
      sequence: '2',
      sequencetype: 'Integer',
      data: {
        orderId,
        paymentId: ANY_ID,
        userId: ANY_TEXT,
        sequence: 2,
        lines: [{ optionId: ANY_ID, productId: ANY_ID, sku: ANY_TEXT, name: ANY_TEXT, unitPrice: 0, quantity: 1 }],
        subtotal: 0,
        discount: 0,
        amount: 0,
        userCouponId: null,
        paidAt: ANY_TIME,
      },
    });
    expect(await attemptsOf(shop, delivery)).toMatchObject([{ outcome: 'delivered', statusCode: null, answer: 'OPENRUN 1' }]);
  });

  test('gets nothing twice from a replay, and the attempt says so', async () => {
    const nats = await startNats();
    const shop = await openWith(nats);
    await sell(shop);
    const [delivery] = await expectDelivered(shop, 1);
    expectStatus(await shop.staff.post(`/deliveries/${delivery?.id}/replay`), 202);
    await expectDelivered(shop, 1);
    expect(await attemptsOf(shop, delivery)).toMatchObject([{ answer: 'OPENRUN 1 (duplicate)' }, { answer: 'OPENRUN 1' }]);
    expect(await nats.consume()).toHaveLength(1);
  });

  test('lets in who has user and password, of whatever signs, and nobody else', async () => {
    const nats = await startNats({ user: { name: 'shop@openrun', password: 'p:a/s?s%20#1' } });
    const shop = await openWith(nats);
    await sell(shop);
    await expectDelivered(shop, 1);
    expect(await nats.consume()).toHaveLength(1);
    const stranger = await openWith({ ...nats, url: nats.url.replace('1@127', '2@127') });
    await sell(stranger);
    await eventually(() => deliveries(stranger)).toMatchObject([{ status: 'pending', lastError: textLike(/authorization/i) }]);
    expect(await nats.consume()).toHaveLength(1);
  });

  test('may be away when the shop opens, which sells all the same, and gets everything later', async () => {
    const nats = await createNats();
    const shop = await openWith(nats);
    const orderIds = [await sell(shop), await sell(shop), await sell(shop)];
    await eventually(async () => (await deliveries(shop)).map(({ lastError }) => lastError)).toEqual(
      orderIds.map(() => 'connection refused'),
    );
    expect(await deliveries(shop, '&status=pending')).toHaveLength(3);
    await nats.start();
    await expectDelivered(shop, 3);
    expect(await nats.consume()).toHaveLength(3);
  });
});

/** Places and pays orders, one after the other, until it is told to stop; gives their ids. */
function startSelling(shop: Shop, given: { customer: Caller; optionId: string }) {
  const sold: string[] = [];
  const ending = new AbortController();
  const selling = (async () => {
    while (!ending.signal.aborted) sold.push(await sell(shop, given));
  })();
  return {
    sold,
    stop: async (): Promise<string[]> => {
      ending.abort();
      await selling;
      return sold;
    },
  };
}

/** What each order's events were, in the order in which they came. */
function typesByOrder(bodies: readonly string[]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const body of bodies) {
    const event: unknown = JSON.parse(body);
    if (typeof event !== 'object' || event === null || !('subject' in event && 'type' in event)) throw new Error('this is no event');
    types.set(String(event.subject), [...(types.get(String(event.subject)) ?? []), String(event.type)]);
  }
  return types;
}

describe.skipIf(NATS_SERVER === null)('a NATS server that is killed and started again', () => {
  test('loses nothing, shows nothing twice, and has the events of every order in order', { timeout: 180_000 }, async () => {
    const nats = await startNats();
    const shop = await openWith(nats);
    expectStatus(await shop.staff.patch('/destinations/nats', { eventTypes: ['order.placed', 'order.paid'] }), 200);
    const optionId = await option(shop, { price: 0, stock: 100_000 });
    const sellers = await Promise.all(
      Array.from({ length: 6 }, async () => startSelling(shop, { customer: await shop.customer(), optionId })),
    );
    const count = (): number => sellers.reduce((sum, { sold }) => sum + sold.length, 0);
    const more = async (wanted: number): Promise<void> => {
      const goal = count() + wanted;
      while (count() < goal) await delay(10);
    };
    for (let round = 0; round < 3; round += 1) {
      await more(50);
      await delay(Math.random() * 100);
      await nats.kill();
      await more(50);
      await nats.start();
    }
    await more(50);
    const orderIds = (await Promise.all(sellers.map((seller) => seller.stop()))).flat();
    const delivered = await expectDelivered(shop, 2 * orderIds.length);
    expect(Math.max(...delivered.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    const consumed = await nats.consume();
    expect(consumed.map(({ id }) => id).toSorted()).toEqual(delivered.map(({ eventId }) => eventId).toSorted());
    const types = typesByOrder(consumed.map(({ body }) => body));
    expect([...types.keys()].toSorted()).toEqual(orderIds.toSorted());
    expect([...types].filter(([, [first, second]]) => first !== 'order.placed' || second !== 'order.paid')).toEqual([]);
  });

  test('gets what was under way without waiting for answers that cannot come', async () => {
    const nats = await startNats();
    const shop = await openWith(nats);
    await sell(shop);
    await expectDelivered(shop, 1);
    await nats.freeze();
    await sell(shop);
    await eventually(() => deliveries(shop, '&status=pending')).toMatchObject([{ attempts: 1 }]);
    const killedAt = performance.now();
    await nats.kill();
    await nats.start();
    await expectDelivered(shop, 2);
    expect(performance.now() - killedAt).toBeLessThan(4000);
  });
});

describe.skipIf(NATS_SERVER === null)('the stream', () => {
  test('stays as its operator made it', async () => {
    const nats = await startNats();
    const own = { name: 'OPENRUN', subjects: ['openrun.order.*'], max_msgs: 2, description: 'ours', duplicate_window: 1_000_000_000 };
    await nats.manage((streams) => streams.add({ ...own }));
    const shop = await openWith(nats);
    for (let sold = 0; sold < 3; sold += 1) await sell(shop);
    await expectDelivered(shop, 3);
    expect((await nats.manage((streams) => streams.info('OPENRUN'))).config).toMatchObject(own);
    expect(await nats.consume()).toHaveLength(2);
  });

  test('may have another name, where its operator gave it the subjects', async () => {
    const nats = await startNats();
    await nats.manage((streams) => streams.add({ name: 'SALES', subjects: ['openrun.order.>'] }));
    const shop = await openWith(nats);
    await sell(shop);
    const [delivery] = await expectDelivered(shop, 1);
    expect(await attemptsOf(shop, delivery)).toMatchObject([{ answer: 'SALES 1' }]);
    expect(await nats.consume('SALES')).toHaveLength(1);
  });

  test('is made again where somebody deletes it', async () => {
    const nats = await startNats();
    const shop = await openWith(nats);
    await sell(shop);
    await expectDelivered(shop, 1);
    await nats.manage((streams) => streams.delete('OPENRUN'));
    await sell(shop);
    const [delivery] = await expectDelivered(shop, 2);
    expect(await attemptsOf(shop, delivery)).toMatchObject([
      { outcome: 'delivered', answer: 'OPENRUN 1' },
      { outcome: 'failed', answer: 'no stream takes openrun.order.paid' },
    ]);
  });

  test('keeps ten minutes of ids, and its messages on disk', async () => {
    const nats = await startNats();
    const shop = await openWith(nats);
    await sell(shop);
    await expectDelivered(shop, 1);
    const { config } = await nats.manage((streams) => streams.info('OPENRUN'));
    expect(config).toMatchObject({ subjects: ['openrun.>'], storage: 'file', retention: 'limits', duplicate_window: 600_000_000_000 });
    expect(config).toMatchObject({ max_msgs: -1, max_bytes: -1, max_age: 0 });
  });
});

describe.skipIf(NATS_SERVER === null)('an event that NATS never takes', () => {
  test.each([
    ['the server', ['max_payload: 3000'], null],
    ['the stream', [], 3000],
  ] as const)('because it is too large for %s fails alone, however many there are', async (_what, lines, max_msg_size) => {
    const nats = await startNats({ lines });
    if (max_msg_size !== null) await nats.manage((streams) => streams.add({ name: 'OPENRUN', subjects: ['openrun.>'], max_msg_size }));
    // As many failures of the destination itself would stop everything. Delays are drawn from nothing upwards: a long one comes to an end in time seldom enough.
    const shop = await openWith(nats, { retryMs: [86_400_000] });
    const customer = await shop.customer();
    const optionIds = await Promise.all(Array.from({ length: 30 }, () => option(shop, { price: 0, stock: 100 })));
    for (let ordered = 0; ordered < 15; ordered += 1) {
      const order = { lines: optionIds.map((optionId) => ({ optionId, quantity: 1 })) };
      await paid(customer, expectStatus(await customer.post('/orders', order), 201).body.id);
    }
    const tooLarge = { status: 'pending', attempts: 1, lastError: textLike(/size exceed/) };
    await eventually(() => deliveries(shop)).toMatchObject(Array.from({ length: 15 }, () => tooLarge));
    await sell(shop);
    await eventually(() => deliveries(shop, '&status=delivered')).toHaveLength(1);
    expect(await nats.consume()).toHaveLength(1);
  });
});

describe.skipIf(NATS_SERVER === null)('the sink of NATS', () => {
  test('passes the trace of an attempt on to the consumer, where there is one', async () => {
    const nats = await startNats();
    const sink = createNatsSink(nats.url, { resolver: createResolver(), mayBePrivate: true });
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const message = { type: 'order.paid', orderId: null, body: '{}' } as const;
    for (const trace of [
      { id: 'traced', traceparent },
      { id: 'apart', traceparent: null },
    ]) {
      expect(await sink.send({ ...message, ...trace }, AbortSignal.timeout(3000))).toMatchObject({ outcome: 'delivered' });
    }
    expect(await nats.consume()).toMatchObject([
      { id: 'traced', traceparent },
      { id: 'apart', traceparent: null },
    ]);
    await sink.close();
  });

  test('does not hold an attempt longer than the relay waits, where the server hangs', async () => {
    const nats = await startNats();
    const sink = createNatsSink(nats.url, { resolver: createResolver(), mayBePrivate: true });
    const message = { id: NO_ID, type: 'order.paid', orderId: null, body: '{}', traceparent: null } as const;
    expect(await sink.send(message, AbortSignal.timeout(3000))).toMatchObject({ outcome: 'delivered' });
    await nats.freeze();
    const startedAt = performance.now();
    expect(await sink.send(message, AbortSignal.timeout(100))).toMatchObject({
      outcome: 'failed',
      error: 'no answer in time',
      isAway: true,
    });
    expect(await sink.send(message, AbortSignal.abort())).toMatchObject({ outcome: 'failed', error: 'no answer in time', isAway: true });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await sink.close();
  });
});

const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));

describe.skipIf(NATS_SERVER === null)('a NATS server by TLS', () => {
  const hosts = ['127.0.0.1', 'localhost', ...(HAS_IPV6 ? ['[::1]'] : [])];
  test.each(hosts)('has to be certified as %s, where the URL says so', async (host) => {
    const directory = mkdtempSync(join(tmpdir(), 'openrun-nats-tls-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const authority = makeAuthority(directory, 'authority');
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, readFileSync(authority.certFile, 'utf8')]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const message = { id: NO_ID, type: 'order.paid', orderId: null, body: '{}', traceparent: null } as const;
    for (const [certified, outcome] of [
      [host.replace(/[[\]]/g, ''), 'delivered'],
      ['elsewhere.example', 'failed'],
    ] as const) {
      const { certFile, keyFile } = makeCertificate(directory, outcome, authority, certified);
      const nats = await startNats({ lines: [`tls { cert_file: "${certFile}", key_file: "${keyFile}" }`] });
      const port = Number(new URL(nats.url).port);
      if (host === '[::1]') await forward(port);
      const sink = createNatsSink(`tls://${host}:${port}`, { resolver: createResolver(), mayBePrivate: true });
      expect(await sink.send(message, AbortSignal.timeout(10_000))).toMatchObject({ outcome });
      await sink.close();
    }
  });
});

/** Has the port be reached by IPv6 as well, until the test is over. */
async function forward(port: number): Promise<void> {
  const forwarder = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    from
      .on('error', () => to.destroy())
      .pipe(to)
      .on('error', () => from.destroy())
      .pipe(from);
  });
  forwarder.listen(port, '::1');
  await once(forwarder, 'listening');
  onTestFinished(() => void forwarder.close());
}

test('a destination of staff may not lead to NATS in a private network', async () => {
  const shop = await openShop({ retryMs: RETRY_MS });
  onTestFinished(() => shop.close());
  const destination = { name: 'inside', kind: 'nats', url: 'nats://localhost:4222', eventTypes: ['order.paid'] };
  expectStatus(await shop.staff.post('/destinations', destination), 201);
  await sell(shop);
  await eventually(() => walk(shop.staff, '/deliveries?destination=inside', 100)).toMatchObject([
    { status: 'pending', lastError: 'localhost is in a private network' },
  ]);
});
