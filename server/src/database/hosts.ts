/**
 * Several hosts in one URL, `postgresql://user@one:5432,two:5432/shop`, of which one takes writes: a primary and its standbys.
 *
 * The driver knows one host. So each new connection is preceded by a question to the hosts, in their order, but first to the one that
 * took writes last: a connection goes where writes are taken now, and after a failover the server follows without a restart.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { assert } from '../kernel/assert.ts';
import { driverConfig } from './tls.ts';

const DEFAULT_PORT = 5432;
const IS_READ_ONLY = `SELECT current_setting('transaction_read_only')::boolean AS "isReadOnly"`;

/** No host takes writes now. */
export class NoPrimaryError extends Error {
  override readonly name = 'NoPrimaryError';
  /** Of the kind that the driver's own errors of connections are. */
  readonly code = 'CONNECTION_NO_PRIMARY';
}

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Hosts {
  /** The URL of the host that takes writes. @throws where none does. */
  primary(): Promise<string>;
  /** The driver's client, which connects to that host. */
  readonly Client: typeof pg.Client;
}

type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/** @param timeoutMs for finding the primary, all hosts together. @throws where the settings of TLS cannot be used. */
export function createHosts(urls: readonly string[], timeoutMs: number): Hosts {
  const [first] = urls;
  assert(first !== undefined, 'a database has a host');
  let known = first;
  let search: Promise<string> | null = null;

  const find = async (): Promise<string> => {
    known = await findPrimary([known, ...urls.toSpliced(urls.indexOf(known), 1)], timeoutMs);
    return known;
  };
  /** Who asks while a search is under way shares what it finds. */
  const primary = (): Promise<string> => {
    search ??= find().finally(() => {
      search = null;
    });
    return search;
  };

  class FollowingClient extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | void {
      const connected = primary().then((url) => {
        Object.assign(this, addressOf(url));
        return super.connect();
      });
      if (callback === undefined) return connected;
      // Outside of the promise, where an error of the listener would pass for one of the connection.
      connected.then(
        () => process.nextTick(callback, null, this),
        (error: unknown) => process.nextTick(callback, error),
      );
    }
  }
  return { primary, Client: FollowingClient };
}

function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: decodeURIComponent(hostname).replaceAll(/^\[|\]$/g, ''), port: port === '' ? DEFAULT_PORT : Number(port) };
}

/**
 * The first of the hosts that says that it takes writes. Each is asked when the one before it has said that it does not, or nothing for its share of
 * the time, and may answer until the end: a silent host delays the search, and a slow primary is found all the same.
 *
 * @throws NoPrimaryError where none does.
 */
async function findPrimary(urls: readonly string[], timeoutMs: number): Promise<string> {
  const deadline = performance.now() + timeoutMs;
  const { promise: found, resolve } = Promise.withResolvers<string>();
  const reasons: Promise<string>[] = [];
  const ask = async (url: string): Promise<string> => {
    const reason = await whyNoWrites(url, Math.max(1, deadline - performance.now()));
    if (reason === null) resolve(url);
    return `${new URL(url).host}: ${reason}`;
  };
  for (const url of urls) {
    const asked = ask(url);
    reasons.push(asked);
    const early = await Promise.race([found, asked.then(() => null), sleep(timeoutMs / urls.length, null, { ref: false })]);
    if (early !== null) return early;
  }
  const primary = await Promise.race([found, Promise.all(reasons).then(() => null)]);
  if (primary !== null) return primary;
  throw new NoPrimaryError(`none of the ${urls.length} hosts of DATABASE_URL takes writes (${(await Promise.all(reasons)).join('; ')})`);
}

/** null: the host takes writes, and said so within the time, connection and answer together. */
async function whyNoWrites(url: string, timeoutMs: number): Promise<string | null> {
  const deadline = performance.now() + timeoutMs;
  const client = new pg.Client({
    ...driverConfig(url),
    application_name: 'openrun search',
    connectionTimeoutMillis: timeoutMs,
  });
  // A connection that is lost between two statements says so by an event, which nobody waits for.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const question = { text: IS_READ_ONLY, query_timeout: Math.max(1, deadline - performance.now()) };
    const { rows } = await client.query<{ isReadOnly: boolean }>(question);
    return rows[0]?.isReadOnly === false ? null : 'read-only';
  } catch (error) {
    return reasonOf(error);
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Of several addresses of one name, each has failed for a reason of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
