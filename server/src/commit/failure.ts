/** Sorts what can go wrong in a batch into what the engine does about it. */
import pg from 'pg';

/**
 * - `rerun`: a serialization failure, deadlock or lock time-out; nothing was done, the same batch may work now.
 * - `conflict`: a unique constraint; another process was faster. Run again, the batch sees its row and refuses; where it
 *   fails again and again, a command is the cause.
 * - `unavailable`: the database is away, full or shutting down; nothing was done, and trying on would only queue up.
 * - `command`: anything else, so some command of the batch is the cause.
 */
export type Failure = 'rerun' | 'conflict' | 'unavailable' | 'command';

const RERUN_STATES = new Set(['40001', '40P01', '55P03']);
const UNIQUE_VIOLATION = '23505';
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
const READ_ONLY_TRANSACTION = '25006';
const IDLE_IN_TRANSACTION_TIMEOUT = '25P03';
const DATABASE_TAKES_NO_CONNECTIONS = '55000';
const UNAVAILABLE_STATES = new Set([READ_ONLY_TRANSACTION, IDLE_IN_TRANSACTION_TIMEOUT, DATABASE_TAKES_NO_CONNECTIONS]);
const NETWORK_CODES = /^(E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_|NOENT)|CONNECTION)/;
const DRIVER_MESSAGES =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Client was closed|not queryable|Cannot use a pool after/;

/** What kind of failure an error raised before COMMIT is. */
export function failureOf(error: unknown): Failure {
  if (error instanceof pg.DatabaseError && error.code !== undefined) {
    if (RERUN_STATES.has(error.code)) return 'rerun';
    if (error.code === UNIQUE_VIOLATION) return 'conflict';
    if (UNAVAILABLE_CLASSES.has(error.code.slice(0, 2))) return 'unavailable';
    if (UNAVAILABLE_STATES.has(error.code)) return 'unavailable';
    return 'command';
  }
  return isConnectionFailure(error) ? 'unavailable' : 'command';
}

/** Whether the error is about the connection, and not an answer of PostgreSQL. */
function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // What the operating system refuses, such as EAGAIN of a socket whose listener stands still.
  if ('syscall' in error) return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODES.test(error.code)) return true;
  return DRIVER_MESSAGES.test(error.message);
}

/**
 * Whether an error that COMMIT raised settles that nothing was committed: PostgreSQL answered with an ordinary
 * error. FATAL and PANIC end the session and may come after the commit record was written.
 */
export function isDefiniteAbort(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
