/**
 * A fresh start, as a newcomer does it: `npm start` on an empty data folder, buy something over HTTP, stop, audit.
 * Exits with 0 when all of it worked: `npm run smoke`. The published package does the same where it is installed into an
 * empty folder, with the Node that the machine has: `npm run smoke:package`.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { packServer } from './pack.ts';

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
    assert(server.exitCode === null, `the server ended with ${server.exitCode}`);
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

/** Asks the process group of the server to end and waits for it; kills what does not. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit', { signal: AbortSignal.timeout(STOPPED_WITHIN_MS) });
  process.kill(-server.pid, 'SIGTERM');
  try {
    await ended;
  } catch {
    process.kill(-server.pid, 'SIGKILL');
    assert.fail(`the server did not stop within ${STOPPED_WITHIN_MS / 1000} s`);
  }
}

/** Where the command `openrun` is to be had, and how it is called there. */
interface Installation {
  readonly cwd: string;
  readonly path: string | undefined;
  readonly start: readonly [string, ...string[]];
  readonly audit: readonly [string, ...string[]];
}

const CHECKOUT: Installation = {
  cwd: ROOT,
  path: process.env['PATH'],
  start: ['npm', 'start'],
  audit: ['npm', 'run', '--silent', 'openrun', '--', 'audit'],
};

/** Installs the published package into a folder, without anything of this repository on the way. */
function installPackage(folder: string): Installation {
  const tarball = packServer();
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !entry.includes('node_modules'))
    .join(delimiter);
  mkdirSync(folder);
  const env = { ...process.env, PATH: path };
  const { status } = spawnSync('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
    env,
    stdio: 'inherit',
  });
  assert.equal(status, 0, 'npm installs the package');
  // npx has the package's own Node first on its way; called by its file, the command meets the machine's.
  return { cwd: folder, path, start: ['npx', 'openrun', 'start'], audit: ['node', 'node_modules/.bin/openrun', 'audit'] };
}

const workDir = mkdtempSync(join(tmpdir(), 'openrun-smoke-'));
// The embedded database may run as another user.
chmodSync(workDir, 0o755);
let server: ChildProcess | null = null;
try {
  const { cwd, path, start, audit } = process.argv.includes('--package') ? installPackage(join(workDir, 'installed')) : CHECKOUT;
  const secret = randomBytes(32).toString('hex');
  const port = await freePort();
  const settings = { DATABASE_URL: undefined, PORT: String(port), DATA_DIR: join(workDir, 'data'), AUTH_JWT_SECRET: secret };
  const env = { ...process.env, PATH: path, ...settings };
  const base = `http://127.0.0.1:${port}`;
  const [command, ...commandArguments] = start;
  server = spawn(command, commandArguments, { cwd, env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  await ready(base, server);
  const shop = await fetch(`${base}/shop`);
  assert(shop.ok && (await shop.text()).includes('<script'), 'the shop has a page');
  assert((await fetch(`${base}/docs`)).ok, 'the API reference has a page');
  await buy(base, tokenOf('smoke', secret));
  await stop(server);
  const [auditCommand, ...auditArguments] = audit;
  assert.equal(spawnSync(auditCommand, auditArguments, { cwd, env, stdio: 'inherit' }).status, 0, 'openrun audit finds differences');
  console.log('started, sold, stopped and audited');
} finally {
  if (server !== null) await stop(server);
  rmSync(workDir, { recursive: true, force: true });
}
