/**
 * Several processes that listen on one port: `openrun start --workers N`.
 *
 * The first process has the database, where it is the embedded one, and hands each connection to the next worker in turn; the workers
 * are servers like any other. One that ends by itself is replaced, and SIGUSR2 replaces them all, one after the other, each only once
 * its successor takes requests.
 */
import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { closeUntaken } from './workers.connections.ts';
import { gatherMetrics, type MetricsOfAll } from './workers.metrics.ts';

export interface Workers {
  /** Starts them; resolves with the port where all of them listen, when all of them take requests. */
  start(): Promise<number>;
  /** Lets all of them answer what is under way, and waits for their ends. */
  stop(): Promise<void>;
}

/** A worker that ends sooner than this did not come up. */
const SHORT_LIFE_MS = 5000;
const SHORT_LIVES_MAX = 5;
const REPLACE_AFTER_MS = 500;
/** How long a new worker may take until it takes requests. */
const START_MS = 60_000;
/** How long a worker may take to end: less than the first process has for that itself, which leaves nobody behind. */
const END_MS = 17_000;

/**
 * The workers, each with this process's own command line.
 *
 * @param onGaveUp hears that workers end over and over.
 */
export function createWorkers(options: {
  readonly count: number;
  readonly logger: Logger;
  readonly onGaveUp: (error: Error) => void;
}): Workers {
  const { count, logger, onGaveUp } = options;
  const metrics = gatherMetrics();
  const fleet = createFleet(metrics, logger);
  const crew = createCrew({ fleet, metrics, logger, onLost: (livedMs) => replace(livedMs) });
  let isStopping = false;
  let shortLives = 0;
  let replacing: Promise<void> = Promise.resolve();

  const replace = (livedMs: number): void => {
    if (isStopping) return;
    shortLives = livedMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
    if (shortLives >= SHORT_LIVES_MAX) return onGaveUp(new Error(`workers ended ${shortLives} times right after their start`));
    setTimeout(() => {
      if (isStopping) return;
      const startedAt = performance.now();
      crew.begin().catch((error: unknown) => {
        logger.error({ err: error }, 'a worker did not come up');
        replace(performance.now() - startedAt);
      });
    }, REPLACE_AFTER_MS);
  };

  const beginAll = async (): Promise<number> => {
    let port = 0;
    for (let number = 0; number < count; number += 1) port = await crew.begin();
    return port;
  };

  // From now on, for it would end the process unheard: who sends it before the workers are there has them replaced when they are.
  process.on('SIGUSR2', () => {
    replacing = replacing.then(crew.succeedAll).catch((error: unknown) => logger.error({ err: error }, 'the workers were not replaced'));
  });

  return {
    start: () => {
      const beginning = beginAll();
      replacing = beginning.then(
        () => undefined,
        () => undefined,
      );
      return beginning;
    },
    stop: async () => {
      isStopping = true;
      await fleet.endAll();
    },
  };
}

/** The workers that take requests, and their successors. */
function createCrew(deps: {
  readonly fleet: ReturnType<typeof createFleet>;
  readonly metrics: MetricsOfAll;
  readonly logger: Logger;
  /** Hears of one that has ended by itself, and for how long it lived. */
  readonly onLost: (livedMs: number) => void;
}) {
  const { fleet, metrics, logger, onLost } = deps;
  const serving = new Set<Worker>();
  /** Those that do not take requests yet. */
  const coming = new Set<Promise<unknown>>();
  /** Whoever has a successor on its way is not replaced besides. */
  let succeeded: Worker | null = null;

  const beginOne = async (): Promise<number> => {
    const startedAt = performance.now();
    const { worker, port } = await fleet.begin();
    serving.add(worker);
    worker.once('exit', (code, signal) => {
      serving.delete(worker);
      if (fleet.isEnding(worker)) return;
      logger.error({ worker: worker.process.pid, code, signal }, 'a worker ended');
      metrics.workerEnded();
      if (worker !== succeeded) onLost(performance.now() - startedAt);
    });
    return port;
  };

  const begin = async (): Promise<number> => {
    const one = beginOne();
    coming.add(one);
    return one.finally(() => coming.delete(one));
  };

  const succeed = async (worker: Worker): Promise<void> => {
    succeeded = worker;
    try {
      await begin();
    } catch (error) {
      if (worker.isDead()) onLost(SHORT_LIFE_MS);
      throw error;
    } finally {
      succeeded = null;
    }
    await fleet.end(worker);
  };

  const succeedAll = async (): Promise<void> => {
    logger.info({ workers: serving.size }, 'replacing the workers');
    await Promise.allSettled(coming);
    const old = [...serving];
    for (const worker of old) if (serving.has(worker) && !fleet.isEnding(worker)) await succeed(worker);
    logger.info({ workers: serving.size }, 'the workers are new');
  };
  return { begin, succeedAll };
}

/** Begins and ends workers, and knows of all that have not ended: those that start and those that end as well. */
function createFleet(metrics: MetricsOfAll, logger: Logger) {
  const all = new Set<Worker>();
  const ends = new WeakMap<Worker, Promise<void>>();
  let isOver = false;

  const ended = async (worker: Worker): Promise<void> => {
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    worker.once('exit', () => resolve());
    worker.process.kill('SIGTERM');
    const late = setTimeout(() => worker.process.kill('SIGKILL'), END_MS);
    await exited;
    clearTimeout(late);
  };
  /** To be told twice would have a worker drop what is under way. */
  const end = async (worker: Worker): Promise<void> => {
    if (worker.isDead()) return;
    const ending = ends.get(worker) ?? ended(worker);
    ends.set(worker, ending);
    await ending;
  };
  return {
    begin: async (): Promise<{ worker: Worker; port: number }> => {
      if (isOver) throw new Error('all workers are to end');
      const worker = cluster.fork();
      // Unheard it would end the first process, which may well tell somebody something who was killed a moment ago.
      worker.on('error', (error) => logger.warn({ err: error, worker: worker.process.pid }, 'a worker cannot be reached'));
      closeUntaken(worker);
      all.add(worker);
      worker.once('exit', () => all.delete(worker));
      metrics.follow(worker);
      try {
        return { worker, port: await listening(worker) };
      } catch (error) {
        // It has nothing under way, and one that hangs would hear of nothing else.
        worker.process.kill('SIGKILL');
        metrics.workerEnded();
        throw error;
      }
    },
    end,
    isEnding: (worker: Worker): boolean => ends.has(worker),
    endAll: async () => {
      isOver = true;
      await Promise.all([...all].map(end));
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
