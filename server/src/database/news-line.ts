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
  let up: Listening | null = null;
  let reconnecting: NodeJS.Timeout | null = null;
  let isStopped = false;

  const connect = async (): Promise<void> => {
    const next = await openListener(target, channel, { onText, onError });
    if (isStopped) return next.client.end();
    next.client.on('end', () => {
      if (up !== next) return;
      up = null;
      connectLater();
    });
    up = next;
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
    send: (text) => up?.send(text),
    isUp: () => up !== null,
    start: tryToConnect,
    stop: async () => {
      isStopped = true;
      if (reconnecting !== null) clearTimeout(reconnecting);
      const last = up;
      up = null;
      await last?.client.end();
    },
  };
}

interface Listening {
  readonly client: pg.Client;
  readonly send: (text: string) => void;
}

async function openListener(
  target: ConnectionTarget,
  channel: string,
  { onText, onError }: { readonly onText: (text: string) => void; readonly onError: (error: unknown) => void },
): Promise<Listening> {
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
    return { client, send: createSender(client, channel, onError) };
  } catch (error) {
    await client.end().catch(onError);
    throw error;
  }
}

/** Sends one after the other, since a connection of the driver takes one statement at a time; what is too much is lost. */
function createSender(client: pg.Client, channel: string, onError: (error: unknown) => void): (text: string) => void {
  const unsent: string[] = [];
  let isSending = false;
  const sendAll = async (): Promise<void> => {
    isSending = true;
    try {
      for (let text = unsent.shift(); text !== undefined; text = unsent.shift()) await client.query(NOTIFY, [channel, text]);
    } catch (error) {
      onError(error);
      // Whoever does not take what is sent may not be there to tell either: the end of the connection has it made again.
      client.end().catch(onError);
    }
    isSending = false;
  };
  return (text) => {
    if (unsent.length >= UNSENT_MAX) return;
    unsent.push(text);
    if (!isSending) void sendAll();
  };
}
