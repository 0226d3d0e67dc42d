import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDestinationCopy } from '../../src/delivery/destination.copy.ts';
import type { Body } from '../support/caller.ts';
import { deliveriesTo, openBuyer, openSendingShop, sendTo, settled } from '../support/delivery.ts';
import { openCheckedShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, HOUR_MS, tag, tally } from '../support/goods.ts';
import { ANY_TIME } from '../support/matchers.ts';
import { openReceiver } from '../support/receiver.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import type { Shop } from '../support/shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openCheckedShop();
});
afterEach(() => shop.close());

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;
const secretOf = (bytes: number, fill = 'k'): string => `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const webhook = (more: object = {}) => ({
  name: `to-${tag()}`,
  kind: 'webhook',
  url: 'https://example.com/hook',
  eventTypes: ['order.paid'],
  ...more,
});
const make = async (more: object = {}): Promise<Body> => expectStatus(await shop.staff.post('/destinations', webhook(more)), 201).body;
const read = async (name: string, at: Shop = shop): Promise<Body> => expectStatus(await at.staff.get(`/destinations/${name}`), 200).body;
const patch = (name: string, body: object) => shop.staff.patch(`/destinations/${name}`, body);

describe('a new destination', () => {
  test('is a webhook with a secret of its own, which is in this answer and in no other', async () => {
    const { secret, ...made } = await make({ name: `shown-${tag()}`, eventTypes: ['order.paid', 'coupon.issued'] });
    expect(secret).toMatch(SECRET);
    expect(made).toEqual({
      name: made.name,
      kind: 'webhook',
      origin: 'staff',
      url: 'https://example.com/hook',
      eventTypes: ['order.paid', 'coupon.issued'],
      enabled: true,
      disabledReason: null,
      previousSecretUntil: null,
      createdAt: ANY_TIME,
      updatedAt: ANY_TIME,
    });
    expect(await read(made.name)).toEqual(made);
    const { body } = expectStatus(await shop.staff.get('/destinations'), 200);
    expect(body.items).toContainEqual(made);
    const patched = expectStatus(await patch(made.name, { eventTypes: ['order.placed'] }), 200);
    for (const answer of [body, patched.body]) expect(JSON.stringify(answer)).not.toContain('whsec_');
  });

  test('answers a repeat of its key with the same secret', async () => {
    const wanted = webhook();
    const first = expectStatus(await shop.staff.post('/destinations', wanted, { key: wanted.name }), 201);
    const second = expectStatus(await shop.staff.post('/destinations', wanted, { key: wanted.name }), 201);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(second.body.secret).toMatch(SECRET);
  });

  test('is never in the log with its secret', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
    const own = await openCheckedShop({ retryMs: [1] }, logger);
    const secret = secretOf(32);
    const { name } = expectStatus(await own.staff.post('/destinations', webhook({ secret })), 201).body;
    const rotated = expectStatus(await own.staff.post(`/destinations/${name}/secret`, {}), 200).body;
    await own.close();
    expect(lines.join('')).toContain('/destinations');
    for (const known of [secret, rotated.secret]) expect(lines.join('')).not.toContain(known.slice('whsec_'.length));
  });

  test('may bring its secret, of 24 to 64 bytes', async () => {
    for (const bytes of [24, 25, 26, 32, 63, 64]) expect((await make({ secret: secretOf(bytes) })).secret).toBe(secretOf(bytes));
    const wrong = [
      '',
      'secret',
      secretOf(23),
      secretOf(65),
      secretOf(32).slice('whsec_'.length),
      `${secretOf(24)}A`,
      `${secretOf(32)}=`,
      `whsec_${'-'.repeat(32)}`,
    ];
    for (const secret of wrong) await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ secret })], '/secret');
  });

  test('may be a NATS server, whose password is not shown, or the log', async () => {
    const nats = await make({ kind: 'nats', url: 'nats://user:pass%20word@nats.example.com:4222', eventTypes: ['order.cancelled'] });
    expect(nats).toMatchObject({ kind: 'nats', url: 'nats://user:***@nats.example.com:4222', secret: null });
    const token = await make({ kind: 'nats', url: 'tls://token@nats.example.com', eventTypes: ['order.cancelled'] });
    expect(await read(token.name)).toMatchObject({ url: 'tls://***@nats.example.com' });
    for (const { name } of [nats, token]) expectStatus(await patch(name, { enabled: false }), 200);
    expect(await make({ kind: 'log', url: undefined, eventTypes: ['order.cancelled'] })).toMatchObject({
      kind: 'log',
      url: null,
      secret: null,
    });
  });

  test('has a name of its own', async () => {
    const { name } = await make();
    await expectRefusal(shop.staff, ['POST', '/destinations', webhook({ name })], '409 DESTINATION_EXISTS');
    for (const reserved of ['log', 'webhook', 'nats']) {
      await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ name: reserved })], '/name');
    }
    for (const wrong of ['', 'A', '-a', 'a b', 'a/b', 'ä', 'a'.repeat(41)]) {
      await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ name: wrong })], '/name');
    }
    const names = await Promise.all(Array.from({ length: 4 }, () => shop.staff.post('/destinations', webhook({ name: 'raced' }))));
    expect(tally(names)).toEqual({ '201': 1, '409 DESTINATION_EXISTS': 3 });
    expectStatus(await patch('raced', { enabled: false }), 200);
  });

  test('has types that there are, each once', async () => {
    for (const eventTypes of [[], 'order.paid', ['order.paid', 'order.paid']]) {
      await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ eventTypes })], '/eventTypes');
    }
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ eventTypes: ['order'] })], '/eventTypes/0');
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ kind: 'kafka' })], '/kind');
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ enabled: true })], '/enabled');
  });

  test('is one of twenty at most', async () => {
    const own = await openSendingShop();
    const log = { kind: 'log', eventTypes: ['order.placed'] };
    for (let made = 1; made < 20; made += 1) expectStatus(await own.staff.post('/destinations', { name: `n-${made}`, ...log }), 201);
    await expectRefusal(own.staff, ['POST', '/destinations', { name: 'n-20', ...log }], '409 TOO_MANY_DESTINATIONS', { limit: 20 });
    expect((await own.staff.get('/destinations')).body.items).toHaveLength(20);
    expectStatus(await own.staff.patch('/destinations/n-1', { enabled: false }), 200);
    expectStatus(await own.staff.post('/destinations', { name: 'n-20', ...log }), 201);
    await expectRefusal(own.staff, ['PATCH', '/destinations/n-1', { enabled: true }], '409 TOO_MANY_DESTINATIONS', { limit: 20 });
  });

  test('is of staff, and of nobody else', async () => {
    const { name } = await make();
    const requests = [
      ['GET', '/destinations'],
      ['GET', `/destinations/${name}`],
      ['POST', '/destinations', { nonsense: 1 }],
      ['PATCH', `/destinations/${name}`, { nonsense: 1 }],
      ['POST', `/destinations/${name}/secret`, { nonsense: 1 }],
    ] as const;
    for (const request of requests) {
      await expectRefusal(shop.anyone, request, '401 UNAUTHENTICATED');
      await expectRefusal(await shop.customer(), request, '403 FORBIDDEN');
    }
  });
});

/** URLs of hosts that only the operator may allow, in every spelling that a client would follow. */
const PRIVATE = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://１２７.0.0.1/',
  'http://127.0.0.1./',
  'http://0.0.0.0/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
];

describe('a URL', () => {
  test('in a private network is refused, however it is spelt', async () => {
    const taken: string[] = [];
    for (const url of PRIVATE) if ((await shop.staff.post('/destinations', webhook({ url }))).status !== 400) taken.push(url);
    expect(taken).toEqual([]);
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ url: PRIVATE[0] })], '/url');
  });

  test('in a private network is refused to NATS and in a change, too', async () => {
    for (const url of ['nats://127.0.0.1:4222', 'nats://[::1]:4222', 'tls://10.0.0.1']) {
      await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ kind: 'nats', url })], '/url');
    }
    const { name } = await make();
    await expectInvalid(shop.staff, ['PATCH', `/destinations/${name}`, { url: 'http://127.0.0.1/' }], '/url');
  });

  test('is one that the kind knows, without a password', async () => {
    const wrong = [
      '',
      'example.com',
      'ftp://example.com/',
      'nats://example.com',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://',
      'http://user:pass@example.com/',
      'http://user@example.com/',
      `https://example.com/${'x'.repeat(2000)}`,
    ];
    for (const url of wrong) await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ url })], '/url');
    const { name } = await make();
    for (const url of wrong) await expectInvalid(shop.staff, ['PATCH', `/destinations/${name}`, { url }], '/url');
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ url: undefined })], '/url');
    for (const url of ['https://example.com', 'nats://%zz@nats.example.com', 'nats://a.example.com,b.example.com:4222']) {
      await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ kind: 'nats', url })], '/url');
    }
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ url: 'https://example.com/\0' })], '/url');
    await expectInvalid(shop.staff, ['POST', '/destinations', webhook({ kind: 'log' })], '/url');
    await expectInvalid(
      shop.staff,
      ['POST', '/destinations', webhook({ kind: 'nats', url: 'nats://example.com', secret: secretOf(32) })],
      '/secret',
    );
  });
});

