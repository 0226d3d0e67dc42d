/**
 * Tells the log of an outage of the database once when it begins and once when it is over, however many batches and requests it turns away:
 * they are no errors of the server, and a thousand lines would hide what is.
 */
import type { Logger } from 'pino';
import { type Executor, statement } from './database.ts';

export interface Outages {
  /** A batch or a request failed because the database does not serve. */
  noticed(error: unknown): void;
  stop(): void;
}

const LOOK_EVERY_MS = 1000;
/** Where it answers and yet something fails (a disk that is full, say), the outage goes on until nothing has failed for so long. */
const CALM_MS = 5000;

const PING = statement('outage.ping', 'SELECT 1');

/** Whether the database answers a question now. */
export async function isAnswering(database: Executor): Promise<boolean> {
  return database.query(PING).then(
    () => true,
    () => false,
  );
}

/** @param background whose connections are not those of requests, so that nobody has to wait for one because of this. */
export function tellOutages(logger: Logger, background: Executor): Outages {
  let began: number | null = null;
  let failedAt = 0;
  let next: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    const isBack = await isAnswering(background);
    if (began === null || next === null) return;
    if (!isBack) failedAt = performance.now();
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
    stop: () => {
      if (next !== null) clearTimeout(next);
      next = null;
    },
  };
}
