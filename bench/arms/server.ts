/**
 * The server of one arm, as a process of its own: the product's application as `openrun start` wires it, on a database that
 * already runs, with two routes more that do nothing. They are what everything is compared with: they pass the same hooks,
 * authentication, body parser and reply as every other route.
 */
import { Type } from 'typebox';
import { createApp } from '../../server/src/app.ts';
import { loadConfig } from '../../server/src/config.ts';
import { type ConnectionTarget, DEFAULT_LIMITS, openDatabase } from '../../server/src/database/database.ts';
import { createLogger } from '../../server/src/runtime.ts';

/** What an arm's process is told in its first argument, as JSON. */
export interface ServerOptions {
  readonly target: ConnectionTarget;
  /** Connections for transactions; null for the product's own number. */
  readonly writers: number | null;
  /** Settings by their names. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What it tells its parent. */
export type ServerMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'usage'; readonly rssBytes: number; readonly heapBytes: number; readonly cpuMicroseconds: number };

function isOptions(value: unknown): value is ServerOptions {
  return typeof value === 'object' && value !== null && 'target' in value && 'writers' in value && 'settings' in value;
}

function tell(message: ServerMessage): void {
  process.send?.(message);
}

function tellUsage(): void {
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  tell({ kind: 'usage', rssBytes, heapBytes, cpuMicroseconds: user + system });
}

const options: unknown = JSON.parse(process.argv[2] ?? 'null');
if (!isOptions(options)) throw new Error('the options of the arm are missing');
const config = loadConfig(options.settings);
const logger = createLogger(config);
const limits = { ...DEFAULT_LIMITS, ...(options.writers === null ? {} : { writers: options.writers }) };
const database = openDatabase(options.target, limits, (error) => logger.warn({ err: error }, 'a connection was lost'));
const app = await createApp({ config, database, logger });

app.http.post('/bench/empty', { config: { access: 'user' }, schema: { hide: true, body: Type.Any() } }, async (_request, reply) =>
  reply.code(201).header('content-type', 'application/json; charset=utf-8').send('{}'),
);
app.http.get('/bench/empty', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
  reply.header('content-type', 'application/json; charset=utf-8').send('{}'),
);

await app.startBackground();
await app.http.listen({ host: '127.0.0.1', port: 0 });
const address = app.http.server.address();
if (address === null || typeof address === 'string') throw new Error('the server has no port');

process.on('message', (message) => {
  if (message === 'usage') tellUsage();
});
// The parent's end is the end: an arm never outlives the run that started it.
process.once('disconnect', () => {
  void app.close().then(() => database.close());
});
tell({ kind: 'listening', port: address.port });
