/** Bytes that are no request, or two at once, and clients that never come to an end. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { ATTACKS, type Attacked } from './attacks.ts';
import { openTarget, startGoodClients, type Target } from './target.ts';

const AT_ONCE = 16;

prove(
  'broken bytes',
  {
    promise: 'Bytes that are no request, or two at once, get one refusal and no effect; good clients are served meanwhile',
    how: `${ATTACKS.length} kinds of attack on raw sockets: smuggling, garbage, halves, floods`,
    unit: 'connections',
    short: 500,
    long: 5000,
  },
  async ({ tries, seed }) => {
    const target = await openTarget();
    const victim = await target.customer('victim');
    const attacked = attackedOf(target, victim.token ?? '', seed);
    const good = await startGoodClients(target);
    const fired = new Map<string, number>();
    let next = 0;
    const attack = async (): Promise<void> => {
      while (next < tries) {
        const chosen = ATTACKS[next % ATTACKS.length];
        next += 1;
        if (chosen === undefined) throw new Error('there are no attacks');
        await chosen.run(attacked).catch((error: unknown) => {
          throw new Error(chosen.name, { cause: error });
        });
        fired.set(chosen.name, (fired.get(chosen.name) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attack));
    expect(
      ATTACKS.filter(({ name }) => !fired.has(name)),
      'attacks that were not tried',
    ).toEqual([]);
    expect((await victim.get('/balance')).body.amount, 'no hidden request was taken for one').toBe(0);
    const note = await good.stop();
    await target.close();
    return { tries, note: `each kind at least ${Math.min(...fired.values())} times; ${note}` };
  },
);

function attackedOf({ baseUrl, arm }: Target, victim: string, seed: number): Attacked {
  // Draws from one stream, so that a run has the same attacks again.
  const draws = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { numRuns: 5000, seed });
  let drawn = 0;
  const random = (): number => {
    drawn += 1;
    return draws[drawn % draws.length] ?? 0;
  };
  return { baseUrl, port: arm.port, victim, random };
}

const SLOW_WITHIN_MS = 100_000;
const DROP_MS = 1000;
const FEW = 500;

prove(
  'slow clients',
  {
    promise: 'Whoever sends a request a byte at a time is cut off, and keeps nobody else waiting',
    how: 'sockets that send a byte of a header a second; in the long form until the server has ended each, in the short one for four seconds',
    unit: 'sockets',
    short: FEW,
    long: 2000,
  },
  async ({ tries }) => {
    const target = await openTarget();
    const good = await startGoodClients(target);
    const seen = { ended: 0, answered408: 0 };
    const sockets: Socket[] = [];
    while (sockets.length < tries) {
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => slowSocket(target.arm.port, seen)))));
    }
    for (const socket of sockets) socket.write('GET /products HTTP/1.1\r\nHost: shop.example\r\nX: ');
    const isLong = tries > FEW;
    const until = performance.now() + (isLong ? SLOW_WITHIN_MS : 4 * DROP_MS);
    while (performance.now() < until && sockets.some((socket) => !socket.destroyed)) {
      for (const socket of sockets) if (!socket.destroyed) socket.write('x');
      expect((await target.anyone.get('/healthz')).status).toBe(200);
      await delay(DROP_MS);
    }
    if (isLong) expect(seen).toEqual({ ended: tries, answered408: tries });
    for (const socket of sockets) socket.destroy();
    const note = await good.stop();
    await target.close();
    return { tries: sockets.length, note: isLong ? `each ended with a 408; ${note}` : note };
  },
);

/** A connection that counts how it ends. */
async function slowSocket(port: number, seen: { ended: number; answered408: number }): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    if (chunk.toString('latin1').startsWith('HTTP/1.1 408')) seen.answered408 += 1;
  });
  socket.on('close', () => {
    seen.ended += 1;
  });
  await once(socket, 'connect');
  return socket;
}
