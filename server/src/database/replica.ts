/**
 * One standby that lists are read from.
 *
 * Before it is asked for a list, it must have replayed the primary's log as far as that was written when the list was asked for. So a list of it
 * shows every effect that was answered before, whichever process answered, as a list of the primary would ([ADR 15](../../../docs/adr/0015-replicas.md)).
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { present } from '../kernel/assert.ts';
import { clientConfig, type Executor, executorOn, type OnStatement, statement } from './database.ts';

/** How far the log of a primary is written, and with it every effect that was answered. */
export interface Position {
  /** Which database it is, and on which timeline: positions of different histories cannot be compared. */
  readonly history: string;
  readonly lsn: string;
  /** By the primary's clock. */
  readonly at: Date;
}

/** Where a list is read: the primary, or a standby that is as far. */
export interface Source extends Executor {
  /** What makes the primary's time of the time there; zero for the primary. */
  readonly clockOffsetMs: number;
}

/** A standby that cannot be read from now; the message says why. */
export class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  /** Whether it has only not come as far yet. */
  readonly isBehind: boolean;

  constructor(message: string, isBehind = false) {
    super(message);
    this.isBehind = isBehind;
  }
}

export interface Replica {
  /** `host:port`. */
  readonly name: string;
  /** How far it has replayed the log, be that where it may. @throws where it does not answer. */
  standing(position: Position): Promise<Standing>;
  /** Does `work` there, once it has come as far as `position`. @throws ReplicaError where it is not soon, or what went wrong. */
  read<T>(position: Position, work: (source: Source) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How a standby stands to a position of the primary. */
export interface Standing {
  readonly history: string;
  readonly isStandby: boolean;
  /** Of the log; negative where it is further by now, null where it has replayed none. */
  readonly behindBytes: number | null;
  /** How far it has replayed the log. */
  readonly lsn: string | null;
  /** By its own clock. */
  readonly at: Date;
}

/** Connections of one process to one standby. */
export const REPLICA_CONNECTIONS = 8;
/** How long a read waits for a standby to come as far: one that streams takes milliseconds. */
const REACH_MS = 250;
const POLL_MS = 5;
const CONNECT_MS = 1000;
const QUESTION_MS = 1000;
/** Shorter than the primary's, for the primary may have to do it all again. */
const STATEMENT_MS = 3000;
const IDLE_MS = 60_000;
const SECOND_MS = 1000;

/** Of one database of one cluster. */
const DATABASE =
  "(SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())";

// A commit is answered when it is flushed; with commits that do not wait for that, when it is written to the log's buffers.
const positionStatement = statement<Position>(
  'replica.position',
  `SELECT ${DATABASE} || '/' || left(pg_walfile_name(log.lsn), 8) AS history, log.lsn::text AS lsn, clock_timestamp() AS at
     FROM (SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END AS lsn) AS log`,
);

// The timeline of the last restartpoint: after a failover a standby is behind until it has made one on the new timeline.
const standingStatement = statement<Standing>(
  'replica.standing',
  `SELECT ${DATABASE} || '/' || lpad(upper(to_hex(timeline_id)), 8, '0') AS history, pg_is_in_recovery() AS "isStandby",
          pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn())::bigint AS "behindBytes", pg_last_wal_replay_lsn()::text AS lsn, clock_timestamp() AS at
     FROM pg_control_checkpoint()`,
  QUESTION_MS,
);

/** How far the primary's log is written now. */
export async function positionOf(primary: Executor): Promise<Position> {
  const [position] = await primary.query(positionStatement);
  return present(position, 'the position of the log');
}

/** @param url of a single host. */
export function openReplica(url: string, onStatement: OnStatement | null): Replica {
  const pool = new pg.Pool({
    ...clientConfig({ url }),
    max: REPLICA_CONNECTIONS,
    pipeline: true,
    application_name: 'openrun replica',
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    // A standby takes no writes anyway, but one that has become a primary would.
    options: '-c default_transaction_read_only=on',
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS * 2,
    query_timeout: STATEMENT_MS + SECOND_MS / 2,
  });
  // Of connections that are lost, whoever uses one hears by its statement; one that is idle is made again.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    name: new URL(url).host,
    standing: (position) => onConnection(pool, (client) => standingOn(client, position)),
    read: (position, work) =>
      // On one connection: a standby that was started anew in between might be less far.
      onConnection(pool, async (client) => {
        const { at } = await reach(client, position);
        return work({ ...executorOn(client, undefined, onStatement), clockOffsetMs: position.at.getTime() - at.getTime() });
      }),
    close: () => pool.end(),
  };
}

async function onConnection<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const result = await work(client);
    isBroken = false;
    return result;
  } catch (error) {
    isBroken = !(error instanceof ReplicaError);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

async function standingOn(client: pg.PoolClient, { lsn }: Position): Promise<Standing> {
  const [standing] = await executorOn(client).query(standingStatement, [lsn]);
  return present(standing, 'the standing of a standby');
}

/** Waits until the standby has come as far; gives how it stood then. @throws ReplicaError */
async function reach(client: pg.PoolClient, position: Position): Promise<Standing> {
  const deadline = performance.now() + REACH_MS;
  for (;;) {
    const standing = await standingOn(client, position);
    const trouble = troubleOf(standing, position);
    if (trouble === null) return standing;
    if (!trouble.isBehind || performance.now() >= deadline) throw trouble;
    await delay(POLL_MS);
  }
}

/** Why a standby cannot be read from; null where it can. */
export function troubleOf({ history, isStandby, behindBytes }: Standing, position: Position): ReplicaError | null {
  if (!isStandby) return new ReplicaError('is no standby');
  if (databaseOf(history) !== databaseOf(position.history)) return new ReplicaError('is a standby of another database');
  if (history !== position.history) return new ReplicaError('is on another timeline, or has made no restartpoint on the new one yet');
  if (behindBytes === null || behindBytes > 0) return new ReplicaError(`is ${behindBytes ?? 'an unknown number of'} bytes behind`, true);
  return null;
}

/** What of a history stays the same in a failover. */
export function databaseOf(history: string): string {
  return history.slice(0, history.lastIndexOf('/'));
}
