/** Attacks on the connection itself: bytes that two parties may read differently, or that never become a request. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { expectNoInnards } from '../../server/test/support/innards.ts';
import { exchange } from '../../server/test/support/socket.ts';

export interface Attacked {
  readonly baseUrl: string;
  readonly port: number;
  /** Of a customer whose balance shows whether a request that was hidden in another one was taken for one. */
  readonly victim: string;
  /** Random numbers below 1, from the run's seed. */
  readonly random: () => number;
}

export interface Attack {
  readonly name: string;
  /** @throws where the server falls for it. */
  readonly run: (attacked: Attacked) => Promise<void>;
}

const HOST = 'Host: shop.example';
const JSON_TYPE = 'Content-Type: application/json';
const KIB = 1024;
const REFUSED = ['400', '408', '413', '431', '505'];

/** A request that would change the victim's balance. */
function hidden({ victim }: Attacked): string {
  const body = '{"amount":7}';
  return lines(
    ['POST /balance/charge HTTP/1.1', HOST, `Authorization: Bearer ${victim}`, JSON_TYPE, `Content-Length: ${body.length}`],
    body,
  );
}

function lines(head: readonly string[], body = '', end = '\r\n'): string {
  return `${head.join(end)}${end}${end}${body}`;
}

/** The statuses of all answers in a text. */
function statusesOf(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
}

/** Sends bytes until the server ends the connection; gives the statuses of what it answered. */
async function statusesFor({ baseUrl }: Attacked, bytes: string): Promise<string[]> {
  const text = await exchange(baseUrl, bytes).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return '';
    throw error;
  });
  expectNoInnards(text, bytes.slice(0, 300));
  const statuses = statusesOf(text);
  for (const status of statuses) expect(Number(status), bytes.slice(0, 300)).toBeLessThan(500 + Number(status === '505') * 10);
  return statuses;
}

/** Bytes that no server may take for a request: at most one answer, a refusal, and the end of the connection. */
function refused(name: string, bytesOf: (attacked: Attacked) => string): Attack {
  return {
    name,
    run: async (attacked) => {
      const bytes = bytesOf(attacked);
      const statuses = await statusesFor(attacked, bytes);
      expect(statuses.length, `${name}: ${statuses.join()}`).toBeLessThanOrEqual(1);
      for (const status of statuses) expect(REFUSED, name).toContain(status);
    },
  };
}

/** A request whose end two readers see in different places, with another behind it. */
function smuggled(name: string, framing: readonly string[], body: string): Attack {
  return refused(name, (attacked) => {
    const hiddenRequest = hidden(attacked);
    const head = framing.map((line) => line.replace('LENGTH', String(body.length + hiddenRequest.length)));
    // The outer request may be sent, so that its body is read.
    return lines(['POST /orders HTTP/1.1', HOST, `Authorization: Bearer ${attacked.victim}`, JSON_TYPE, ...head], body + hiddenRequest);
  });
}

const END = '0\r\n\r\n';
const CL = 'Content-Length: LENGTH';
const TE = 'Transfer-Encoding: chunked';

const OBFUSCATED = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked, identity',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked\u0000',
  'Transfer-Encoding:\u000bchunked',
  'Transfer-Encoding\t: chunked',
  ' Transfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding:\r\n chunked',
];

const SMUGGLING: readonly Attack[] = [
  smuggled('smuggling: length and chunks', [CL, TE], END),
  smuggled('smuggling: chunks and length', [TE, CL], END),
  smuggled('smuggling: two lengths', ['Content-Length: 0', CL], ''),
  smuggled('smuggling: two lengths in a line', ['Content-Length: 0, LENGTH'], ''),
  smuggled('smuggling: a length with a sign', ['Content-Length: +0'], ''),
  smuggled('smuggling: a length in hexadecimal', ['Content-Length: 0x0'], ''),
  smuggled('smuggling: a negative length', ['Content-Length: -1'], ''),
  smuggled('smuggling: a length beyond all numbers', ['Content-Length: 99999999999999999999999'], ''),
  ...OBFUSCATED.map((line) => smuggled(`smuggling: ${JSON.stringify(line)} and length`, [line, CL], END)),
  smuggled('smuggling: a chunk whose length has a sign', [TE], '+0\r\n\r\n'),
  smuggled('smuggling: a chunk whose length is in hexadecimal twice', [TE], '0x0\r\n\r\n'),
  smuggled('smuggling: a chunk beyond all numbers', [TE], 'fffffffffffffffff1\r\n'),
  smuggled('smuggling: chunks that end in a bare LF', [TE], '2\n{}\n0\n\n'),
  smuggled('smuggling: a chunk longer than it says', [TE], '1\r\n{}\r\n0\r\n\r\n'),
];

