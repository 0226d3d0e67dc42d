/**
 * PostgreSQL's settings for a commerce server on a small machine, as arguments, so that they hold whatever
 * `postgresql.conf` says. Durability is untouched: what was answered is on disk.
 */
import { totalmem } from 'node:os';

const MIB = 2 ** 20;
const MAX_SHARED_BUFFERS_MIB = 1024;
const MIN_SHARED_BUFFERS_MIB = 32;
const CONNECTIONS_MIN = 100;
/** The pools, what takes turns, and the line of news. */
const CONNECTIONS_A_PROCESS = 25;
const CONNECTIONS_OF_OTHERS = 20;

/** The `-c name=value` arguments for a database whose socket is in `socketDirectory`, and that so many processes sell from. */
export function settingArguments(socketDirectory: string, port: number, processes: number): string[] {
  return Object.entries({ ...reach(socketDirectory, port, processes), ...DURABILITY, ...memory(), ...WORK, ...LOGGING }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
}

/** No TCP at all: a socket in a private directory is the only way in. */
function reach(socketDirectory: string, port: number, processes: number): Record<string, string> {
  return {
    listen_addresses: '',
    // The setting is a list; quotes keep a comma or a blank of the path from dividing it.
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: String(port),
    // A process may be replaced while it still answers, and commands and people come as well.
    max_connections: String(Math.max(CONNECTIONS_MIN, (processes + 1) * CONNECTIONS_A_PROCESS + CONNECTIONS_OF_OTHERS)),
  };
}

const DURABILITY = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // The build has neither lz4 nor zstd, and pglz, which it has, takes several times their processor time.
  wal_compression: 'off',
  // Rare checkpoints: each makes the next change of every page write the whole page to the log.
  checkpoint_timeout: '15min',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  max_logical_replication_workers: '0',
};

/** A quarter of the memory, up to what the working set of a sale needs; a container's limit counts as its memory. */
function memory(): Record<string, string> {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(totalmem(), limit) : totalmem();
  const mebibytes = Math.floor(bytes / MIB);
  const sharedBuffers = Math.max(MIN_SHARED_BUFFERS_MIB, Math.min(MAX_SHARED_BUFFERS_MIB, Math.floor(mebibytes / 4)));
  return {
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.max(sharedBuffers, Math.floor(mebibytes / 2))}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    // Reserved huge pages belong to somebody else on a shared machine, and using them can kill a container.
    huge_pages: 'off',
  };
}

/**
 * Parallel workers are off: one report would take both cores from the sale. With them goes nearly all use of
 * dynamic shared memory, so that the 64 MB that a container has in /dev/shm are plenty and `initdb`'s choice of
 * its type (posix; another where that does not work) can stay.
 */
const WORK = {
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  random_page_cost: '1.1',
  jit: 'off',
  // Hot rows die by the thousand: small tables are cleaned often, and without long pauses.
  autovacuum_naptime: '15s',
  autovacuum_max_workers: '2',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_vacuum_insert_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_cost_limit: '1000',
  timezone: 'UTC',
};

const LOGGING = {
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '',
  log_min_messages: 'warning',
  // The text of a failed statement carries its customers' data.
  log_min_error_statement: 'panic',
  // Nor is the row that broke a constraint anybody's to read.
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  lc_messages: 'C',
  cluster_name: 'openrun',
};
