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

export interface TestServer {
  readonly baseUrl: string;
  /** Calls the API as a member of staff; fails where it refuses. */
  staff(method: string, path: string, body?: object): Promise<unknown>;
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
  const server = spawn(process.execPath, ['server/src/cli.ts', 'start'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const baseUrl = `http://127.0.0.1:${port}`;
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
  const token = staffToken(secret);
  return { baseUrl, stop, staff: (method, path, body) => call(baseUrl, token, method, path, body) };
}

async function call(baseUrl: string, token: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(baseUrl + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
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

/** A JSON Web Token (RFC 7519) of a member of staff, signed with HS256. */
function staffToken(secret: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + TOKEN_TTL_SECONDS;
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'e2e-staff', role: 'staff', exp })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
