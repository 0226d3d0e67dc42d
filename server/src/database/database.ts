/**
 * Connections to PostgreSQL.
 *
 * SQL is written as named statements ({@link statement}), which PostgreSQL prepares once a connection.
 * `bigint` columns arrive as safe integers and `timestamptz` columns as dates; every array parameter is
 * sent in PostgreSQL's own array syntax by the driver.
 */
import pg from 'pg';
import { assert } from '../kernel/assert.ts';
import { urlsOf } from '../kernel/database-url.ts';
import { createHosts } from './hosts.ts';
import { type Layout, learnLayout } from './layout.ts';
import { driverConfig } from './tls.ts';

/** What a statement says in each layout of the database, where one text does not do for both. */
export type Texts = Readonly<Record<Layout, string>>;

/** A prepared statement: a name that is unique in the program, and its text with $1, $2 …; `Row` is the shape of a row. */
export interface Statement<Row> {
  readonly name: string;
  readonly texts: Texts;
  /** How long the client waits for it, where that differs from the connection's limit. */
  readonly timeoutMs: number | undefined;
  /** Only for the type: a statement never has it. */
  readonly row?: Row;
}

/**
 * Of a statement that writes rows by their keys, the two texts, the second of which names the shards as well. Citus lets one such statement at a
 * time into several shards, until its transaction ends, and any number into a single one: so a batch writes to no shard that it did not lock in.
 */
export function inShardsOf(key: string, text: string): Texts {
  return { whole: text, sharded: `${text} AND ${key}` };
}

/**
 * Declares a prepared statement; two texts take the same values and give the same rows. The row's shape is the author's word, kept honest by
 * tests against real PostgreSQL.
 */
export function statement<Row>(name: string, text: string | Texts, timeoutMs?: number): Statement<Row> {
  return { name, texts: typeof text === 'string' ? { whole: text, sharded: text } : text, timeoutMs };
}

/** Something that runs statements: the pool (each alone) or a transaction. */
export interface Executor {
  query<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * An executor whose statements are one transaction; features take it explicitly and never open their own. Statements that
 * are sent without waiting for one another go out together and run in the order in which they were sent.
 */
export interface Transaction extends Executor {
  readonly transaction: true;
  /** For what takes other statements over shards, and not only other texts. */
  readonly layout: Layout;
}

/** What a column may be given; with nothing else can a parameter fail to be written after others were sent. */
type Scalar = string | number | boolean | Date | null;
export type Parameter = Scalar | readonly Scalar[];

/**
 * The writing end of a transaction. What is added is sent at once, and the transaction is committed right behind it without
 * waiting for results: every change must be added in the same turn.
 */
export interface Writes {
  add(statement: Statement<unknown>, values: readonly Parameter[]): void;
}

/**
 * Hears that a statement has ended, in milliseconds of `performance.now`; `error` is null where it did not fail. In a transaction a statement
 * starts when the one before it has ended, however early it was sent.
 */
export type OnStatement = (name: string, startedAtMs: number, endedAtMs: number, error: unknown) => void;

/** How to reach PostgreSQL: a URL, which may name several hosts of which one takes writes, or the embedded database's socket. */
export type ConnectionTarget =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** Limits of the connections; see `docs/operations.md`. */
export interface DatabaseLimits {
  readonly readers: number;
  readonly writers: number;
  /** For what happens behind the requests: the relay, retention. */
  readonly background: number;
  /** For the turns that processes take; see `commit/turns.ts`. */
  readonly turns: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export const DEFAULT_LIMITS: DatabaseLimits = {
  readers: 8,
  writers: 10,
  background: 4,
  turns: 2,
  connectTimeoutMs: 3000,
  statementTimeoutMs: 5000,
};

/** Whoever has the turn and does nothing loses it after so long, and whoever waits for it goes without. */
const TURN_MS = 500;

/** How many connections one process opens at most. */
export function connectionsOf({ readers, writers, background, turns }: DatabaseLimits): number {
  return readers + writers + background + turns;
}

/** What each connection asks PostgreSQL for, and how long a pool keeps one that nobody uses. */
export function timeoutsOf({ statementTimeoutMs }: DatabaseLimits) {
  return { statementTimeoutMs, idleInTransactionTimeoutMs: statementTimeoutMs * 2, idlePoolMs: 60_000 };
}

/**
 * How the statements of writers and of the background are planned: by nested loops over indexes, whatever the statistics say. A batch names its few hundred rows
 * by their keys; a plan that was made while a table was nearly empty, and is kept, would read all of it seconds later.
 */
const BY_KEYS = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'] as const;

/** The cost of a plan that has something switched off is huge, so PostgreSQL would compile it, for half a second, to run for a millisecond. */
const NEVER = ['jit'] as const;

/** Lets the planner choose freely for the rest of a transaction: for reports, which read much of a table. */
export const planFreely: Statement<unknown> = statement('database.planFreely', {
  whole: `SELECT ${BY_KEYS.map((name) => `set_config('${name}', 'on', true)`).join(', ')}`,
  // Citus passes on what SET says, and nothing else; of the three it is this one that a report needs.
  sharded: 'SET LOCAL enable_hashjoin = on',
});

/**
 * How a batch begins. Over shards it takes one connection a worker, so it has one transaction to prepare there; and what a writer's connection is
 * set to holds on the coordinator alone, so it is passed on, each by a message of its own, as Citus passes on whole messages.
 */
const BEGIN: Readonly<Record<Layout, readonly string[]>> = {
  whole: ['BEGIN'],
  sharded: [
    'BEGIN',
    "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    "SET LOCAL citus.propagate_set_commands = 'local'",
    ...[...BY_KEYS, 'enable_bitmapscan'].map((name) => `SET LOCAL ${name} = off`),
  ],
};

const INT8_OID = 20;

function parseInt8(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `bigint ${text} is outside the safe integers`);
  return value;
}

/** The driver's own parser of a type, whose result it does not type. */
const driverParser: (oid: number, format: 'text' | 'binary') => (text: string) => unknown = pg.types.getTypeParser;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
    oid === INT8_OID ? parseInt8 : driverParser(oid, format ?? 'text'),
};

