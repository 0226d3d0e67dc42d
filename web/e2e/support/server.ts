/** A server of its own for a test: `openrun start` on a free port, with an empty data folder and the demo. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 20_000;
const TOKEN_TTL_SECONDS = 3600;

/** What the API answered, refusals included. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface TestServer {
  readonly baseUrl: string;
  /** Calls the API as a member of staff; fails where it refuses. */
  staff(method: string, path: string, body?: object): Promise<unknown>;
  /** Calls the API as the customer `sub`. */
  customer(sub: string, method: string, path: string, body?: object): Promise<Answer>;
  /** Halts the process where it stands: what is sent to it from here on is not read. */
  freeze(): void;
  /** `kill -9`, frozen or not. */
  kill(): Promise<void>;
  /** Starts it again, on the same data and at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with the settings given, beside those that a test needs. */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'openrun-e2e-'));
  // The embedded database may run as another user.
  chmodSync(folder, 0o755);
  const secret = randomBytes(32).toString('hex');
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    AUTH_JWT_SECRET: secret,
    LOG_LEVEL: 'error',
    ...settings,
  };
  const baseUrl = `http://127.0.0.1:${port}`;
  const run = (): ChildProcess =>
    spawn(process.execPath, ['server/src/cli.ts', 'start'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  let server = run();
  const stop = async (): Promise<void> => {
    await end(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(baseUrl, server);
  } catch (error) {
    await stop();
    throw error;
  }
  const token = tokenOf({ sub: 'e2e-staff', role: 'staff' }, secret);
  return {
    baseUrl,
    stop,
    staff: async (method, path, body) => {
      const answer = await call(baseUrl, token, method, path, body);
      if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    customer: (sub, method, path, body) => call(baseUrl, tokenOf({ sub }, secret), method, path, body),
    freeze: () => void server.kill('SIGSTOP'),
    kill: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    start: async () => {
      server = run();
      await ready(baseUrl, server);
    },
  };
}

async function call(baseUrl: string, token: string, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(baseUrl + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() };
}

/** A port of the loopback interface that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  server.close();
  await once(server, 'close');
  return address.port;
}

async function ready(baseUrl: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const isReady = await fetch(`${baseUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(100);
  }
  throw new Error('the server was not ready in time');
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit', { signal: AbortSignal.timeout(STOPPED_WITHIN_MS) });
  server.kill('SIGTERM');
  await ended.catch(() => server.kill('SIGKILL'));
}

/** A JSON Web Token (RFC 7519) with these claims, signed with HS256. */
function tokenOf(claims: object, secret: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + TOKEN_TTL_SECONDS;
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, exp })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
