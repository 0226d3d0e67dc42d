/**
 * Several processes that listen on one port: `openrun start --workers N`.
 *
 * The first process has the database, where it is the embedded one, and hands each connection to the next worker in turn; the workers
 * are servers like any other. One that ends by itself is replaced, and SIGUSR2 replaces them all, one after the other, each only once
 * its successor takes requests.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from 'pino';
import { gatherMetrics } from './workers.metrics.ts';

export interface Workers {
  /** Where all of them listen. */
  readonly port: number;
  /** Lets all of them answer what is under way, and waits for their ends. */
  stop(): Promise<void>;
}

/** A worker that ends sooner than this did not come up. */
const SHORT_LIFE_MS = 5000;
const SHORT_LIVES_MAX = 5;
const REPLACE_AFTER_MS = 500;
/** How long a new worker may take until it takes requests. */
const START_MS = 60_000;

/**
 * Starts the workers, each with this process's own command line, and resolves when all of them take requests.
 *
 * @param onGaveUp hears that workers end over and over.
 */
export async function startWorkers(options: {
  readonly count: number;
  readonly logger: Logger;
  readonly onGaveUp: (error: Error) => void;
}): Promise<Workers> {
  const { count, logger, onGaveUp } = options;
  const live = new Set<Worker>();
  const metrics = gatherMetrics();
  let port = 0;
  let isStopping = false;
  let shortLives = 0;
  let replacing: Promise<void> = Promise.resolve();

  const begin = async (): Promise<void> => {
    const worker = cluster.fork();
    const startedAt = performance.now();
    live.add(worker);
    worker.once('exit', (code, signal) => {
      const isExpected = !live.delete(worker) || isStopping;
      if (isExpected) return;
      logger.error({ worker: worker.process.pid, code, signal }, 'a worker ended');
      metrics.workerEnded();
      replace(performance.now() - startedAt);
    });
    metrics.follow(worker);
    port = await listening(worker);
  };

  const replace = (livedMs: number): void => {
    shortLives = livedMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
    if (shortLives >= SHORT_LIVES_MAX) return onGaveUp(new Error(`workers ended ${shortLives} times right after their start`));
    setTimeout(() => {
      // Where this one ends as well, its own end is heard of.
      if (!isStopping) begin().catch((error: unknown) => logger.error({ err: error }, 'a worker did not come up'));
    }, REPLACE_AFTER_MS);
  };

  const end = async (worker: Worker): Promise<void> => {
    live.delete(worker);
    if (worker.isDead()) return;
    const exited = once(worker, 'exit');
    worker.process.kill('SIGTERM');
    await exited;
  };

  const replaceAll = async (): Promise<void> => {
    logger.info({ workers: live.size }, 'replacing the workers');
    const old = [...live];
    for (const worker of old) {
      if (isStopping) return;
      await begin();
      await end(worker);
    }
    logger.info({ workers: live.size }, 'the workers are new');
  };

  process.on('SIGUSR2', () => {
    replacing = replacing.then(replaceAll).catch((error: unknown) => logger.error({ err: error }, 'the workers were not replaced'));
  });
  for (let number = 0; number < count; number += 1) await begin();
  return {
    port,
    stop: async () => {
      isStopping = true;
      await Promise.all([...live].map(end));
    },
  };
}

/** Resolves with the port. @throws where the worker ends instead, or takes too long. */
async function listening(worker: Worker): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const late = setTimeout(() => reject(new Error(`a worker took no requests within ${START_MS / 1000} s`)), START_MS);
  const ended = (): void => reject(new Error('a worker ended before it took requests'));
  worker.once('exit', ended);
  worker.once('listening', (address) => resolve(address.port));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    worker.off('exit', ended);
  }
}