describe('a change', () => {
  test('of the URL, of the types, off and on', async () => {
    const { secret: _secret, ...made } = await make();
    const url = 'https://example.org/other';
    const moved = expectStatus(await patch(made.name, { url }), 200).body;
    expect(moved).toEqual({ ...made, url, updatedAt: ANY_TIME });
    const typed = expectStatus(await patch(made.name, { eventTypes: ['order.placed', 'order.paid'] }), 200).body;
    expect(typed).toEqual({ ...moved, eventTypes: ['order.placed', 'order.paid'], updatedAt: ANY_TIME });
    const off = expectStatus(await patch(made.name, { enabled: false }), 200).body;
    expect(off).toEqual({ ...typed, enabled: false, disabledReason: 'staff', updatedAt: ANY_TIME });
    const on = expectStatus(await patch(made.name, { enabled: true }), 200).body;
    expect(on).toEqual({ ...typed, updatedAt: ANY_TIME });
    expect(await read(made.name)).toEqual(on);
    for (const body of [{}, { name: 'x' }, { kind: 'log' }, { secret: secretOf(32) }, { enabled: null }]) {
      expect((await patch(made.name, body)).status).toBe(400);
    }
    await expectRefusal(shop.staff, ['PATCH', '/destinations/nobody', { enabled: true }], '404 DESTINATION_NOT_FOUND');
    await expectRefusal(shop.staff, ['PATCH', '/destinations/nobody', { url }], '404 DESTINATION_NOT_FOUND');
    await expectRefusal(shop.staff, ['GET', '/destinations/nobody'], '404 DESTINATION_NOT_FOUND');
  });

  test('of what the settings decide is refused; whether it is on, and for what, is not', async () => {
    const request = ['PATCH', '/destinations/log', { url: 'https://example.com' }] as const;
    await expectRefusal(shop.staff, request, '409 DESTINATION_FROM_SETTINGS');
    await expectRefusal(shop.staff, ['POST', '/destinations/log/secret', {}], '409 DESTINATION_FROM_SETTINGS');
    expect(expectStatus(await patch('log', { enabled: false, eventTypes: ['order.placed'] }), 200).body).toMatchObject({ enabled: false });
    expect(expectStatus(await patch('log', { enabled: true, eventTypes: ['order.paid'] }), 200).body).toMatchObject({ enabled: true });
  });

  test('of the secret shows the new one once, and says until when the one before signs, too', async () => {
    const made = await make();
    const path = `/destinations/${made.name}/secret`;
    const own = secretOf(32, 'own');
    const rotated = expectStatus(await shop.staff.post(path, { secret: own, overlapSeconds: 3600 }), 200).body;
    expect(rotated.secret).toBe(own);
    const until = Date.parse(String(rotated['previousSecretUntil']));
    expect(until - Date.parse(rotated.updatedAt)).toBe(HOUR_MS);
    const again = expectStatus(await shop.staff.post(path, {}, { key: made.name }), 200).body;
    expect(again.secret).toMatch(SECRET);
    expect(expectStatus(await shop.staff.post(path, {}, { key: made.name }), 200).body).toEqual(again);
    expect(JSON.stringify(await read(made.name))).not.toContain('whsec_');
    expect(expectStatus(await shop.staff.post(path, { overlapSeconds: 0 }), 200).body).toMatchObject({ previousSecretUntil: null });
    for (const overlapSeconds of [-1, 604_801, 1.5]) await expectInvalid(shop.staff, ['POST', path, { overlapSeconds }], '/overlapSeconds');
    await expectRefusal(shop.staff, ['POST', '/destinations/nobody/secret', {}], '404 DESTINATION_NOT_FOUND');
    const { name } = await make({ kind: 'log', url: undefined });
    await expectRefusal(shop.staff, ['POST', `/destinations/${name}/secret`, {}], '409 DESTINATION_WITHOUT_SECRET');
  });

  test('that cannot be followed keeps no other destination from its events, and no server from its start', async () => {
    const own = await openSendingShop();
    const receiver = await openReceiver();
    const first = await sendTo(own, receiver, ['order.paid'], { name: `a-${tag()}` });
    const spoil = "UPDATE destination SET url = 'nonsense', updated_at = updated_at + interval '1 second' WHERE name = $1";
    await own.database.writers.query(spoil, [first.name]);
    const last = await sendTo(own, receiver, ['order.placed'], { name: `z-${tag()}` });
    await (await openBuyer(own)).place();
    await settled(own, last);
    expect(receiver.heard).toHaveLength(1);
    await own.app.close();
    const next = await own.second();
    await (await openBuyer(next)).place();
    await settled(next, last);
    expect(receiver.heard).toHaveLength(2);
  });

  test('is told again to whoever could not follow it', async () => {
    const copy = createDestinationCopy(shop.database);
    let told = 0;
    copy.onChange(() => {
      told += 1;
      if (told === 1) throw new Error('not now');
    });
    await expect(copy.reload()).rejects.toThrow('not now');
    await copy.reload();
    await copy.reload();
    expect(told).toBe(2);
  });

  test('is followed by other servers on the database', async () => {
    const first = await openSendingShop();
    const second = await first.second();
    const [a, b] = [await openReceiver(), await openReceiver()];
    const destination = await sendTo(first, a, ['order.paid']);
    const { buy } = await openBuyer(second);
    await eventually(async () => {
      await buy();
      return a.heard.length;
    }).toBeGreaterThan(0);
    // What the one has not heard of yet, the other checks all the same.
    const { name } = await sendTo(second, a, ['order.placed']);
    await expectInvalid(first.staff, ['PATCH', `/destinations/${name}`, { url: 'nonsense' }], '/url');
    expectStatus(await second.staff.patch(`/destinations/${destination.name}`, { url: b.url }), 200);
    await eventually(async () => {
      await buy();
      return b.heard.length;
    }).toBeGreaterThan(0);
    expectStatus(await first.staff.patch(`/destinations/${destination.name}`, { enabled: false }), 200);
    await eventually(async () => {
      const before = (await deliveriesTo(first, destination)).length;
      await buy();
      return (await deliveriesTo(first, destination)).length - before;
    }).toBe(0);
  });
});

