/**
 * NATS JetStream: an event of type `order.paid` is published to `openrun.order.paid`, with its id as `Nats-Msg-Id`, so that the stream drops what
 * is published twice within its window of duplicates, and `traceparent`, where the attempt is traced. Delivered means that the stream has stored it.
 *
 * A connection that breaks is not mended but replaced: what was asked on it fails at once rather than when its time is up, nothing waits in a
 * buffer behind the relay's back, and nobody is led to servers that only the old one knew. The account has to be let publish to `openrun.>` and
 * `$JS.API.STREAM.INFO.OPENRUN`, subscribe to `_INBOX.>`, and, where nobody else makes the stream, publish to `$JS.API.STREAM.CREATE.OPENRUN`.
 */
import { isIP, isIPv6 } from 'node:net';
import { JetStreamApiError, type JetStreamClient, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect, headers, InvalidArgumentError, type MsgHdrs, type NatsConnection, RequestError } from '@nats-io/transport-node';
import { addressesOf, type Reach, withoutBrackets } from './addresses.ts';
import { away, type Message, type Sent, type Sink } from './sink.ts';

const CONCURRENCY = 1000;
const STREAM = 'OPENRUN';
const SUBJECTS = 'openrun.>';
const CONNECT_TIMEOUT_MS = 3000;
const STREAM_TIMEOUT_MS = 3000;
const PUBLISH_TIMEOUT_MS = 5000;
/** A server that leaves two of these unanswered is given up. */
const PING_EVERY_MS = 10_000;
const DUPLICATES_NANOSECONDS = 10 * 60 * 1_000_000_000;

/** Error codes of JetStream, after `errors.json` of nats-server. */
const NO_STREAM = 10_059;
const SUBJECTS_TAKEN = 10_065;
const MESSAGE_TOO_LARGE = 10_054;

interface Open {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
}

/**
 * @param url `nats://` or `tls://`, with user and password or a token where the server wants them. Its host may be a name with several addresses.
 */
export function createNatsSink(url: string, reach: Reach): Sink {
  let opening: Promise<Open> | null = null;
  const open = (): Promise<Open> => {
    if (opening !== null) return opening;
    const own = openStream(url, reach);
    const forget = (): void => {
      if (opening === own) opening = null;
    };
    // The next event opens it anew.
    own.then(({ connection }) => connection.closed().then(forget)).catch(forget);
    opening = own;
    return own;
  };
  return {
    concurrency: CONCURRENCY,
    send: async (message, signal) => {
      try {
        return await unlessAborted(signal, async () => publish(await open(), message));
      } catch (error) {
        if (isTooLarge(error)) throw error;
        return away(error);
      }
    },
    close: async () => {
      const opened = await opening?.catch(() => null);
      await opened?.connection.close();
    },
  };
}

async function publish({ connection, client }: Open, { id, type, body, traceparent }: Message): Promise<Sent> {
  const subject = `openrun.${type}`;
  const trace = traceparent === null ? {} : { headers: traceHeaders(traceparent) };
  try {
    const { stream, seq, duplicate } = await client.publish(subject, body, { msgID: id, timeout: PUBLISH_TIMEOUT_MS, ...trace });
    return { outcome: 'delivered', statusCode: null, answer: `${stream} ${seq}${duplicate ? ' (duplicate)' : ''}` };
  } catch (error) {
    if (!hasNoResponders(error)) throw error;
    // The stream was deleted: a new connection sees to it.
    await connection.close();
    throw new Error(`no stream takes ${subject}`, { cause: error });
  }
}

/** W3C Trace Context, in a header of the message. */
function traceHeaders(traceparent: string): MsgHdrs {
  const made = headers();
  made.set('traceparent', traceparent);
  return made;
}

function hasNoResponders(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof RequestError && error.cause.isNoResponders();
}

/** Whether the server would never take this one event, and others it would. */
function isTooLarge(error: unknown): boolean {
  return error instanceof InvalidArgumentError || (error instanceof JetStreamApiError && error.code === MESSAGE_TOO_LARGE);
}

/** What `work` gives. @throws where the signal is there first; the work itself goes on, and what comes of it is dropped. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const late = new Error('no answer in time');
  if (signal.aborted) throw late;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(late);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, work()]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function openStream(url: string, reach: Reach): Promise<Open> {
  const { protocol, host, hostname, port, username, password } = new URL(url);
  const account = password === '' ? (username === '' ? {} : { token: decodeURIComponent(username) }) : userOf(username, password);
  const servers = reach.mayBePrivate ? host : await publicServersOf(hostname, port, reach);
  const connection = await connect({
    servers,
    name: 'openrun',
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: false,
    pingInterval: PING_EVERY_MS,
    ...(protocol === 'tls:' ? { tls: certifiedAs(hostname) } : {}),
    ...account,
  });
  try {
    await ensureStream(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { connection, client: jetstream(connection) };
}

/** Addresses in place of the name, which might resolve to others a moment later; certificates are still asked for the name. */
async function publicServersOf(hostname: string, port: string, reach: Reach): Promise<string[]> {
  const addresses = (await addressesOf(hostname, reach)).map(({ address }) => address);
  return addresses.map((address) => `${isIPv6(address) ? `[${address}]` : address}${port === '' ? '' : `:${port}`}`);
}

/** What a certificate has to be of: the name of the URL, or its address, which is no server name of TLS. Where nothing is said, it would be `localhost`. */
function certifiedAs(hostname: string): object {
  const host = withoutBrackets(hostname);
  return isIP(host) === 0 ? { servername: host } : { host };
}

function userOf(username: string, password: string): { user: string; pass: string } {
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

/** Makes the stream where nobody has; one that is there, or another that takes its subjects, stays as its operator made it. */
async function ensureStream(connection: NatsConnection): Promise<void> {
  const { streams } = await jetstreamManager(connection, { checkAPI: false, timeout: STREAM_TIMEOUT_MS });
  try {
    await streams.info(STREAM);
  } catch (error) {
    if (!isApiError(error, NO_STREAM)) throw error;
    await streams
      .add({
        name: STREAM,
        subjects: [SUBJECTS],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        duplicate_window: DUPLICATES_NANOSECONDS,
      })
      .catch((refusal: unknown) => {
        if (!isApiError(refusal, SUBJECTS_TAKEN)) throw refusal;
      });
  }
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
