/**
 * A fresh start, as a newcomer does it: `npm start` on an empty data folder, buy something over HTTP, stop, audit.
 * Exits with 0 when all of it worked: `npm run smoke`.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 30_000;
const TOKEN_TTL_SECONDS = 3600;

function base64urlJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JSON Web Token (RFC 7519) of a customer, signed with HS256. */
function tokenOf(sub: string, secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + TOKEN_TTL_SECONDS;
  const unsigned = `${base64urlJson({ alg: 'HS256', typ: 'JWT' })}.${base64urlJson({ sub, exp })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** A port of the loopback interface that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  server.close();
  await once(server, 'close');
  return address.port;
}

/** The value at `path` in a JSON document; fails where there is none. */
function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json;
  for (const key of path) {
    assert(typeof value === 'object' && value !== null && key in value, `no ${path.join('.')} in ${JSON.stringify(json)}`);
    value = Reflect.get(value, key);
  }
  return value;
}

/** Waits for `GET /readyz` to answer 200; fails when the server ends or takes too long. */
async function ready(base: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    assert(server.exitCode === null, `npm start ended with ${server.exitCode}`);
    const status = await fetch(`${base}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(100);
  }
  assert.fail(`not ready within ${READY_WITHIN_MS / 1000} s`);
}

/** A customer charges, orders and pays for the first product that is in stock, and repeats the payment by its key. */
async function buy(base: string, token: string): Promise<void> {
  const call = async (method: string, path: string, body?: unknown, key: string = randomUUID()): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
    };
    const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    assert(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const products = await call('GET', '/products?inStock=true&limit=1');
  const options = at(products, 'items', 0, 'options');
  assert(Array.isArray(options));
  const option: unknown = options.find((candidate: unknown) => at(candidate, 'soldOut') === false);
  await call('POST', '/balance/charge', { amount: at(option, 'price') });
  const order = await call('POST', '/orders', { lines: [{ optionId: at(option, 'id'), quantity: 1 }] });
  const paymentKey = randomUUID();
  const payment = await call('POST', '/payments', { orderId: at(order, 'id') }, paymentKey);
  assert.deepEqual(await call('POST', '/payments', { orderId: at(order, 'id') }, paymentKey), payment);
  assert.equal(at(await call('GET', `/orders/${String(at(order, 'id'))}`), 'status'), 'paid');
  assert.equal(at(await call('GET', '/balance'), 'amount'), 0);
  console.log(`bought ${String(at(option, 'sku'))} for ${String(at(payment, 'amount'))}`);
}

/** Asks the process group of `npm start` to end and waits for it; kills what does not. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit', { signal: AbortSignal.timeout(STOPPED_WITHIN_MS) });
  process.kill(-server.pid, 'SIGTERM');
  try {
    await ended;
  } catch {
    process.kill(-server.pid, 'SIGKILL');
    assert.fail(`npm start did not stop within ${STOPPED_WITHIN_MS / 1000} s`);
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'openrun-smoke-'));
// The embedded database may run as another user.
chmodSync(dataDir, 0o755);
const secret = randomBytes(32).toString('hex');
const port = await freePort();
const env = { ...process.env, DATABASE_URL: undefined, PORT: String(port), DATA_DIR: join(dataDir, 'data'), AUTH_JWT_SECRET: secret };
const base = `http://127.0.0.1:${port}`;
const server = spawn('npm', ['start'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
try {
  await ready(base, server);
  await buy(base, tokenOf('smoke', secret));
  await stop(server);
  const audit = spawnSync('npm', ['run', '--silent', 'openrun', '--', 'audit'], { cwd: ROOT, env, stdio: 'inherit' });
  assert.equal(audit.status, 0, 'openrun audit finds differences');
  console.log('started, sold, stopped and audited');
} finally {
  await stop(server);
  rmSync(dataDir, { recursive: true, force: true });
}
