/**
 * Where lists are read that cost the primary more than they must: from a replica that shows every effect that was answered, or else from the
 * primary. Whatever goes wrong with a replica costs a list some time, and never its answer.
 */
import type { Database } from './database.ts';
import { createLagMeter } from './lag.ts';
import type { ListMetrics, Reason } from './lists.metrics.ts';
import { type Position, positionOf, REPLICA_CONNECTIONS, type Replica, ReplicaError, type Source } from './replica.ts';

export interface Lists {
  /** For what is not to be read from a replica, by work that does for both. */
  readonly primary: Source;
  /** Does `work`, which reads and does nothing else: it may be done a second time, elsewhere. */
  read<T>(work: (source: Source) => Promise<T>): Promise<T>;
}

/** Lists with what looks after the replicas. */
export interface ListReader extends Lists {
  /** Begins to look at the replicas, once a second; until then the primary is read. */
  start(): void;
  stop(): Promise<void>;
}

interface Options {
  readonly database: Database;
  readonly replicas: readonly Replica[];
  readonly metrics: ListMetrics;
  /** Hears when a replica begins to be read from, or, with the reason, ends. */
  readonly onChange: (replica: string, error: unknown) => void;
}

const LOOK_EVERY_MS = 1000;
/** At once, of one replica: one connection is left for the look. */
const READS_MAX = REPLICA_CONNECTIONS - 1;

export function createLists({ database, replicas, metrics, onChange }: Options): ListReader {
  const primary: Source = { query: (statement, values) => database.query(statement, values), clockOffsetMs: 0 };
  const watched = replicas.map((replica) => watch(replica, { database, metrics, onChange }));
  let turn = 0;
  /** The usable ones take turns. */
  const choose = (): Watched | Reason => {
    const usable = watched.filter(({ isUsable }) => isUsable());
    const free = usable.filter(({ isFree }) => isFree());
    turn += 1;
    return free[turn % free.length] ?? (usable.length > 0 ? 'busy' : 'none');
  };

  return {
    primary,
    read: async (work) => {
      if (watched.length === 0) return work(primary);
      const chosen = choose();
      const read = typeof chosen === 'string' ? chosen : await chosen.read(work);
      metrics.read(typeof read === 'string' ? read : 'current');
      return typeof read === 'string' ? work(primary) : read.result;
    },
    start: () => {
      for (const { start } of watched) start();
    },
    stop: async () => {
      await Promise.all(watched.map(({ stop }) => stop()));
    },
  };
}

interface Watched {
  readonly isUsable: () => boolean;
  /** Whether a read has a connection without waiting for another one to end. */
  readonly isFree: () => boolean;
  /** What `work` gave, boxed, or why it was not done there. */
  readonly read: <T>(work: (source: Source) => Promise<T>) => Promise<{ readonly result: T } | Reason>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

function watch(replica: Replica, { database, metrics, onChange }: Omit<Options, 'replicas'>): Watched {
  const lag = createLagMeter();
  let isUsable = false;
  let isStopped = false;
  let reading = 0;
  let next: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();

  const settle = (error: unknown): void => {
    const was = isUsable;
    isUsable = error === null;
    if (was !== isUsable && !isStopped) onChange(replica.name, error);
  };

  const read: Watched['read'] = async (work) => {
    reading += 1;
    try {
      const position = await positionOf(database).catch(() => null);
      // Whatever keeps the primary from telling keeps it from answering as well: let it say so itself.
      if (position === null) return 'none';
      return { result: await replica.read(position, work) };
    } catch (error) {
      settle(error);
      return error instanceof ReplicaError && error.isBehind ? 'behind' : 'failed';
    } finally {
      reading -= 1;
    }
  };

  const tryIt = async (position: Position): Promise<unknown> => {
    // Over shards the position of the coordinator says nothing of what its workers have.
    if ((await database.layout()) === 'sharded') return new ReplicaError('is of a Citus cluster, which this does not work for');
    return replica.read(position, async () => null).catch((error: unknown) => error);
  };

  const look = async (): Promise<void> => {
    const atMs = performance.now();
    const position = await positionOf(database);
    settle(await tryIt(position));
    const replayed = isUsable
      ? position.lsn
      : await replica.standing(position).then(
          ({ lsn }) => lsn,
          () => null,
        );
    metrics.looked(replica.name, isUsable, lag.seen(replayed, { lsn: position.lsn, atMs }, performance.now()));
  };

  const lookOn = async (): Promise<void> => {
    // A primary that is away is not told of here: everything else tells.
    await look().catch(() => undefined);
    if (!isStopped) next = setTimeout(start, LOOK_EVERY_MS).unref();
  };
  const start = (): void => {
    looking = lookOn();
  };

  return {
    isUsable: () => isUsable,
    isFree: () => reading < READS_MAX,
    read,
    start,
    stop: async () => {
      isStopped = true;
      if (next !== null) clearTimeout(next);
      await looking;
      await replica.close();
    },
  };
}
