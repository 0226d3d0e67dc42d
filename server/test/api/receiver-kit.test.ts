/** A shop and the receiver kit, end to end: what one signs the other takes, once, whatever happens on the way. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createReceiver, type OpenrunEvent, type Secrets, toNodeListener } from '@openrun/client/receiver';
import { expect, onTestFinished, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { coupon, expectStatus, issued, option, paid, placed, richCustomer, tag } from '../support/goods.ts';
import { walk } from '../support/walk.ts';

const ALL_TYPES = [
  'order.placed',
  'order.paid',
  'order.cancelled',
  'order.expired',
  'payment.refunded',
  'coupon.issued',
  'ranking.updated',
] as const;
/** Less than a signature may be off, for the time of the shop is moved past it. */
const TTL_SECONDS = 60;

const shop = useShop({ retryMs: [50, 50, 50, 50, 50], webhookAllowPrivate: true, orderTtlSeconds: TTL_SECONDS });

/** A receiver by the kit, whose answers a test may keep from arriving, and whose secrets it may change. */
interface Listening {
  readonly url: string;
  /** What `onEvent` was told. */
  readonly events: OpenrunEvent[];
  /** How many answers to come are lost: the event is taken, and the connection cut. */
  losses: number;
  use(secrets: Secrets): void;
}

async function listen(): Promise<Listening> {
  const events: OpenrunEvent[] = [];
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => {
    if (listening.losses > 0) {
      listening.losses -= 1;
      response.end = () => response.destroy();
    }
    listener(request, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  const listening: Listening = {
    url: `http://127.0.0.1:${address.port}/`,
    events,
    losses: 0,
    use: (secrets) => {
      listener = toNodeListener(createReceiver({ secrets, onEvent: (event) => void events.push(event) }));
    },
  };
  return listening;
}

/** A destination that leads to a new receiver; both are off after the test. */
async function connected(eventTypes: readonly string[]): Promise<{ name: string; secret: string; receiver: Listening }> {
  const receiver = await listen();
  const name = `kit-${tag()}`;
  const made = expectStatus(await shop().staff.post('/destinations', { name, kind: 'webhook', url: receiver.url, eventTypes }), 201);
  onTestFinished(async () => {
    await shop().staff.patch(`/destinations/${name}`, { enabled: false });
  });
  const secret = made.body.secret;
  receiver.use(secret);
  return { name, secret, receiver };
}

const deliveries = (name: string): Promise<Body[]> => walk(shop().staff, `/deliveries?destination=${name}`, 100);

async function expectDelivered(name: string, count: number): Promise<Body[]> {
  await eventually(async () => (await deliveries(name)).filter(({ status }) => status === 'delivered')).toHaveLength(count);
  return deliveries(name);
}

async function sell(customer?: Caller): Promise<string> {
  const buyer = customer ?? (await shop().customer());
  const orderId = await placed(buyer, await option(shop(), { price: 0, stock: 1 }));
  await paid(buyer, orderId);
  return orderId;
}

const answersOf = async (delivery: Body | undefined): Promise<unknown> =>
  expectStatus(await shop().staff.get(`/deliveries/${delivery?.id}`), 200).body['log'];

test('every type of event is verified and taken', async () => {
  const { name, receiver } = await connected(ALL_TYPES);
  const customer = await richCustomer(shop(), 10_000);
  const optionId = await option(shop(), { price: 1000, stock: 10 });
  const userCouponId = await issued(customer, await coupon(shop()));
  const refundedId = await placed(customer, optionId, 2, userCouponId);
  const paymentId = await paid(customer, refundedId);
  expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, { reason: 'broken', restock: true }), 201);
  expectStatus(await customer.post(`/orders/${await placed(customer, optionId)}/cancel`), 200);
  const expiredId = await placed(customer, optionId);
  shop().moveClock((TTL_SECONDS + 1) * 1000);
  onTestFinished(() => shop().moveClock(-(TTL_SECONDS + 1) * 1000));
  await eventually(async () => (await customer.get(`/orders/${expiredId}`)).body.status).toBe('expired');
  expectStatus(await shop().staff.post('/rankings/refresh'), 200);
  await expectDelivered(name, 9);
  expect(receiver.events.map(({ type }) => type).toSorted()).toEqual([...ALL_TYPES, 'order.placed', 'order.placed'].toSorted());
  const ofOrder = receiver.events.filter(({ subject }) => subject === refundedId);
  expect(ofOrder.map(({ type }) => type)).toEqual(['order.placed', 'order.paid', 'payment.refunded']);
});

test('an event whose answer was lost comes again, and is told once', async () => {
  const { name, receiver } = await connected(['order.paid']);
  receiver.losses = 2;
  const orderId = await sell();
  const [delivery] = await expectDelivered(name, 1);
  expect(await answersOf(delivery)).toMatchObject([
    { outcome: 'delivered', statusCode: 200, answer: 'duplicate' },
    { outcome: 'failed', statusCode: null },
    { outcome: 'failed', statusCode: null },
  ]);
  expect(receiver.events.map(({ subject }) => subject)).toEqual([orderId]);
});

test('a replay is told to nobody a second time', async () => {
  const { name, receiver } = await connected(['order.paid']);
  await sell();
  const [delivery] = await expectDelivered(name, 1);
  expectStatus(await shop().staff.post(`/deliveries/${delivery?.id}/replay`), 202);
  await eventually(() => answersOf(delivery)).toMatchObject([{ answer: 'duplicate' }, { answer: 'taken' }]);
  expect(receiver.events).toHaveLength(1);
});

test('a secret changes without an event being refused', async () => {
  const { name, secret, receiver } = await connected(['order.paid']);
  await sell();
  await expectDelivered(name, 1);
  const rotated = expectStatus(await shop().staff.post(`/destinations/${name}/secret`, {}), 200);
  const next = rotated.body.secret;
  expect(next).not.toBe(secret);
  for (const [index, secrets] of [secret, [next, secret], [secret, next], next].entries()) {
    receiver.use(secrets);
    await sell();
    await expectDelivered(name, index + 2);
  }
  expect((await deliveries(name)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
  expect(receiver.events).toHaveLength(5);
});

test('a secret that is not kept beside the new one ends at once', async () => {
  const { name, secret, receiver } = await connected(['order.paid']);
  const rotated = expectStatus(await shop().staff.post(`/destinations/${name}/secret`, { overlapSeconds: 0 }), 200);
  receiver.use(secret);
  await sell();
  await eventually(async () => (await deliveries(name))[0]?.lastError).toBe('HTTP 401');
  receiver.use(rotated.body.secret);
  const [delivery] = await deliveries(name);
  await eventually(async () => (await deliveries(name))[0]?.status).toMatch(/failed|delivered/);
  expectStatus(await shop().staff.post(`/deliveries/${delivery?.id}/replay`), 202);
  await expectDelivered(name, 1);
  expect(receiver.events).toHaveLength(1);
});