/** The driver's configuration for one connection to `target`; of several hosts, to the first. */
export function clientConfig(target: ConnectionTarget): pg.ClientConfig {
  return 'url' in target ? { ...driverConfig(urlsOf(target.url)[0] ?? target.url), types } : { ...target, types };
}

/** Of several hosts the one that takes writes, for a connection of its own. @throws where none does. */
export async function writableTarget(target: ConnectionTarget): Promise<ConnectionTarget> {
  const urls = 'url' in target ? urlsOf(target.url) : [];
  return urls.length > 1 ? { url: await createHosts(urls, DEFAULT_LIMITS.connectTimeoutMs).primary() } : target;
}

/** What pools to `target` have besides: where it has several hosts, clients that go to the one that takes writes. */
function followingConfig(target: ConnectionTarget, limits: DatabaseLimits): pg.PoolConfig {
  const urls = 'url' in target ? urlsOf(target.url) : [];
  return urls.length > 1 ? { Client: createHosts(urls, limits.connectTimeoutMs / 2).Client } : {};
}

/** Runs one statement on a client, prepared under its name. */
async function run<Row>(
  client: pg.ClientBase | pg.Pool,
  { name, texts, timeoutMs }: Statement<Row>,
  values: readonly unknown[] = [],
  layout: Layout,
  onStatement: OnStatement | null,
): Promise<Row[]> {
  const config = { name, text: texts[layout], values: [...values], ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }) };
  const { rows } = await timed(name, client.query<Row & pg.QueryResultRow>(config), onStatement);
  return rows;
}

/** The same result; where somebody listens, the end of it is told. */
export function timed<T>(name: string, result: Promise<T>, onStatement: OnStatement | null): Promise<T> {
  return onStatement === null ? result : told(name, result, onStatement);
}

async function told<T>(name: string, result: Promise<T>, onStatement: OnStatement): Promise<T> {
  const startedAtMs = performance.now();
  try {
    const value = await result;
    onStatement(name, startedAtMs, performance.now(), null);
    return value;
  } catch (error) {
    onStatement(name, startedAtMs, performance.now(), error);
    throw error;
  }
}

/** For statements that run one after the other, although several are sent at once. */
export function inTurn(onStatement: OnStatement): OnStatement {
  let lastMs = 0;
  return (name, startedAtMs, endedAtMs, error) => {
    onStatement(name, Math.max(startedAtMs, lastMs), endedAtMs, error);
    lastMs = endedAtMs;
  };
}

/**
 * The transaction that a client is in, or that `begin` begins. `failure` is what the first of its statements to fail had to say, boxed: those
 * behind it only say that the transaction is over, or that there is none, and whoever waits for several may hear of them first.
 */
export function transactionOn(
  client: pg.ClientBase,
  layout: Layout,
  onStatement: OnStatement | null = null,
): Transaction & {
  begin(): Promise<unknown>;
  failure(): { readonly error: unknown } | null;
} {
  let failure: { readonly error: unknown } | null = null;
  const noting = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    transaction: true,
    layout,
    begin: () => Promise.all(BEGIN[layout].map((sql) => noting(client.query(sql)))),
    failure: () => failure,
    query: (s, values) => noting(run(client, s, values, layout, onStatement)),
  };
}

