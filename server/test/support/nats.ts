/** A real nats-server with JetStream, on loopback and with a directory of its own: what a test may kill, and look into. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import { freePort } from './socket.ts';

const PLACES = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
const POLL_MS = 20;
const GREETING_WITHIN_MS = 500;
const READY_WITHIN_MS = 20_000;
const OUTPUT_KEPT = 8192;

/** Where the program is; null: it is not installed, and what needs it is skipped. */
export const NATS_SERVER: string | null = PLACES.map((place) => join(place, 'nats-server')).find(isExecutable) ?? null;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A message as a consumer of the stream gets it. */
interface Consumed {
  readonly subject: string;
  /** `Nats-Msg-Id`. */
  readonly id: string;
  readonly body: string;
  /** Null where it has none. */
  readonly traceparent: string | null;
}

export interface NatsServer {
  /** For Openrun: with user and password, where it has some. */
  readonly url: string;
  start(): Promise<void>;
  /** `kill -9`. What it had acknowledged, it has when it is started again. */
  kill(): Promise<void>;
  /** Holds the process, so that its connections stay and nothing answers. */
  freeze(): Promise<void>;
  /** Does something with the streams, as their operator. */
  manage<T>(work: (streams: JetStreamManager['streams']) => Promise<T>): Promise<T>;
  /** All that is in a stream, as a new consumer gets it, in order. */
  consume(stream?: string): Promise<Consumed[]>;
}

/** A server that is not running yet, and is cleared away after the test. `lines` are more lines of its configuration. */
export async function createNats(
  options: { readonly user?: { readonly name: string; readonly password: string }; readonly lines?: readonly string[] } = {},
): Promise<NatsServer> {
  const { user, lines = [] } = options;
  const directory = await mkdtemp(join(tmpdir(), 'openrun-nats-'));
  const port = await freePort();
  const file = join(directory, 'nats.conf');
  const authorization =
    user === undefined ? [] : [`authorization { user: ${JSON.stringify(user.name)}, password: ${JSON.stringify(user.password)} }`];
  const settings = [`listen: "127.0.0.1:${port}"`, `jetstream { store_dir: ${JSON.stringify(directory)} }`, ...authorization, ...lines];
  await writeFile(file, settings.join('\n'));
  let child: ChildProcess | null = null;

  const kill = async (): Promise<void> => {
    const killed = child;
    child = null;
    if (killed === null || killed.exitCode !== null || killed.signalCode !== null) return;
    killed.kill('SIGKILL');
    await once(killed, 'exit');
  };
  onTestFinished(async () => {
    await kill();
    await rm(directory, { recursive: true, force: true });
  });

  const connected = async <T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> => {
    const account = user === undefined ? {} : { user: user.name, pass: user.password };
    const connection = await connect({ servers: `127.0.0.1:${port}`, ...account });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  return {
    url: `nats://${user === undefined ? '' : `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@`}127.0.0.1:${port}`,
    start: async () => {
      child = spawn(NATS_SERVER ?? '', ['--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
      await listening(child, port);
    },
    kill,
    freeze: async () => {
      child?.kill('SIGSTOP');
      // The signal takes a moment to reach all threads.
      while (await answers(port)) await delay(POLL_MS);
    },
    manage: (work) => connected(async (connection) => work((await jetstreamManager(connection)).streams)),
    consume: (stream = 'OPENRUN') => connected((connection) => consumeAll(connection, stream)),
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-OUTPUT_KEPT);
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`nats-server does not start:\n${output}`);
    await delay(POLL_MS);
  }
}

/** Whether the server greets who connects. */
function answers(port: number): Promise<boolean> {
  const socket = connectSocket({ host: '127.0.0.1', port });
  return new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.setTimeout(GREETING_WITHIN_MS, () => resolve(false));
  }).finally(() => socket.destroy());
}

async function consumeAll(connection: NatsConnection, stream: string): Promise<Consumed[]> {
  const consumer = await jetstream(connection).consumers.get(stream);
  const consumed: Consumed[] = [];
  while ((await consumer.info()).num_pending > 0) {
    const batch = await consumer.fetch({ max_messages: 1000, expires: 1000 });
    for await (const message of batch) {
      const header = (name: string): string | null => (message.headers?.has(name) ? message.headers.get(name) : null);
      consumed.push({
        subject: message.subject,
        id: header('Nats-Msg-Id') ?? '',
        body: message.string(),
        traceparent: header('traceparent'),
      });
      if (message.info.pending === 0) break;
    }
  }
  return consumed;
}
