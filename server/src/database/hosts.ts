/**
 * Several hosts in one URL, `postgresql://user@one:5432,two:5432/shop`, of which one takes writes: a primary and its standbys.
 *
 * The driver knows one host. So each new connection is preceded by a question to the hosts, in their order, but first to the one that
 * took writes last: a connection goes where writes are taken now, and after a failover the server follows without a restart.
 */
import pg from 'pg';
import { assert } from '../kernel/assert.ts';

const DEFAULT_PORT = 5432;

/** No host takes writes now. */
class NoPrimaryError extends Error {
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

/** @param timeoutMs for finding the primary, all hosts together. */
export function createHosts(urls: readonly string[], timeoutMs: number): Hosts {
  const [first] = urls;
  assert(first !== undefined, 'a database has a host');
  let known = first;
  let search: Promise<string> | null = null;

  const find = async (): Promise<string> => {
    for (const url of [known, ...urls.filter((other) => other !== known)]) {
      if (!(await takesWrites(url, timeoutMs / urls.length))) continue;
      known = url;
      return url;
    }
    throw new NoPrimaryError(`none of the ${urls.length} hosts of DATABASE_URL takes writes`);
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

async function takesWrites(url: string, timeoutMs: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'openrun search',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // A connection that is lost between two statements says so by an event, which nobody waits for.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ isReadOnly: boolean }>(
      `SELECT current_setting('transaction_read_only')::boolean AS "isReadOnly"`,
    );
    return rows[0]?.isReadOnly === false;
  } catch {
    return false;
  } finally {
    void client.end().catch(() => undefined);
  }
}