/** The writes of a transaction on `client`, and what becomes of each of them. */
export function writesOn(
  client: pg.ClientBase,
  layout: Layout,
  onStatement: OnStatement | null = null,
): Writes & { readonly results: readonly Promise<unknown>[] } {
  const results: Promise<unknown>[] = [];
  const add: Writes['add'] = (s, values) => {
    const result = run(client, s, values, layout, onStatement);
    // Whoever gives up on the transaction before it has seen all results does not want to hear of them.
    result.catch(() => undefined);
    results.push(result);
  };
  return { results, add };
}

/** Sends everything that `send` asks for in one packet. */
export function together<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = client.connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

const lyingWhole = (): Promise<Layout> => Promise.resolve('whole');

/**
 * Runs statements on whichever connection of the pool is free, or on the one that is given, each alone. `layout`, which may be left out for tables that always lie whole, is
 * asked only where it makes a difference.
 */
export function executorOn(
  pool: pg.Pool | pg.ClientBase,
  layout: () => Promise<Layout> = lyingWhole,
  onStatement: OnStatement | null = null,
): Executor {
  return {
    query: async (s, values) => run(pool, s, values, s.texts.sharded === s.texts.whole ? 'whole' : await layout(), onStatement),
  };
}

/**
 * The pools of a process: writers run transactions, readers single statements and reports, and `background` single statements of what must never
 * take a connection from a request.
 */
export interface Database extends Executor {
  readonly target: ConnectionTarget;
  readonly limits: DatabaseLimits;
  readonly readers: pg.Pool;
  readonly writers: pg.Pool;
  readonly background: Executor;
  readonly turns: pg.Pool;
  /** How the tables lie; asked of the database once, and again only where it gave no answer. */
  layout(): Promise<Layout>;
  /** Runs `work` on one snapshot, on a reader: for reports, which are planned freely and may take long. */
  report<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens the pools; nothing is connected until the first statement. `onError` hears of connections lost while idle, `onStatement` of the
 * statements of readers and of the background; a batch tells of its own.
 */
export function openDatabase(
  target: ConnectionTarget,
  limits: DatabaseLimits,
  onError: (error: Error) => void,
  onStatement: OnStatement | null = null,
): Database {
  let closing = false;
  const following = followingConfig(target, limits);
  const timeouts = timeoutsOf(limits);
  const pool = (max: number, name: string, own: pg.PoolConfig): pg.Pool => {
    const made = new pg.Pool({
      ...clientConfig(target),
      ...following,
      max,
      application_name: `openrun ${name}`,
      connectionTimeoutMillis: limits.connectTimeoutMs,
      idleTimeoutMillis: timeouts.idlePoolMs,
      statement_timeout: limits.statementTimeoutMs,
      lock_timeout: limits.statementTimeoutMs,
      idle_in_transaction_session_timeout: timeouts.idleInTransactionTimeoutMs,
      query_timeout: limits.statementTimeoutMs + 1000,
      ...own,
    });
    made.on('error', (error) => {
      if (!closing) onError(error);
    });
    // The pool listens to idle connections only. Without a listener, one that is lost in the middle of a transaction would
    // end the process, although the statement that runs on it fails and tells.
    made.on('connect', (client) => client.on('error', () => undefined));
    return made;
  };
  const without = (names: readonly string[]): pg.PoolConfig => ({ options: names.map((name) => `-c ${name}=off`).join(' ') });
  const readers = pool(limits.readers, 'reader', without(NEVER));
  const writers = pool(limits.writers, 'writer', { pipeline: true, ...without([...NEVER, ...BY_KEYS]) });
  const background = pool(limits.background, 'background', without([...NEVER, ...BY_KEYS]));
  const turns = pool(limits.turns, 'turns', {
    pipeline: true,
    lock_timeout: TURN_MS,
    idle_in_transaction_session_timeout: TURN_MS,
    // A connection that has died in silence tells of no limit of PostgreSQL's.
    query_timeout: TURN_MS * 2,
    connectionTimeoutMillis: TURN_MS * 2,
  });
  const layout = learnLayout(readers);
  return {
    target,
    limits,
    readers,
    writers,
    background: executorOn(background, layout, onStatement),
    turns,
    layout,
    ...executorOn(readers, layout, onStatement),
    report: async (work) => onSnapshot(readers, await layout(), work, onStatement),
    close: async () => {
      closing = true;
      await Promise.all([readers, writers, background, turns].map((each) => each.end()));
    },
  };
}

async function onSnapshot<T>(
  pool: pg.Pool,
  layout: Layout,
  work: (tx: Transaction) => Promise<T>,
  onStatement: OnStatement | null,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(transactionOn(client, layout, onStatement === null ? null : inTurn(onStatement)));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
