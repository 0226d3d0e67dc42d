/** More requests at once than the server takes, on real sockets. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { commitErrors } from '../../src/commit/commit.errors.ts';
import { authErrors } from '../../src/http/auth.errors.ts';
import { createAuthenticator } from '../../src/http/auth.ts';
import { httpErrors } from '../../src/http/http.errors.ts';
import { mergeCatalogues } from '../../src/http/problem.ts';
import { type App, createHttp } from '../../src/http/server.ts';
import { exchange } from '../support/socket.ts';

const UNDER_WAY_MAX = 2048;
const WAITING_MAX = 16_384;
const PATIENT_MS = 20_000;
/** As many as one connection may have under way. */
const DEPTH = 64;
const GET_SLOW = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n';
const ENDINGS: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ENDINGS.splice(0).toReversed()) await end();
});

/** A server whose `/slow` is answered when it is let go, and who was turned away from it. */
async function openSlow(): Promise<{
  baseUrl: string;
  letGo: () => void;
  arrived: (count: number) => Promise<void>;
  served: () => number;
  away: string[];
}> {
  const away: string[] = [];
  const http: App = await createHttp({
    problems: mergeCatalogues(httpErrors, authErrors, commitErrors),
    authenticator: createAuthenticator({ secret: 'x'.repeat(32), jwksUrl: null, issuer: null, audience: null, sessions: null }),
    logger: pino({ level: 'silent' }),
    trustProxy: false,
    rateLimitPerMinute: 0,
    https: false,
    onUnavailable: () => undefined,
    onTurnedAway: (method, path) => away.push(`${method} ${path}`),
  });
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  let here = 0;
  let whenHere: () => void = () => undefined;
  http.get('/slow', { config: { access: 'public' } }, async () => {
    here += 1;
    whenHere();
    await gate;
    return {};
  });
  http.get('/healthz', { config: { access: 'public', probe: true } }, async () => ({ status: 'ok' }));
  const baseUrl = await http.listen({ port: 0, host: '127.0.0.1' });
  ENDINGS.push(() => http.close());
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      whenHere = () => {
        if (here >= count) resolve();
      };
      whenHere();
    });
  return { baseUrl, letGo, arrived, served: () => here, away };
}

/** Asks `/slow` so many times, without waiting for the answers; gives what says how many there are. */
async function fill(baseUrl: string, requests: number): Promise<{ answers: () => number; drop: () => Promise<void> }> {
  const { hostname, port } = new URL(baseUrl);
  const heads = { count: 0 };
  const sockets = Array.from({ length: Math.ceil(requests / DEPTH) }, (_, index): Socket => {
    const socket = connect({ host: hostname, port: Number(port) });
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const parts = `${rest}${chunk.toString('latin1')}`.split('HTTP/1.1 200');
      heads.count += parts.length - 1;
      // What is found may lie in two pieces.
      rest = (parts.at(-1) ?? '').slice(1 - 'HTTP/1.1 200'.length);
    });
    const count = Math.min(DEPTH, requests - index * DEPTH);
    socket.write(GET_SLOW.repeat(count));
    return socket;
  });
  const drop = async (): Promise<void> => {
    await Promise.all(
      sockets.map(async (socket) => {
        socket.destroy();
        if (!socket.closed) await once(socket, 'close');
      }),
    );
  };
  ENDINGS.push(drop);
  await Promise.all(
    sockets.map(async (socket) => {
      if (socket.connecting) await once(socket, 'connect');
    }),
  );
  return { answers: () => heads.count, drop };
}

/** A connection, and the statuses that came on it. */
async function openSocket(baseUrl: string): Promise<{ socket: Socket; received: () => string[] }> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(baseUrl).port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  ENDINGS.push(async () => socket.destroy());
  await once(socket, 'connect');
  const received = (): string[] =>
    [
      ...Buffer.concat(chunks)
        .toString()
        .matchAll(/HTTP\/1\.1 (\d{3})/g),
    ].map(([, status = '']) => status);
  return { socket, received };
}

