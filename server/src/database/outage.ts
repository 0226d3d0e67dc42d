/**
 * Tells the log of an outage of the database once when it begins and once when it is over, however many batches and requests it turns away:
 * they are no errors of the server, and a thousand lines would hide what is.
 */
import type { Logger } from 'pino';
import { type Executor, statement } from './database.ts';

export interface Outages {
  /** A batch or a request failed because the database does not serve. */
  noticed(error: unknown): void;
  /** Whether the database answers a question now. */
  isOver(): Promise<boolean>;
  stop(): void;
}

const LOOK_EVERY_MS = 1000;
/** Where it answers and yet something fails (a disk that is full, say), the outage goes on until nothing has failed for so long. */
const CALM_MS = 5000;

const PING = statement('outage.ping', 'SELECT 1');

/** @param database over connections that do not wait behind requests: a server that has much to do is not one without a database. */
export function tellOutages(logger: Logger, database: Executor): Outages {
  let began: number | null = null;
  let failedAt = 0;
  let next: NodeJS.Timeout | null = null;

  const isOver = (): Promise<boolean> =>
    database.query(PING).then(
      () => true,
      () => false,
    );

  const look = async (): Promise<void> => {
    const answers = await isOver();
    if (began === null || next === null) return;
    if (!answers) failedAt = performance.now();
    if (performance.now() - failedAt < CALM_MS) return lookLater();
    logger.info({ ms: Math.round(failedAt - began) }, 'the database is back');
    began = null;
  };

  const lookLater = (): void => {
    next = setTimeout(() => void look(), LOOK_EVERY_MS).unref();
  };

  return {
    noticed: (error) => {
      failedAt = performance.now();
      if (began !== null) return;
      began = failedAt;
      logger.warn({ err: error }, 'the database is away');
      lookLater();
    },
    isOver,
    stop: () => {
      if (next !== null) clearTimeout(next);
      next = null;
    },
  };
}
