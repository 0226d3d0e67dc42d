import { describe, expect, test } from 'vitest';
import type { Body } from '../support/caller.ts';
import { deliveriesTo, deliveryOf, onlyDelivery, openBuyer, openSendingShop, PATIENT, sendTo, settled } from '../support/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, HOUR_MS } from '../support/goods.ts';
import { ANY_TEXT, ANY_TIME, textLike } from '../support/matchers.ts';
import { cutOff, hang, openReceiver, type Reply, reset, withHeaders } from '../support/receiver.ts';

/** Pays an order for each reply of a receiver; gives the deliveries as their first attempts left them. */
async function answers(replies: readonly Reply[], retryMs: readonly number[] = []) {
  const shop = await openSendingShop({ retryMs });
  const receiver = await openReceiver();
  const destination = await sendTo(shop, receiver, ['order.paid']);
  const { buy } = await openBuyer(shop);
  const deliveries: Body[] = [];
  for (const reply of replies) {
    receiver.answers(() => reply);
    await buy();
    const newest = async (): Promise<Body> => deliveryOf(shop, (await deliveriesTo(shop, destination))[0]?.id ?? '');
    await eventually(async () => (await newest()).log).toHaveLength(1);
    deliveries.push(await newest());
  }
  return { shop, receiver, deliveries };
}

const logOf = (delivery: Body | undefined): Body | undefined => delivery?.log[0];

describe('an answer', () => {
  test('of any 2xx is a success', async () => {
    const statuses = [200, 201, 202, 204, 226, 299];
    const { deliveries } = await answers(statuses);
    for (const [index, delivery] of deliveries.entries()) {
      expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, lastError: null, nextAttemptAt: null });
      expect(delivery.log).toEqual([
        {
          number: 1,
          startedAt: ANY_TIME,
          durationMs: delivery.log[0]?.['durationMs'],
          outcome: 'delivered',
          statusCode: statuses[index],
          answer: '',
        },
      ]);
    }
  });

  test('of any 4xx and 5xx is a failure, and what it says is kept', async () => {
    const statuses = [400, 401, 404, 409, 429, 500, 503];
    const { deliveries } = await answers(statuses.map((status) => withHeaders(status, {}, `왜냐하면 ${status}`)));
    for (const [index, delivery] of deliveries.entries()) {
      const status = statuses[index];
      expect(delivery).toMatchObject({ status: 'failed', attempts: 1, lastError: `HTTP ${status}`, nextAttemptAt: null });
      expect(logOf(delivery)).toMatchObject({ outcome: 'failed', statusCode: status, answer: `왜냐하면 ${status}` });
    }
  });

  test('that never comes, for all that is said before it, is given up', async () => {
    const chatter: Reply = (answer) => {
      const timer = setInterval(() => answer.writeEarlyHints({ link: '</style.css>; rel=preload' }), 1);
      answer.on('close', () => clearInterval(timer));
    };
    const { deliveries } = await answers([chatter]);
    expect(deliveries[0]).toMatchObject({ status: 'failed', lastError: textLike(/more than 10 answers that are none/) });
  });

  test('of any 3xx leads nowhere', async () => {
    const statuses = [301, 302, 303, 307, 308];
    const elsewhere = await openReceiver();
    const { deliveries, receiver } = await answers(statuses.map((status) => withHeaders(status, { location: elsewhere.url })));
    for (const [index, delivery] of deliveries.entries()) {
      expect(delivery).toMatchObject({ status: 'failed', lastError: `HTTP ${statuses[index]}: redirects are not followed` });
      expect(logOf(delivery)).toMatchObject({ outcome: 'failed', statusCode: statuses[index] });
    }
    expect(receiver.heard).toHaveLength(statuses.length);
    expect(elsewhere.heard).toEqual([]);
  });

  test('is kept up to five hundred characters that PostgreSQL can store', async () => {
    const { deliveries } = await answers([withHeaders(400, {}, `\0가${'나'.repeat(5000)}`)]);
    expect(logOf(deliveries[0])?.answer).toBe(`\ufffd가${'나'.repeat(498)}`);
  });

  test('that never ends, or breaks off, counts by its status, and is read no further than its beginning', async () => {
    const endless =
      (status: number): Reply =>
      (answer) => {
        answer.writeHead(status);
        const more = (): boolean => !answer.destroyed && answer.write('x'.repeat(10_000));
        answer.on('drain', more);
        more();
      };
    const stalling: Reply = (answer) => void answer.writeHead(202).write('wait for it');
    const { deliveries } = await answers([endless(200), endless(500), cutOff(200), cutOff(500), stalling]);
    expect(deliveries.map(({ status, log }) => [status, log[0]?.['statusCode'], log[0]?.answer])).toEqual([
      ['delivered', 200, 'x'.repeat(500)],
      ['failed', 500, 'x'.repeat(500)],
      ['delivered', 200, 'only the beginning'],
      ['failed', 500, 'only the beginning'],
      ['delivered', 202, 'wait for it'],
    ]);
  });

  test('that is a reset is a failure that says so', async () => {
    const [delivery] = (await answers([reset])).deliveries;
    expect(delivery).toMatchObject({ status: 'failed', lastError: ANY_TEXT });
    expect(logOf(delivery)).toMatchObject({ outcome: 'failed', statusCode: null, answer: delivery?.lastError });
  });

  test('that does not come is waited for only so long', async () => {
    const shop = await openSendingShop({ retryMs: [HOUR_MS] });
    const receiver = await openReceiver();
    receiver.answers(() => hang);
    const destination = await sendTo(shop, receiver, ['order.paid']);
    await (await openBuyer(shop)).buy();
    const log = async (): Promise<readonly Body[]> => (await onlyDelivery(shop, destination)).log;
    await expect.poll(log, { timeout: 30_000, interval: 500 }).toHaveLength(1);
    expect(await onlyDelivery(shop, destination)).toMatchObject({ status: 'pending', lastError: 'no answer in time' });
    expect(receiver.heard).toHaveLength(1);
  });

  test('is none where nobody listens, which the log says', async () => {
    const shop = await openSendingShop({ retryMs: [] });
    const closed = await openReceiver();
    await closed.close();
    for (const host of ['127.0.0.1', 'localhost']) {
      const destination = await sendTo(shop, { url: `http://${host}:${closed.port}/` }, ['order.paid']);
      await (await openBuyer(shop)).buy();
      const [delivery] = await settled(shop, destination);
      expect(delivery).toMatchObject({ status: 'failed', attempts: 1 });
      expect(delivery?.lastError).toContain('ECONNREFUSED');
      expectStatus(await shop.staff.patch(`/destinations/${destination.name}`, { enabled: false }), 200);
    }
  });
});

