/** The server's process, `openrun start`: settings, database, migrations, application, and a graceful end. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { createApp, type OpenrunApp } from './app.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import type { ConnectionTarget, Database } from './database/database.ts';
import { awaitRunning, startEmbedded } from './database/embedded.ts';
import { migrate } from './database/migrate.ts';
import { DEMO_LINES, hasDemoAccounts, seedDemo } from './demo/demo.ts';
import { endGracefully } from './graceful.ts';
import { createLogger, embeddedLog, openLogged } from './runtime.ts';
import type { Tracing } from './tracing/tracing.ts';
import { VERSION } from './version.ts';
import { shareMetrics } from './workers.metrics.ts';
import { createWorkers } from './workers.ts';

/** A part of a running server; parts are ended in reverse order. */
interface Part {
  stop(): Promise<void>;
}

/** What the parts of a process are started with. */
interface Starting {
  readonly config: Config;
  readonly logger: Logger;
  readonly parts: Part[];
  /** Ends the process as an error would. */
  readonly fail: (error: unknown) => void;
}

/** How long connections on which nothing happens are kept when the server ends, so that none is cut in the moment of its next request. */
const LINGER_MS = 1000;

/** Starts the server, which then runs until a signal comes. Rejects where it cannot start. */
export async function start(flags: Readonly<Record<string, string>>): Promise<void> {
  const config = loadConfig(flags);
  const logger = createLogger(config);
  const parts: Part[] = [];
  endWithCaller(logger);
  const starting = { config, logger, parts, fail: endGracefully(logger, () => stopAll(parts)) };
  try {
    await (cluster.isWorker ? serveAsWorker(starting) : config.workers === 1 ? serveAlone(starting) : serveByWorkers(starting));
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}

/** Whoever started this process with a channel to it, as the command of the package does, takes it along when killed. */
function endWithCaller(logger: Logger): void {
  // A worker hears of the end of the first process by itself.
  if (cluster.isWorker || !process.connected) return;
  process.once('disconnect', () => {
    logger.warn('the command that started this server is gone');
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel?.unref();
}

/** One that fails is no reason to leave the others; the first error is thrown when all have had their turn. */
async function stopAll(parts: Part[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of parts.splice(0).toReversed()) await part.stop().catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function serveAlone(starting: Starting): Promise<void> {
  const { config, logger } = starting;
  // Unheard, the signal would end the process.
  process.on('SIGUSR2', () => logger.warn('there are no workers that could be replaced: WORKERS is 1'));
  const target = await prepareDatabase(starting);
  const app = await openApp(starting, target);
  const hasDemo = await prepareShop(config, app);
  const address = await listen(starting, app);
  logger.info({ address }, 'ready');
  greet(starting, address, hasDemo);
}

/** The first of several processes: it prepares everything, and serves nothing itself. */
async function serveByWorkers(starting: Starting): Promise<void> {
  const { config, logger, parts, fail } = starting;
  const workers = createWorkers({ count: config.workers, logger, onGaveUp: fail });
  const target = await prepareDatabase(starting);
  const hasDemo = await prepareShopOf(starting, target);
  parts.push(workers);
  const port = await workers.start();
  const address = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  logger.info({ address, workers: config.workers, replaceWorkers: `kill -USR2 ${process.pid}` }, 'ready');
  greet(starting, address, hasDemo);
}

/** Like {@link prepareShop}, with an application that is gone afterwards: its connections and its memory are the workers'. */
async function prepareShopOf({ config, logger, fail }: Starting, target: ConnectionTarget): Promise<boolean> {
  const parts: Part[] = [];
  try {
    return await prepareShop(config, await openApp({ config, logger, parts, fail }, target));
  } finally {
    await stopAll(parts);
  }
}

async function serveAsWorker(starting: Starting): Promise<void> {
  const { config, logger } = starting;
  const target = config.databaseUrl === null ? await awaitRunning(config.dataDir) : { url: config.databaseUrl };
  const address = await listen(starting, await openApp(starting, target));
  logger.info({ address, worker: process.pid }, 'ready');
}

/** Has the database run, with the newest schema. */
async function prepareDatabase({ config, logger, parts, fail }: Starting): Promise<ConnectionTarget> {
  const target = config.databaseUrl === null ? await startOwn(config, logger, parts, fail) : { url: config.databaseUrl };
  await migrate(target, (message) => logger.info(message));
  return target;
}

async function startOwn(config: Config, logger: Logger, parts: Part[], onLost: (error: Error) => void): Promise<ConnectionTarget> {
  const embedded = await startEmbedded({
    dataDir: config.dataDir,
    processes: config.workers,
    log: embeddedLog(logger),
    onGaveUp: onLost,
  });
  parts.push(embedded);
  return embedded.connection;
}

async function openApp({ config, logger, parts }: Starting, target: ConnectionTarget): Promise<OpenrunApp> {
  const database: Database = openLogged(target, logger, config.slowQueryMs);
  parts.push({ stop: () => database.close() });
  const tracing = await startTraces(config, parts);
  const shared = cluster.isWorker ? shareMetrics() : null;
  if (shared !== null) parts.push(shared);
  const app = await createApp({ config, database, logger, tracing, ...(shared === null ? {} : { shareMetrics: shared.share }) });
  parts.push({ stop: () => app.close({ lingerMs: LINGER_MS }) });
  return app;
}

/** Gives whether there are accounts of the demo. */
async function prepareShop(config: Config, { services }: OpenrunApp): Promise<boolean> {
  if (config.seedDemo) await seedDemo(services);
  const hasDemo = await hasDemoAccounts(services);
  if (config.production && hasDemo) {
    throw new ConfigError('refusing to start in production: this database has accounts of the demo, whose passwords are public');
  }
  return hasDemo;
}

async function listen({ config }: Starting, app: OpenrunApp): Promise<string> {
  await app.startBackground();
  return app.http.listen({ port: config.port, host: config.host });
}

/** Loads what traces need, where they are wanted. */
async function startTraces({ tracing: settings }: Config, parts: Part[]): Promise<Tracing | null> {
  if (settings === null) return null;
  const { startTracing } = await import('./tracing/tracing.ts');
  const tracing = startTracing(settings, VERSION);
  parts.push(tracing);
  return tracing;
}

/** Greets whoever sits at the terminal. Elsewhere standard output is the log, where every line is one of its lines. */
function greet({ config, logger }: Starting, address: string, hasDemo: boolean): void {
  if (config.logLevel === 'silent') return;
  const lines = [`Openrun is open at ${address}`, `  shop ${address}/shop, back office ${address}/admin, API ${address}/docs`];
  if (config.seedDemo && hasDemo) lines.push(...DEMO_LINES);
  if (process.stdout.isTTY && !config.production) process.stdout.write(`${lines.join('\n')}\n`);
  else for (const line of lines) logger.info(line.trim());
}
