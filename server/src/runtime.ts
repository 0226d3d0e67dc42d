/** Finds or starts the database that a command works on. */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';
import { type ConnectionTarget, type Database, DEFAULT_LIMITS, type OnStatement, openDatabase } from './database/database.ts';
import { type EmbeddedLog, findRunning, startEmbedded } from './database/embedded.ts';

/** @param stream where its lines go: by default where the result of a command goes as well. */
export function createLogger(config: Config, stream: DestinationStream = pino.destination(1)): Logger {
  return pino({ level: config.logLevel, serializers: { err: describeError } }, stream);
}

/** What the log keeps of an error: the driver hangs its whole client on some, and that is nobody's to read. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

/** The launcher's messages, as lines of the log. */
export function embeddedLog(logger: Logger): EmbeddedLog {
  return {
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}

/** Opens the pools; what is lost while idle and what is slow goes to the log. */
export function openLogged(target: ConnectionTarget, logger: Logger, slowQueryMs: number | null): Database {
  const onError = (error: Error): void => logger.warn({ err: error }, 'a connection was lost');
  return openDatabase(target, DEFAULT_LIMITS, onError, slowStatements(logger, slowQueryMs));
}

/** Tells of statements that took `slowQueryMs` or longer; null where none is to be told of. */
export function slowStatements(logger: Logger, slowQueryMs: number | null): OnStatement | null {
  if (slowQueryMs === null) return null;
  return (statement, startedAtMs, endedAtMs) => {
    const ms = Math.round(endedAtMs - startedAtMs);
    if (ms >= slowQueryMs) logger.warn({ statement, ms }, 'slow statement');
  };
}

/** A database to work on, and how to leave it. */
interface Session {
  readonly target: ConnectionTarget;
  leave(): Promise<void>;
}

/** The configured database: by its URL, the one a server runs now, or the embedded one, started for this command alone. */
async function enter(config: Config, logger: Logger): Promise<Session> {
  const stay = async (): Promise<void> => undefined;
  if (config.databaseUrl !== null) return { target: { url: config.databaseUrl }, leave: stay };
  const running = await findRunning(config.dataDir);
  if (running !== null) return { target: running, leave: stay };
  const embedded = await startEmbedded({
    dataDir: config.dataDir,
    log: embeddedLog(logger),
    onGaveUp: (error) => logger.error({ err: error }, 'the database is gone'),
  });
  return { target: embedded.connection, leave: () => embedded.stop() };
}

/** Runs a command's work on the configured database and leaves everything as it was. */
export async function withDatabase<T>(config: Config, logger: Logger, work: (database: Database) => Promise<T>): Promise<T> {
  const session = await enter(config, logger);
  const database = openLogged(session.target, logger, null);
  try {
    return await work(database);
  } finally {
    try {
      await database.close();
    } finally {
      // However the connections end, a database that was started for this is not left behind.
      await session.leave();
    }
  }
}