describe('Retry-After', () => {
  const delayOf = (delivery: Body | undefined): number =>
    Date.parse(delivery?.nextAttemptAt ?? '') - Date.parse(logOf(delivery)?.startedAt ?? '');
  const asking = (status: number, after: string): Reply => withHeaders(status, { 'retry-after': after });

  test('is respected: not earlier, and then soon', async () => {
    const { shop, receiver, deliveries } = await answers([asking(429, '600'), asking(503, '600')], [1]);
    for (const delivery of deliveries) expect(delayOf(delivery)).toBeGreaterThanOrEqual(600_000);
    receiver.answers(() => 204);
    expect(receiver.heard).toHaveLength(2);
    shop.moveClock(660_000);
    await eventually(receiver.events).toHaveLength(4);
  });

  test('may be a date, and of a day is an hour', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    const { deliveries } = await answers([asking(503, date), asking(503, '86400')], [1]);
    expect(Math.round(delayOf(deliveries[0]) / 60_000)).toBe(10);
    expect(Math.round(delayOf(deliveries[1]) / 60_000)).toBe(60);
  });

  test('is nothing where it is nonsense', async () => {
    const shop = await openSendingShop({ retryMs: [1] });
    const receiver = await openReceiver();
    const nonsense = ['soon', '-5', '1e9', '9'.repeat(400)];
    receiver.answers(() => asking(400, nonsense[receiver.heard.length % nonsense.length] ?? ''));
    const destination = await sendTo(shop, receiver, ['order.paid']);
    const { buy } = await openBuyer(shop);
    for (let made = 0; made < nonsense.length; made += 1) await buy();
    expect((await settled(shop, destination)).map(({ attempts }) => attempts)).toEqual(nonsense.map(() => 2));
  });
});