/** Resolves when the server has read what was sent before. It answers these knowing of it; the first of them may overtake it. */
async function readEverything(baseUrl: string): Promise<void> {
  for (let look = 0; look < 3; look += 1) await fetch(`${baseUrl}/healthz`);
}

describe('more at once than the server takes', () => {
  test('who comes then waits at the door, and is served when there is a place', async () => {
    const { baseUrl, letGo, arrived, away } = await openSlow();
    const { answers } = await fill(baseUrl, UNDER_WAY_MAX + DEPTH);
    await arrived(UNDER_WAY_MAX);
    await readEverything(baseUrl);
    letGo();
    await expect.poll(answers, { timeout: PATIENT_MS }).toBe(UNDER_WAY_MAX + DEPTH);
    expect(away).toEqual([]);
  });

  test('who has found no place in two seconds is turned away, and none of those who were taken in is lost', async () => {
    const { baseUrl, letGo, arrived, away } = await openSlow();
    const { answers } = await fill(baseUrl, UNDER_WAY_MAX);
    await arrived(UNDER_WAY_MAX);

    const refused = await fetch(`${baseUrl}/slow?x=1`, { headers: { 'accept-language': 'ko', 'x-request-id': 'mine' } });
    expect(refused.status).toBe(503);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '1',
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': 'ko',
      'x-request-id': 'mine',
      'x-content-type-options': 'nosniff',
    });
    expect(await refused.json()).toEqual({
      type: '/problems/OVERLOADED',
      title: '서버가 혼잡합니다',
      status: 503,
      detail: commitErrors.OVERLOADED.detail.ko,
      instance: '/slow',
      code: 'OVERLOADED',
    });

    letGo();
    await expect.poll(answers, { timeout: PATIENT_MS }).toBe(UNDER_WAY_MAX);
    expect((await fetch(`${baseUrl}/slow`)).status).toBe(200);
    expect(away).toEqual(['GET /slow']);
  });

  test('who leaves before there is a place asks for nothing, and who leaves after leaves the place', async () => {
    const { baseUrl, letGo, arrived, served } = await openSlow();
    const { drop } = await fill(baseUrl, UNDER_WAY_MAX);
    await arrived(UNDER_WAY_MAX);
    const { drop: dropMore } = await fill(baseUrl, 10 * DEPTH);
    await dropMore();
    await readEverything(baseUrl);
    await drop();
    const next = await fill(baseUrl, UNDER_WAY_MAX);
    await arrived(2 * UNDER_WAY_MAX);
    letGo();
    await expect.poll(next.answers, { timeout: PATIENT_MS }).toBe(UNDER_WAY_MAX);
    expect(served()).toBe(2 * UNDER_WAY_MAX);
  });

  test('where the line is full too, the next are turned away at once, and read again when there is room', async () => {
    const { baseUrl, letGo, arrived, away } = await openSlow();
    const { answers } = await fill(baseUrl, UNDER_WAY_MAX + WAITING_MAX);
    await arrived(UNDER_WAY_MAX);
    await readEverything(baseUrl);
    const { socket, received } = await openSocket(baseUrl);
    socket.write(GET_SLOW);
    await expect.poll(() => received().length, { timeout: PATIENT_MS }).toBe(1);
    socket.write(GET_SLOW);
    await readEverything(baseUrl);
    expect(received(), 'nothing more is read while there is no room').toEqual(['503']);
    letGo();
    await expect.poll(received, { timeout: PATIENT_MS }).toEqual(['503', '200']);
    await expect.poll(() => answers() + away.length, { timeout: PATIENT_MS }).toBe(UNDER_WAY_MAX + WAITING_MAX + 1);
  });

  test('probes are answered all the same, and bodies and HEAD leave the connection usable', async () => {
    const { baseUrl, arrived } = await openSlow();
    await fill(baseUrl, UNDER_WAY_MAX);
    await arrived(UNDER_WAY_MAX);

    expect((await fetch(`${baseUrl}/healthz`)).status).toBe(200);
    const post = 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
    const head = 'HEAD /slow HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await exchange(baseUrl, `${post}${head}${post}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['503', '503', '503', '200']);
  });
});
