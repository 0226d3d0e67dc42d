/** The kit as a process meets it: over a socket, and as the example that people start from. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createReceiver, type OpenrunEvent, toNodeListener } from '../src/receiver/receiver.ts';
import { OTHER_SECRET, PAID, SECRET, signedBy } from './support/samples.ts';

const BODY = JSON.stringify(PAID);
const HEADERS = signedBy([SECRET], PAID.id, BODY);
const EXAMPLE = join(import.meta.dirname, '../examples/receiver.ts');

/** Listens on a free port; gives the port, and what arrived. */
async function listen(bodyBytesMax?: number): Promise<{ port: number; events: OpenrunEvent[] }> {
  const events: OpenrunEvent[] = [];
  const limits = bodyBytesMax === undefined ? {} : { bodyBytesMax };
  const receive = createReceiver({ secrets: SECRET, onEvent: (event) => void events.push(event), ...limits });
  const server = createServer(toNodeListener(receive)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return { port: address.port, events };
}

/** Sends bytes on one connection, and gives all that comes back until the other side ends it. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port }).setEncoding('utf8');
  socket.write(text);
  let answer = '';
  socket.on('data', (part: string) => {
    answer += part;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer;
}

const post = (port: number, headers: Record<string, string> = HEADERS) =>
  fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: BODY });

test('behind node:http, events are taken and answered', async () => {
  const { port, events } = await listen();
  const answers = [await post(port), await post(port), await post(port, { ...HEADERS, 'webhook-signature': 'v1,x' })];
  expect(await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`))).toEqual([
    '200 taken',
    '200 duplicate',
    '401 bad-signature',
  ]);
  const got = await fetch(`http://127.0.0.1:${port}/`);
  expect([got.status, got.headers.get('allow'), got.headers.get('content-type')]).toEqual([405, 'POST', 'text/plain; charset=utf-8']);
  expect(events).toEqual([PAID]);
});

test('behind node:http, who sends too much gets an answer, and is hung up on', { timeout: 20_000 }, async () => {
  const { port, events } = await listen(100);
  const head = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`);
  const start = ['POST / HTTP/1.1', 'host: x', ...head];
  const declared = await exchange(port, [...start, 'content-length: 1000000', '', 'x'].join('\r\n'));
  expect(declared).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*too large$/is);
  const chunk = `${(1000).toString(16)}\r\n${'x'.repeat(1000)}\r\n`;
  const endless = await exchange(port, [...start, 'transfer-encoding: chunked', '', chunk.repeat(100)].join('\r\n'));
  expect(endless).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*too large$/is);
  expect(events).toEqual([]);
});

test('behind node:http, a path of any form and a body that breaks off do no harm', async () => {
  const { port } = await listen();
  for (const path of ['//', '*', 'http://user:pass@other/', '/%']) {
    expect(await exchange(port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`), path).toContain(' 405 ');
  }
  const socket = connect({ host: '127.0.0.1', port });
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nx', () => socket.destroy());
  await once(socket, 'close');
  expect((await post(port)).status).toBe(200);
});

/** The lines that the example prints. */
async function startExample(...secrets: string[]): Promise<{ lines: AsyncIterator<string>; child: ChildProcess }> {
  const flags = secrets.flatMap((secret) => ['--secret', secret]);
  const child = spawn(process.execPath, [EXAMPLE, ...flags, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  return { lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), child };
}

test('the example verifies, tells duplicates and prints orders', { timeout: 30_000 }, async () => {
  const { lines } = await startExample(OTHER_SECRET, SECRET);
  const ready = await lines.next();
  const port = Number(/:(\d+)$/.exec(String(ready.value))?.[1]);
  for (const expected of ['taken', 'duplicate']) expect(await (await post(port)).text()).toBe(expected);
  expect((await post(port, { ...HEADERS, 'webhook-signature': 'v1,x' })).status).toBe(401);
  expect(await lines.next()).toEqual({ done: false, value: `${PAID.time} order ${PAID.subject}: paid, 2000 for 2 × Cup` });
});

test('the example says what is missing where it has no secret', { timeout: 30_000 }, async () => {
  const { child } = await startExample();
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await once(child, 'close');
  expect(child.exitCode).toBe(1);
  expect(errors).toContain('a receiver needs 1–10 secrets');
});