describe('410 Gone', () => {
  test('turns the destination off, and the delivery waits until it is on again', async () => {
    const shop = await openSendingShop();
    const receiver = await openReceiver();
    receiver.answers(() => 410);
    const destination = await sendTo(shop, receiver, ['order.paid']);
    const path = `/destinations/${destination.name}`;
    const { buy } = await openBuyer(shop);
    await buy();
    await eventually(async () => (await shop.staff.get(path)).body).toMatchObject({ enabled: false, disabledReason: 'gone' });
    const asked = receiver.heard.length;
    await buy();
    await eventually(async () => (await onlyDelivery(shop, destination)).lastError).toBe('HTTP 410');
    expect(await onlyDelivery(shop, destination)).toMatchObject({ status: 'pending', lastError: 'HTTP 410' });
    receiver.answers(() => 204);
    shop.moveClock(60_000);
    await eventually(async () => (await deliveriesTo(shop, { name: 'log' })).map(({ status }) => status)).toEqual([
      'delivered',
      'delivered',
    ]);
    expect(receiver.heard).toHaveLength(asked);
    const waiting = async (): Promise<Body | undefined> =>
      expectStatus(await shop.staff.get('/dashboard'), 200).body.deliveries.find((one) => one['destination'] === destination.name);
    // Somebody has to decide about it. Whoever has it stay off is not asked again.
    await eventually(async () => (await waiting())?.['lagSeconds']).toBeGreaterThanOrEqual(60);
    expectStatus(await shop.staff.patch(path, { enabled: false }), 200);
    await eventually(waiting).toMatchObject({ pending: 1, lagSeconds: 0 });
    expect((await onlyDelivery(shop, destination)).status).toBe('pending');
    expectStatus(await shop.staff.patch(path, { enabled: true }), 200);
    await eventually(async () => (await onlyDelivery(shop, destination)).status).toBe('delivered');
    expect(new Set(receiver.heard.map(({ event }) => event.id)).size).toBe(1);
  });

  test('of the URL before does not turn off what has a new one by now', async () => {
    const shop = await openSendingShop();
    const [old, next] = [await openReceiver(), await openReceiver()];
    const late = Promise.withResolvers<Reply>();
    old.answers(() => late.promise);
    const destination = await sendTo(shop, old, ['order.paid']);
    const path = `/destinations/${destination.name}`;
    const { buy } = await openBuyer(shop);
    await buy();
    await eventually(old.events).toHaveLength(1);
    expectStatus(await shop.staff.patch(path, { url: next.url }), 200);
    late.resolve(410);
    await eventually(next.events).toHaveLength(1);
    expect((await shop.staff.get(path)).body).toMatchObject({ enabled: true, disabledReason: null, url: next.url });
  });

  test('that comes too late writes nothing', async () => {
    const shop = await openSendingShop();
    const { destinations } = shop.app.services;
    const { name } = await sendTo(shop, await openReceiver(), ['order.paid']);
    const committed = async (): Promise<number> => (await shop.database.readers.query('SELECT FROM idempotency_key')).rowCount ?? -1;
    const destination = destinations.current().find((each) => each.name === name);
    if (destination === undefined) throw new Error('the destination is known where it was made');
    expectStatus(await shop.staff.patch(`/destinations/${name}`, { url: 'https://example.com/next' }), 200);
    const before = await committed();
    await destinations.gone(destination);
    expect(await committed()).toBe(before);
  });
});