describe('the settings', () => {
  const webhookTo = (url: string, secret: string) => ({ sink: { kind: 'webhook', url, secret } as const });

  test('make their destination, and turn the one off that they made before', async () => {
    const first = await openSendingShop();
    expect((await first.staff.get('/destinations')).body.items).toMatchObject([
      { name: 'log', kind: 'log', origin: 'environment', enabled: true, eventTypes: ['order.paid'] },
    ]);
    const receiver = await openReceiver();
    const second = await first.second(webhookTo(receiver.url, secretOf(32)));
    expect(await read('log', second)).toMatchObject({ enabled: false, disabledReason: 'settings' });
    expect(await read('webhook', second)).toMatchObject({
      origin: 'environment',
      url: receiver.url,
      enabled: true,
      previousSecretUntil: null,
    });
    await (await openBuyer(second)).buy();
    await eventually(receiver.events).toHaveLength(1);
    expect(await deliveriesTo(second, { name: 'log' })).toEqual([]);
    const third = await first.second();
    expect(await read('log', third)).toMatchObject({ enabled: true, disabledReason: null });
    expect(await read('webhook', third)).toMatchObject({ enabled: false, disabledReason: 'settings' });
  });

  test('rotate a secret by naming another one, and keep what staff chose', async () => {
    const receiver = await openReceiver();
    const [old, next] = [secretOf(32, 'old'), secretOf(32, 'new')];
    const first = await openSendingShop(webhookTo(receiver.url, old));
    expectStatus(await first.staff.patch('/destinations/webhook', { eventTypes: ['order.placed'] }), 200);
    const same = await first.second();
    expect(await read('webhook', same)).toMatchObject({ previousSecretUntil: null, eventTypes: ['order.placed'] });
    const second = await first.second(webhookTo(receiver.url, next));
    expect(await read('webhook', second)).toMatchObject({ previousSecretUntil: ANY_TIME, eventTypes: ['order.placed'], enabled: true });
    await (await openBuyer(second)).place();
    await eventually(receiver.events).toHaveLength(1);
    expect(String(receiver.heard[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expectStatus(await second.staff.patch('/destinations/webhook', { enabled: false }), 200);
    expect(await read('webhook', await first.second(webhookTo(receiver.url, next)))).toMatchObject({
      enabled: false,
      disabledReason: 'staff',
    });
  });

  test('turn a destination on again that is gone, once they name another URL', async () => {
    const receiver = await openReceiver();
    receiver.answers(() => 410);
    const first = await openSendingShop(webhookTo(receiver.url, secretOf(32)));
    await (await openBuyer(first)).buy();
    await eventually(() => read('webhook', first)).toMatchObject({ enabled: false, disabledReason: 'gone' });
    expect(await read('webhook', await first.second())).toMatchObject({ enabled: false, disabledReason: 'gone' });
    receiver.answers(() => 204);
    const moved = await first.second(webhookTo(`${receiver.url}/new`, secretOf(32)));
    expect(await read('webhook', moved)).toMatchObject({ enabled: true, disabledReason: null });
    await settled(moved, { name: 'webhook' });
    expect(await deliveriesTo(moved, { name: 'webhook' }, '&status=delivered')).toHaveLength(1);
  });
});
