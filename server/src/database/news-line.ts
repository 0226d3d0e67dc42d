/** A connection that listens to a channel of PostgreSQL's NOTIFY, and is made again where it is lost. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig, writableTarget } from './database.ts';

export interface Line {
  /** Lost where the line is down. */
  send(text: string): void;
  isUp(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const RECONNECT_MS = 500;
const CONNECT_MS = 3000;
const STATEMENT_MS = 5000;
const UNSENT_MAX = 100;
const NOTIFY = 'SELECT pg_notify($1, $2)';

export function createLine(options: {
  readonly target: ConnectionTarget;
  readonly channel: string;
  readonly onText: (text: string) => void;
  /** Hears when the line is up, and that whatever was said before was not heard. */
  readonly onUp: () => void;
  readonly onError: (error: unknown) => void;
}): Line {
  const { target, channel, onText, onUp, onError } = options;
  let client: pg.Client | null = null;
  let reconnecting: NodeJS.Timeout | null = null;
  let isStopped = false;
  /** One after the other: a connection of the driver takes one statement at a time. */
  let unsent: string[] = [];
  let isSending = false;

  const sendAll = async (): Promise<void> => {
    isSending = true;
    try {
      for (let text = unsent.shift(); text !== undefined && client !== null; text = unsent.shift()) {
        await client.query(NOTIFY, [channel, text]);
      }
    } catch (error) {
      onError(error);
    }
    isSending = false;
  };

  const connect = async (): Promise<void> => {
    const next = await openListener(target, channel, { onText, onError });
    next.on('end', () => {
      if (client !== next) return;
      client = null;
      unsent = [];
      connectLater();
    });
    client = next;
    onUp();
  };

  const tryToConnect = async (): Promise<void> => {
    try {
      await connect();
    } catch (error) {
      onError(error);
      connectLater();
    }
  };

  const connectLater = (): void => {
    if (isStopped || reconnecting !== null) return;
    reconnecting = setTimeout(() => {
      reconnecting = null;
      void tryToConnect();
    }, RECONNECT_MS).unref();
  };

  return {
    send: (text) => {
      if (client === null || unsent.length >= UNSENT_MAX) return;
      unsent.push(text);
      if (!isSending) void sendAll();
    },
    isUp: () => client !== null,
    start: tryToConnect,
    stop: async () => {
      isStopped = true;
      if (reconnecting !== null) clearTimeout(reconnecting);
      const last = client;
      client = null;
      await last?.end();
    },
  };
}

async function openListener(
  target: ConnectionTarget,
  channel: string,
  { onText, onError }: { readonly onText: (text: string) => void; readonly onError: (error: unknown) => void },
): Promise<pg.Client> {
  const client = new pg.Client({
    ...clientConfig(await writableTarget(target)),
    application_name: 'openrun news',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
  });
  client.on('error', onError);
  client.on('notification', ({ payload }) => onText(payload ?? ''));
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    return client;
  } catch (error) {
    await client.end().catch(onError);
    throw error;
  }
}