const BROKEN: readonly Attack[] = [
  refused('lines that end in a bare LF', () => lines(['GET /products HTTP/1.1', HOST, 'Connection: close'], '', '\n')),
  refused('lines that end in a bare CR', () => `${lines(['GET /products HTTP/1.1', HOST, 'Connection: close'], '', '\r')}\r\n\r\n`),
  refused('a header without a name', () => lines(['GET /products HTTP/1.1', HOST, ': x'])),
  refused('a header with a zero', () => lines(['GET /products HTTP/1.1', HOST, 'X: a\u0000b'])),
  refused('a header with a space in its name', () => lines(['GET /products HTTP/1.1', HOST, 'X Y: a'])),
  refused('a header without a colon', () => lines(['GET /products HTTP/1.1', HOST, 'nothing'])),
  refused('a huge header', ({ random }) => lines(['GET /products HTTP/1.1', HOST, `X: ${'x'.repeat(17 * KIB + random() * 200 * KIB)}`])),
  refused('huge headers', () => lines(['GET /products HTTP/1.1', HOST, ...Array.from({ length: 3000 }, (_, index) => `X-${index}: x`)])),
  refused('a huge target', () => lines([`GET /${'x'.repeat(20 * KIB)} HTTP/1.1`, HOST])),
  refused('a huge extension of a chunk', ({ victim }) =>
    lines(['POST /orders HTTP/1.1', HOST, `Authorization: Bearer ${victim}`, JSON_TYPE, TE], `2;${'x'.repeat(64 * KIB)}\r\n{}\r\n${END}`),
  ),
  refused('another protocol', ({ random }) =>
    pick(
      [
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
        'SSH-2.0-OpenSSH_9.9\r\n',
        'GET /products HTTP/9.9\r\nHost: x\r\n\r\n',
        '*1\r\n$4\r\nPING\r\n',
        'GET /products\r\n\r\n',
      ],
      random,
    ),
  ),
  refused(
    'garbage',
    ({ random }) =>
      `${String.fromCodePoint(...Array.from({ length: 1 + Math.floor(random() * 400) }, () => Math.floor(random() * 256)))}\r\n\r\n`,
  ),
];

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

/** Opens a connection; what becomes of it is the attack's to see. */
async function opened({ port }: Attacked): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const WHOLE: readonly Attack[] = [
  {
    name: 'a chunk with extensions is a chunk',
    run: async (attacked) => {
      const bytes = lines(['POST /balance/charge HTTP/1.1', HOST, JSON_TYPE, TE, 'Connection: close'], `2;a=b;c="d"\r\n{}\r\n${END}`);
      expect(await statusesFor(attacked, bytes)).toEqual(['401']);
    },
  },
  {
    name: 'many requests in one packet are answered in their order',
    run: async (attacked) => {
      const get = lines(['GET /healthz HTTP/1.1', HOST]);
      const last = lines(['GET /nowhere HTTP/1.1', HOST, 'Connection: close']);
      expect(await statusesFor(attacked, get.repeat(30) + last)).toEqual([...Array.from({ length: 30 }, () => '200'), '404']);
    },
  },
  {
    name: 'a thousand requests in one packet',
    run: async (attacked) => {
      const socket = await opened(attacked);
      const closed = once(socket, 'close');
      socket.write(lines(['GET /products HTTP/1.1', HOST]).repeat(1000));
      socket.resume();
      await closed;
    },
  },
  {
    name: 'half a request, then nobody',
    run: async (attacked) => {
      const socket = await opened(attacked);
      const whole = hidden({ ...attacked, victim: 'x' });
      socket.write(whole.slice(0, Math.floor(attacked.random() * whole.length)));
      if (attacked.random() < 0.5) socket.resetAndDestroy();
      else socket.destroy();
    },
  },
  {
    name: 'half a request, then the end',
    run: async (attacked) => {
      const socket = await opened(attacked);
      const closed = once(socket, 'close');
      const whole = hidden({ ...attacked, victim: 'x' });
      socket.resume();
      socket.end(whole.slice(0, 1 + Math.floor(attacked.random() * (whole.length - 2))));
      await closed;
    },
  },
  {
    name: 'a tunnel',
    run: async (attacked) => {
      expect(await statusesFor(attacked, lines(['CONNECT 127.0.0.1:22 HTTP/1.1', HOST]))).not.toContain('200');
    },
  },
  {
    name: 'another protocol by upgrade',
    run: async (attacked) => {
      const socketOffer = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA=='];
      const last = lines(['GET /nowhere HTTP/1.1', HOST, 'Connection: close']);
      expect(await statusesFor(attacked, lines(['GET /products HTTP/1.1', HOST, ...socketOffer]) + last)).not.toContain('101');
    },
  },
  {
    name: 'a target of another kind',
    run: async (attacked) => {
      const target = pick(
        ['http://evil.example/products', '*', 'evil.example:80', '//evil.example/products', '/orders/../products', '\\\\x', '/products#x'],
        attacked.random,
      );
      const statuses = await statusesFor(attacked, lines([`GET ${target} HTTP/1.1`, HOST, 'Connection: close']));
      expect(statuses.length, target).toBeLessThanOrEqual(1);
    },
  },
];

export const ATTACKS: readonly Attack[] = [...SMUGGLING, ...BROKEN, ...WHOLE];