describe('a private address', () => {
  test('is not reached by a name that leads there, which the log says', async () => {
    const shop = await openSendingShop({ webhookAllowPrivate: false, retryMs: [] });
    const receiver = await openReceiver();
    const destination = await sendTo(shop, { url: `http://localhost:${receiver.port}/hook` }, ['order.paid']);
    await (await openBuyer(shop)).buy();
    await settled(shop, destination);
    expect(await onlyDelivery(shop, destination)).toMatchObject({
      status: 'failed',
      lastError: 'localhost is in a private network',
      log: [{ outcome: 'failed', statusCode: null, answer: 'localhost is in a private network' }],
    });
    expect(receiver.heard).toEqual([]);
  });

  test('is not reached over NATS either, by whatever name', async () => {
    const shop = await openSendingShop({ webhookAllowPrivate: false, retryMs: [] });
    const receiver = await openReceiver();
    const { buy } = await openBuyer(shop);
    for (const host of ['localhost', '0x7f.1']) {
      const destination = await sendTo(shop, { url: `nats://${host}:${receiver.port}` }, ['order.paid'], { kind: 'nats' });
      await buy();
      await settled(shop, destination);
      expect(await onlyDelivery(shop, destination)).toMatchObject({ status: 'failed', lastError: `${host} is in a private network` });
      expectStatus(await shop.staff.patch(`/destinations/${destination.name}`, { enabled: false }), 200);
    }
    expect(receiver.connections()).toBe(0);
  });

  test('that was allowed once is not reached by a server that does not allow it', async () => {
    const shop = await openSendingShop({ retryMs: [] });
    const receiver = await openReceiver();
    const destination = await sendTo(shop, receiver, ['order.paid']);
    const strict = await shop.second({ webhookAllowPrivate: false });
    await shop.app.close();
    await (await openBuyer(strict)).buy();
    await settled(strict, destination);
    expect(await onlyDelivery(strict, destination)).toMatchObject({ status: 'failed', lastError: '127.0.0.1 is in a private network' });
    expect(receiver.heard).toEqual([]);
  });

  test('may be that of the destination of the settings', async () => {
    const receiver = await openReceiver();
    const sink = { kind: 'webhook', url: receiver.url, secret: `whsec_${'A'.repeat(32)}` } as const;
    const shop = await openSendingShop({ webhookAllowPrivate: false, sink });
    await (await openBuyer(shop)).buy();
    await eventually(receiver.events).toHaveLength(1);
    expect(await onlyDelivery(shop, { name: 'webhook' })).toMatchObject({ attempts: 1, lastError: null });
  });
});

describe('a server that stops', () => {
  test('breaks off what hangs, which is no verdict: another delivers it, though that was the last attempt', async () => {
    const shop = await openSendingShop({ retryMs: [] });
    const receiver = await openReceiver();
    receiver.answers(() => hang);
    const destination = await sendTo(shop, receiver, ['order.paid']);
    const second = await shop.second();
    await (await openBuyer(shop)).buy();
    await eventually(receiver.events).toHaveLength(1);
    receiver.answers(() => 204);
    await Promise.all([shop.app.close(), second.app.close()]);
    expect(receiver.heard).toHaveLength(1);
    const third = await shop.second();
    await settled(third, destination);
    expect(await onlyDelivery(third, destination)).toMatchObject({ status: 'delivered', attempts: 2, lastError: null });
    expect((await onlyDelivery(third, destination)).log[1]?.answer).toContain('broken off');
    expect(receiver.heard).toHaveLength(2);
  });
});

describe('a dead receiver', () => {
  test('hears little while much waits for it, and all of it once it is back', async () => {
    const pause = 400;
    const shop = await openSendingShop({ retryMs: Array.from({ length: 49 }, () => pause) });
    const receiver = await openReceiver();
    receiver.answers(() => 503);
    const destination = await sendTo(shop, receiver, ['order.placed']);
    const { place } = await openBuyer(shop);
    for (let made = 0; made < 12; made += 1) await place();
    await eventually(async () => receiver.heard.length).toBeGreaterThanOrEqual(12);
    const waiting = await Promise.all(Array.from({ length: 40 }, place));
    const before = receiver.heard.length;
    await eventually(async () => receiver.heard.length).toBeGreaterThanOrEqual(before + 3);
    const untried = (await deliveriesTo(shop, destination)).filter(({ attempts }) => attempts === 0);
    expect(untried.length).toBeGreaterThan(waiting.length / 2);
    receiver.answers(() => 204);
    const deliveries = await settled(shop, destination);
    expect(deliveries.map(({ status }) => status)).toEqual(deliveries.map(() => 'delivered'));
    expect(new Set((await receiver.events()).map(({ id }) => id)).size).toBe(52);
  });

  test('is down for hours: every event arrives once it is up, none has run out of attempts', async () => {
    const shop = await openSendingShop({ retryMs: PATIENT });
    const receiver = await openReceiver();
    const { port } = receiver;
    const destination = await sendTo(shop, receiver, ['order.placed']);
    await receiver.close();
    const { place } = await openBuyer(shop);
    const orders = await Promise.all(Array.from({ length: 70 }, place));
    await eventually(async () => (await deliveriesTo(shop, destination)).filter(({ attempts }) => attempts > 0).length).toBeGreaterThan(9);
    const back = await openReceiver(port);
    await settled(shop, destination);
    expect(new Set((await back.events()).map(({ subject }) => subject))).toEqual(new Set(orders));
  });
});
