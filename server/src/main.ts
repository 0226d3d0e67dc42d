/** The server's process, `openrun start`: settings, database, migrations, application, and a graceful end. */
import type { Logger } from 'pino';
import { createApp, type OpenrunApp, VERSION } from './app.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import type { ConnectionTarget, Database } from './database/database.ts';
import { startEmbedded } from './database/embedded.ts';
import { migrate } from './database/migrate.ts';
import { DEMO_LINES, hasDemoAccounts, seedDemo } from './demo/demo.ts';
import { endGracefully } from './graceful.ts';
import { createLogger, embeddedLog, openLogged } from './runtime.ts';
import type { Tracing } from './tracing/tracing.ts';

/** A part of a running server; parts are ended in reverse order. */
interface Part {
  stop(): Promise<void>;
}

/** Starts the server, which then runs until a signal comes. Rejects where it cannot start. */
export async function start(flags: Readonly<Record<string, string>>): Promise<void> {
  const config = loadConfig(flags);
  await run(config, createLogger(config));
}

async function run(config: Config, logger: Logger): Promise<void> {
  const parts: Part[] = [];
  const fail = endGracefully(logger, () => stopAll(parts));
  try {
    const database = await startDatabase(config, logger, parts, fail);
    const app = await startApp(config, logger, database, parts);
    const address = await app.http.listen({ port: config.port, host: config.host });
    logger.info({ address }, 'ready');
    await greet(config, address, app);
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}

async function stopAll(parts: Part[]): Promise<void> {
  for (const part of parts.splice(0).toReversed()) await part.stop();
}

async function startDatabase(config: Config, logger: Logger, parts: Part[], onLost: (error: Error) => void): Promise<Database> {
  const target = config.databaseUrl === null ? await startOwn(config, logger, parts, onLost) : { url: config.databaseUrl };
  await migrate(target, (message) => logger.info(message));
  const database = openLogged(target, logger, config.slowQueryMs);
  parts.push({ stop: () => database.close() });
  return database;
}

async function startOwn(config: Config, logger: Logger, parts: Part[], onLost: (error: Error) => void): Promise<ConnectionTarget> {
  const embedded = await startEmbedded({ dataDir: config.dataDir, log: embeddedLog(logger), onGaveUp: onLost });
  parts.push(embedded);
  return embedded.connection;
}

async function startApp(config: Config, logger: Logger, database: Database, parts: Part[]): Promise<OpenrunApp> {
  const tracing = await startTraces(config, parts);
  const app = await createApp({ config, database, logger, tracing });
  parts.push({ stop: () => app.close() });
  if (config.seedDemo) await seedDemo(app.services);
  if (config.production && (await hasDemoAccounts(app.services))) {
    throw new ConfigError('refusing to start in production: this database has accounts of the demo, whose passwords are public');
  }
  await app.startBackground();
  return app;
}

/** Loads what traces need, where they are wanted. */
async function startTraces({ tracing: settings }: Config, parts: Part[]): Promise<Tracing | null> {
  if (settings === null) return null;
  const { startTracing } = await import('./tracing/tracing.ts');
  const tracing = startTracing(settings, VERSION);
  parts.push(tracing);
  return tracing;
}

async function greet(config: Config, address: string, { services }: OpenrunApp): Promise<void> {
  if (config.logLevel === 'silent') return;
  const lines = [`Openrun is open at ${address}`, `  shop ${address}/shop, back office ${address}/admin, API ${address}/docs`];
  if (config.seedDemo && (await hasDemoAccounts(services))) lines.push(...DEMO_LINES);
  process.stdout.write(`${lines.join('\n')}\n`);
}
