/** Where webhooks of staff may go, judged by what a name resolves to at the moment of the connection. */
import { describe, expect, it } from 'vitest';
import type { Destination } from '../../src/delivery/destination.types.ts';
import { addressesOf, lookupWithin, PrivateAddressError } from '../../src/delivery/sinks/addresses.ts';
import type { Resolver } from '../../src/delivery/sinks/resolver.ts';
import { createWebhookSink } from '../../src/delivery/sinks/webhook.sink.ts';
import { openReceiver } from '../support/receiver.ts';

const PUBLIC = '93.184.215.14';

/** Answers with one list of addresses after the other, and with the last for ever. */
function resolverOf(...answers: readonly (readonly string[])[]): Resolver & { asked: number } {
  const resolver = {
    asked: 0,
    resolve: async () => {
      const addresses = answers[Math.min(resolver.asked, answers.length - 1)] ?? [];
      resolver.asked += 1;
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
  return resolver;
}

const looked = (resolver: Resolver, all: boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    lookupWithin({ resolver, mayBePrivate: false })('rebound.example', { all }, (error, address) =>
      error === null ? resolve(address) : reject(error),
    );
  });

describe('a name', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    'fd00:ec2::254',
    'fe80::1%eth0',
    'nonsense',
  ])('that resolves to %s leads nowhere', async (address) => {
    await expect(looked(resolverOf([address]), true)).rejects.toBeInstanceOf(PrivateAddressError);
    await expect(looked(resolverOf([address]), false)).rejects.toBeInstanceOf(PrivateAddressError);
  });

  it('of several addresses leads to the public ones alone', async () => {
    expect(await addressesOf('mixed.example', { resolver: resolverOf(['127.0.0.1', PUBLIC, '::1']), mayBePrivate: false })).toEqual([
      { address: PUBLIC, family: 4 },
    ]);
    expect(await looked(resolverOf(['127.0.0.1', PUBLIC]), false)).toBe(PUBLIC);
  });

  it('is judged anew at every connection (DNS rebinding)', async () => {
    const resolver = resolverOf([PUBLIC], ['169.254.169.254']);
    expect(await looked(resolver, false)).toBe(PUBLIC);
    await expect(looked(resolver, false)).rejects.toBeInstanceOf(PrivateAddressError);
    expect(resolver.asked).toBe(2);
  });
});

describe('a webhook', () => {
  const now = new Date();
  const message = { id: 'evt', type: 'order.paid', orderId: null, body: '{}', traceparent: null } as const;
  const to = (url: string): Destination & { url: string; secret: string } => ({
    name: 'x',
    kind: 'webhook',
    origin: 'staff',
    url,
    secret: `whsec_${'A'.repeat(32)}`,
    previousSecret: null,
    previousSecretUntil: null,
    eventTypes: ['order.paid'],
    enabled: true,
    disabledReason: null,
    createdAt: now,
    updatedAt: now,
  });

  it('connects to the very address that was judged: what a name becomes a moment later does not count', async () => {
    const receiver = await openReceiver();
    for (const [mayBePrivate, outcome, connections] of [
      [false, 'failed', 0],
      [true, 'delivered', 1],
    ] as const) {
      const resolver = resolverOf(['127.0.0.1'], [PUBLIC]);
      const sink = createWebhookSink(to(`http://rebound.example:${receiver.port}/hook`), { resolver, mayBePrivate }, () => 0);
      expect(await sink.send(message, AbortSignal.timeout(5000))).toMatchObject({ outcome });
      expect([resolver.asked, receiver.connections()]).toEqual([1, connections]);
      await sink.close();
    }
    expect(receiver.heard[0]?.headers.host).toBe(`rebound.example:${receiver.port}`);
  });
});
