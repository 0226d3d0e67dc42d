/**
 * NATS JetStream: an event of type `order.paid` is published to `openrun.order.paid`, with its id as `Nats-Msg-Id`, so that the stream drops what
 * is published twice within its window of duplicates. Delivered means that the stream has stored it.
 */
import { JetStreamApiError, type JetStreamClient, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { away, type Sink } from './sink.ts';

const CONCURRENCY = 1000;
const STREAM = 'OPENRUN';
const SUBJECTS = 'openrun.>';
const CONNECT_TIMEOUT_MS = 3000;
const PUBLISH_TIMEOUT_MS = 5000;
const DUPLICATES_NANOSECONDS = 10 * 60 * 1_000_000_000;
const NO_STREAM = 10_059;

interface Open {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
}

/** @param url `nats://` or `tls://`, with user and password or a token where the server wants them. */
export function createNatsSink(url: string): Sink {
  let opening: Promise<Open> | null = null;
  const open = (): Promise<Open> => {
    opening ??= openStream(url).then(
      (opened) => {
        // Broken for good: the next event opens it anew.
        void opened.connection.closed().finally(() => {
          opening = null;
        });
        return opened;
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  };
  return {
    concurrency: CONCURRENCY,
    send: async ({ id, type, body }) => {
      try {
        const { client } = await open();
        const stored = await client.publish(`openrun.${type}`, body, { msgID: id, timeout: PUBLISH_TIMEOUT_MS });
        return {
          outcome: 'delivered',
          statusCode: null,
          answer: `${stored.stream} ${stored.seq}${stored.duplicate ? ' (duplicate)' : ''}`,
        };
      } catch (error) {
        return away(error);
      }
    },
    close: async () => {
      const opened = await opening?.catch(() => null);
      await opened?.connection.close();
    },
  };
}

async function openStream(url: string): Promise<Open> {
  const { protocol, host, username, password } = new URL(url);
  const account = password === '' ? (username === '' ? {} : { token: decodeURIComponent(username) }) : userOf(username, password);
  const connection = await connect({
    servers: host,
    name: 'openrun',
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    ...(protocol === 'tls:' ? { tls: {} } : {}),
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

function userOf(username: string, password: string): { user: string; pass: string } {
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

/** Makes the stream where nobody has; one that is there stays as its operator made it. */
async function ensureStream(connection: NatsConnection): Promise<void> {
  const { streams } = await jetstreamManager(connection);
  try {
    await streams.info(STREAM);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === NO_STREAM)) throw error;
    await streams.add({
      name: STREAM,
      subjects: [SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      duplicate_window: DUPLICATES_NANOSECONDS,
    });
  }
}
