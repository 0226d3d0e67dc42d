/**
 * A wire between server and database that fails as wires do: it cuts a connection before or after COMMIT went through, loses
 * the answer, or freezes altogether. It reads just enough of PostgreSQL's protocol, version 3.0 without TLS, to know a COMMIT.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { ConnectionTarget } from '../../src/database/database.ts';

/**
 * What happens to a COMMIT:
 * - `cutBefore`: the connection is cut, and COMMIT never reaches PostgreSQL;
 * - `cutAfter`: PostgreSQL commits, and the connection is cut before its answer comes through;
 * - `loseAnswer`: PostgreSQL commits, and nothing ever comes back on this connection, which stays open;
 * - `fatal`: PostgreSQL commits, and its answer is replaced by the end of the session (FATAL);
 * - `warn`: PostgreSQL commits, and warns, as it does where the wait for a standby was cancelled;
 * - `isolateBefore`: as `cutBefore`, and nothing comes through on the other connections any more;
 * - `freezeBefore`, `freezeAfter`: from this moment nothing comes through on any connection, COMMIT the last that did or not.
 */
export type Fate = 'pass' | 'cutBefore' | 'cutAfter' | 'loseAnswer' | 'fatal' | 'warn' | 'isolateBefore' | 'freezeBefore' | 'freezeAfter';

export interface Proxy {
  /** How to reach the database through the proxy. */
  readonly target: ConnectionTarget;
  /** The fates of the COMMITs to come, in order; all later ones pass. */
  doom(...fates: Fate[]): void;
  /** How many fates have come true. */
  struck(): number;
  /** Nothing comes through any more, on old connections and on new ones. */
  freeze(): void;
  /** Cuts the frozen connections; new ones work. */
  thaw(): void;
  close(): Promise<void>;
}

const HEADER_BYTES = 5;
const COMMIT = messageOf('Q', 'COMMIT\0');
const COMMITTED = messageOf('C', 'COMMIT\0');
const FATAL = messageOf('E', fields('FATAL', '57P01', 'terminating connection due to administrator command'));
// PostgreSQL words its answers in the language of its installation; only the code is the same everywhere.
const WARNING = messageOf('N', fields('경고', '01000', '사용자 요청에 의해 동기 복제 대기 작업을 취소합니다'));

/** A message of the protocol: type, length, content. */
function messageOf(type: string, content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(type);
  header.writeInt32BE(body.length + HEADER_BYTES - 1, 1);
  return Buffer.concat([header, body]);
}

function fields(severity: string, code: string, message: string): string {
  return `S${severity}\0C${code}\0M${message}\0\0`;
}

interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  /** What becomes of the answer that PostgreSQL gives to COMMIT, and of all after it; null: they pass. */
  fate: Fate | null;
  /** What PostgreSQL has said while a COMMIT is under way, as far as it is no whole message. */
  pending: Buffer;
  frozen: boolean;
}

/** The address of the target, for `net.connect`. */
function addressOf(target: ConnectionTarget): { path: string } | { host: string; port: number } {
  if (!('url' in target)) return { path: `${target.host}/.s.PGSQL.${target.port}` };
  const { hostname, port } = new URL(target.url);
  return { host: hostname, port: Number(port === '' ? 5432 : port) };
}

function through(target: ConnectionTarget, port: number): ConnectionTarget {
  if (!('url' in target)) return { ...target, host: '127.0.0.1', port };
  const url = new URL(target.url);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.toString() };
}

export async function openProxy(target: ConnectionTarget): Promise<Proxy> {
  const wires = new Set<Wire>();
  const fates: Fate[] = [];
  let struck = 0;
  let frozen = false;

  const freeze = (): void => {
    frozen = true;
    for (const wire of wires) wire.frozen = true;
  };

  /** Gives whether COMMIT goes on to PostgreSQL. */
  const strike = (wire: Wire): boolean => {
    const fate = fates.shift() ?? 'pass';
    if (fate === 'pass') return true;
    struck += 1;
    if (fate === 'cutBefore' || fate === 'isolateBefore') cut(wire);
    if (fate === 'freezeBefore' || fate === 'isolateBefore') freeze();
    wire.fate = fate;
    return !fate.endsWith('Before');
  };

  const listener = createServer((client) => {
    const wire: Wire = { client, server: connect(addressOf(target)), fate: null, pending: Buffer.alloc(0), frozen };
    wires.add(wire);
    onMessages(client, (message) => {
      if (wire.frozen || (message.equals(COMMIT) && !strike(wire))) return;
      wire.server.write(message);
      if (wire.fate === 'freezeAfter') freeze();
    });
    wire.server.on('data', (answer) => passBack(wire, answer));
    for (const socket of [client, wire.server]) {
      // Whichever side ends, so does the other: that is all a wire can tell.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (!wire.frozen) cut(wire);
        if (client.destroyed && wire.server.destroyed) wires.delete(wire);
      });
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const cutAll = (): void => {
    for (const wire of wires) cut(wire);
  };
  return {
    target: through(target, address.port),
    doom: (...more) => void fates.push(...more),
    struck: () => struck,
    freeze,
    thaw: () => {
      frozen = false;
      for (const wire of wires) if (wire.frozen) cut(wire);
    },
    close: async () => {
      cutAll();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function cut({ client, server }: Wire): void {
  client.destroy();
  server.destroy();
}

/** COMMIT comes right behind the changes of its transaction, whose answers pass before its fate strikes. */
function passBack(wire: Wire, answer: Buffer): void {
  if (wire.frozen) return;
  if (wire.fate === null) {
    wire.client.write(answer);
    return;
  }
  wire.pending = Buffer.concat([wire.pending, answer]);
  while (wire.pending.length >= HEADER_BYTES) {
    const end = 1 + wire.pending.readInt32BE(1);
    if (wire.pending.length < end) return;
    const message = wire.pending.subarray(0, end);
    if (message.equals(COMMITTED)) {
      strikeAnswer(wire);
      return;
    }
    wire.client.write(message);
    wire.pending = wire.pending.subarray(end);
  }
}

/** The answer to COMMIT, and what has come with it, is what is pending. */
function strikeAnswer(wire: Wire): void {
  const { client, fate, pending } = wire;
  if (fate === 'loseAnswer') return;
  if (fate === 'cutAfter') {
    cut(wire);
  } else if (fate === 'fatal') {
    client.end(FATAL);
  } else {
    client.write(fate === 'warn' ? Buffer.concat([WARNING, pending]) : pending);
    wire.pending = Buffer.alloc(0);
    wire.fate = null;
  }
}

/** Calls back with each message that a client sends; the first one, which starts the session, has no type before its length. */
function onMessages(client: Socket, onMessage: (message: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  let typeBytes = 0;
  client.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= typeBytes + 4) {
      const end = typeBytes + pending.readInt32BE(typeBytes);
      if (pending.length < end) return;
      onMessage(pending.subarray(0, end));
      pending = pending.subarray(end);
      typeBytes = 1;
    }
  });
}
