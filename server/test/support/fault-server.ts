/** Servers on databases that fail: one behind a wire that fails on demand, one whose database comes and goes. */
import pino from 'pino';
import { createApp } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { type ConnectionTarget, DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import { createTokenMinter } from '../../src/http/auth.ts';
import { type Caller, createCaller } from './caller.ts';
import { openProxy, type Proxy } from './fault-proxy.ts';
import { TEST_SECRET } from './shop.ts';

const TOKEN_TTL_SECONDS = 3600;

export interface ServerOn {
  readonly baseUrl: string;
  /** The caller, whose requests go to this server. */
  readonly at: (caller: Caller) => Caller;
  customer(userId: string): Promise<Caller>;
  /** The value of a metric, summed over all samples that have the labels. */
  metric(name: string, labels?: string): Promise<number>;
  close(): Promise<void>;
}

/** How a server is run, where it differs from the default. */
interface Run {
  readonly overrides?: Partial<Config>;
  /** Answers requests and does nothing by itself, so that a test knows what each call of the database is for. */
  readonly requestsOnly?: boolean;
}

/** Starts a server on a database that may come and go. */
export async function serveOn(target: ConnectionTarget, { overrides = {}, requestsOnly = false }: Run = {}): Promise<ServerOn> {
  const database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
  const settings = { AUTH_JWT_SECRET: TEST_SECRET, DATABASE_URL: 'postgres://unused.invalid/none', SEED_DEMO: 'false' };
  const config = { ...loadConfig(settings), ...overrides };
  const app = await createApp({ config, database, logger: pino({ level: 'silent' }) });
  if (requestsOnly) await app.services.destinations.start(config.sink);
  else await app.startBackground();
  const baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const monitor = createCaller(baseUrl, '', null);
  const mint = createTokenMinter({ secret: TEST_SECRET, issuer: config.auth.issuer, audience: config.auth.audience });
  return {
    baseUrl,
    at: ({ userId, token }) => createCaller(baseUrl, userId, token),
    customer: async (userId) => createCaller(baseUrl, userId, await mint({ sub: userId, ttlSeconds: TOKEN_TTL_SECONDS })),
    metric: async (name, labels = '') => sumOf((await monitor.get('/metrics')).body.text, name, labels),
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}

/** Starts a server that reaches the database through a proxy. */
export async function serveThrough(target: ConnectionTarget, run: Run = {}): Promise<ServerOn & { readonly proxy: Proxy }> {
  const proxy = await openProxy(target);
  const server = await serveOn(proxy.target, run);
  const close = async (): Promise<void> => {
    proxy.thaw();
    await server.close();
    await proxy.close();
  };
  return { ...server, proxy, close };
}

function sumOf(text: string, name: string, labels: string): number {
  const samples = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
