/** An arm: one kind of server on a fresh database of its own, ended with the audit. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { audit } from '../../server/src/audit/audit.ts';
import { type ConnectionTarget, type Database, DEFAULT_LIMITS, openDatabase, statement } from '../../server/src/database/database.ts';
import type { Cluster } from './cluster.ts';
import type { ServerMessage, ServerOptions } from './server.ts';

const sizeStatement = statement<{ bytes: number }>('bench.size', 'SELECT pg_database_size(current_database()) AS bytes');
const SERVER = fileURLToPath(new URL('server.ts', import.meta.url));
const SECRET = randomBytes(32).toString('hex');

/** What an arm may differ in from the product as it is. */
export interface ArmOptions {
  readonly name: string;
  /** `GROUP_COMMIT_MAX`; null for the product's own. */
  readonly groupCommitMax: number | null;
  /** Connections for transactions; null for the product's own number. */
  readonly writers: number | null;
  /** The `node` to run the server with; null for the one that runs the benchmark. */
  readonly node?: string | undefined;
  /** Flags for `node`, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  /** Settings by their names, over those of the benchmark. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A database that has something in it, instead of a fresh one. */
  readonly target?: ConnectionTarget;
}

interface Usage {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuMicroseconds: number;
}

export interface Arm {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Signs the tokens of customers and staff. */
  readonly secret: string;
  readonly connection: ConnectionTarget;
  /** For what the benchmark itself asks of the database; never while a measurement runs. */
  readonly database: Database;
  usage(): Promise<Usage>;
  databaseBytes(): Promise<number>;
  /** @throws where the books do not balance: then no figure of the arm counts. */
  audit(): Promise<void>;
  close(): Promise<void>;
}

/** Room for a benchmark's traffic of days in minutes; nothing here touches what is checked or how it is stored. */
const SETTINGS = {
  MAX_PENDING_ORDERS: '1000000',
  MAX_CHARGE: '1000000000000',
  MAX_BALANCE: '1000000000000000',
  ORDER_TTL_SECONDS: '86400',
  SEED_DEMO: 'false',
  CHARGE_POLICY: 'self',
};

export async function openArm(cluster: Cluster, options: ArmOptions): Promise<Arm> {
  const { name, groupCommitMax, writers, node, nodeOptions = [], settings = {}, target } = options;
  const connection = target ?? (await cluster.createDatabase(name));
  const serverOptions: ServerOptions = {
    target: connection,
    writers,
    settings: {
      ...SETTINGS,
      ...settings,
      DATA_DIR: cluster.dataDir,
      AUTH_JWT_SECRET: SECRET,
      ...(groupCommitMax === null ? {} : { GROUP_COMMIT_MAX: String(groupCommitMax) }),
    },
  };
  const child = fork(SERVER, [JSON.stringify(serverOptions)], {
    // The log is written, as in production, and goes nowhere.
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit', 'ipc'],
    env: {},
    execArgv: [...nodeOptions],
    ...(node === undefined ? {} : { execPath: node }),
  });
  const { port } = await answer(child, 'listening');
  const database = openDatabase(connection, { ...DEFAULT_LIMITS, readers: 2, writers: 1, statementTimeoutMs: 600_000 }, () => undefined);
  return {
    name,
    port,
    pid: child.pid ?? 0,
    secret: SECRET,
    connection,
    database,
    usage: async () => {
      const answered = answer(child, 'usage');
      child.send('usage');
      return answered;
    },
    databaseBytes: async () => (await database.query(sizeStatement))[0]?.bytes ?? 0,
    audit: async () => {
      const differences = await audit(database);
      if (differences.length > 0) throw new Error(`the audit of ${name} finds differences: ${JSON.stringify(differences)}`);
    },
    close: async () => {
      await database.close();
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** The next message of that kind; rejects where the process ends before. */
function answer<Kind extends ServerMessage['kind']>(child: ChildProcess, kind: Kind): Promise<Extract<ServerMessage, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if (!isMessage(message, kind)) return;
      leave();
      resolve(message);
    };
    const onExit = (code: number | null): void => {
      leave();
      reject(new Error(`the server of the arm ended with ${code}`));
    };
    const leave = (): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

function isMessage<Kind extends ServerMessage['kind']>(message: unknown, kind: Kind): message is Extract<ServerMessage, { kind: Kind }> {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;
}
