/**
 * A wire between server and database that fails as wires do: it cuts a connection before or after a call went through, loses
 * the answer, or freezes altogether. It knows COMMITs, whose fates come in order, and it counts the calls of requests, one of which
 * may be struck.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { ConnectionTarget } from '../../src/database/database.ts';
import {
  type Call,
  COMMIT,
  COMMITTED,
  callsFrom,
  endsAnswer,
  FATAL,
  isCommandEnd,
  messagesOf,
  raising,
  TERMINATION,
  WARNING,
} from './fault-messages.ts';

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

/**
 * What happens to one call, which is a statement with all that belongs to it:
 * - `delay`: it arrives a little later, and so does all behind it;
 * - `reset`: the connection is reset, and the call never reaches PostgreSQL;
 * - `halfOpen`: from the call on nothing comes through on this connection, which stays open;
 * - `cutBefore`: the connection is closed, and the call never reaches PostgreSQL;
 * - `cutAfter`: PostgreSQL does as it is told, and the connection is closed before its answer comes through;
 * - `40001`, `40P01`: PostgreSQL answers with this error instead;
 * - `57P01`: PostgreSQL ends the session instead;
 * - `killBefore`, `killAfter`: as when cut, but the moment is told first, for whoever wants to end the server in it.
 */
export type CallFault =
  | 'delay'
  | 'reset'
  | 'halfOpen'
  | 'cutBefore'
  | 'cutAfter'
  | '40001'
  | '40P01'
  | '57P01'
  | 'killBefore'
  | 'killAfter';

/** The call to strike, the first being 1, and who hears of the moment. */
interface Strike {
  readonly at: number;
  readonly fault: CallFault;
  readonly onStrike?: () => void;
}

interface Watch {
  /** What the calls so far said, in the order in which they were sent. */
  readonly calls: readonly string[];
  /** Whether the fault has come true. */
  struck(): boolean;
}

export interface Proxy {
  /** How to reach the database through the proxy. */
  readonly target: ConnectionTarget;
  /** The fates of the COMMITs to come, in order; all later ones pass. */
  doom(...fates: Fate[]): void;
  /** How many fates have come true. */
  struck(): number;
  /** From now on counts the calls of requests anew, those of the work behind them left out, and strikes one of them. */
  watch(strike?: Strike): Watch;
  /** Nothing comes through any more, on old connections and on new ones. */
  freeze(): void;
  /** Cuts the frozen connections; new ones work. */
  thaw(): void;
  close(): Promise<void>;
}

const DELAY_MS = 50;
/** The server names each connection after what it is for. */
const OF_REQUESTS = new Set(['openrun reader', 'openrun writer']);

interface Watched {
  readonly strike: Strike | null;
  readonly calls: string[];
  isStruck: boolean;
}

interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  /** What becomes of the answer that PostgreSQL gives to COMMIT, and of all after it; null: they pass. */
  fate: Fate | null;
  /** What PostgreSQL has said, as far as it is no whole message. */
  pending: Buffer;
  frozen: boolean;
  /** What waits behind a call that is delayed; null where nothing is delayed. */
  delayed: Buffer[] | null;
  /** Calls sent, and calls answered in full. The session's start is answered as if it were a call, too. */
  sent: number;
  answered: number;
  /** The call whose answer does not pass, and what happens when it is complete. */
  withheld: { readonly call: number; readonly answered: () => void } | null;
  /** The call in whose answer the end of a rollback, which nobody asked for, is left out; null: none. */
  rolledBack: number | null;
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

  let watched: Watched | null = null;

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

  const onCall = (wire: Wire, call: Call): void => {
    if (wire.frozen || (call.bytes.equals(COMMIT) && !strike(wire))) return;
    if (watched === null || !OF_REQUESTS.has(call.session)) {
      pass(wire, call.bytes);
      return;
    }
    watched.calls.push(call.text);
    const due = watched.strike;
    if (due === null || due.at !== watched.calls.length) {
      pass(wire, call.bytes);
      return;
    }
    watched.isStruck = true;
    strikeCall(wire, call, due);
  };

  const listener = createServer((client) => {
    const wire: Wire = {
      client,
      server: connect(addressOf(target)),
      fate: null,
      pending: Buffer.alloc(0),
      frozen,
      delayed: null,
      sent: 0,
      answered: -1,
      withheld: null,
      rolledBack: null,
    };
    wires.add(wire);
    callsFrom(client, {
      onOther: (bytes) => {
        if (!wire.frozen) wire.server.write(bytes);
      },
      onCall: (call) => {
        onCall(wire, call);
        if (wire.fate === 'freezeAfter') freeze();
      },
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
    watch: (wanted) => {
      const watch: Watched = { strike: wanted ?? null, calls: [], isStruck: false };
      watched = watch;
      return { calls: watch.calls, struck: () => watch.isStruck };
    },
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

/** Sends a call on to PostgreSQL, or behind what is delayed. */
function pass(wire: Wire, bytes: Buffer): void {
  if (wire.delayed !== null) {
    wire.delayed.push(bytes);
    return;
  }
  wire.sent += 1;
  wire.server.write(bytes);
}

function strikeCall(wire: Wire, { bytes }: Call, { fault, onStrike }: Strike): void {
  switch (fault) {
    case 'delay':
      delayFrom(wire, bytes);
      return;
    case 'reset':
      wire.client.resetAndDestroy();
      wire.server.destroy();
      return;
    case 'halfOpen':
      wire.frozen = true;
      return;
    case 'cutBefore':
    case 'killBefore':
      onStrike?.();
      cut(wire);
      return;
    case 'cutAfter':
    case 'killAfter':
      pass(wire, bytes);
      wire.withheld = {
        call: wire.sent,
        answered: () => {
          onStrike?.();
          cut(wire);
        },
      };
      return;
    case '57P01':
      pass(wire, TERMINATION);
      return;
    case '40001':
    case '40P01': {
      // A COMMIT that fails ends its transaction; any other statement leaves it failed, until somebody ends it.
      const endsTransaction = bytes.equals(COMMIT);
      pass(wire, raising(fault, endsTransaction));
      if (endsTransaction) wire.rolledBack = wire.sent;
    }
  }
}

function delayFrom(wire: Wire, bytes: Buffer): void {
  wire.delayed = [bytes];
  setTimeout(() => {
    const waiting = wire.delayed ?? [];
    wire.delayed = null;
    for (const call of waiting) pass(wire, call);
  }, DELAY_MS);
}

/** Lets PostgreSQL's answers through, message by message, up to the one that is struck. */
function passBack(wire: Wire, answer: Buffer): void {
  if (wire.frozen) return;
  wire.pending = Buffer.concat([wire.pending, answer]);
  const passed: Buffer[] = [];
  for (const message of messagesOf(wire.pending)) {
    if (wire.fate !== null && message.equals(COMMITTED)) {
      if (isLost(wire.fate)) {
        wire.client.write(Buffer.concat(passed));
        lose(wire);
        return;
      }
      if (wire.fate === 'warn') passed.push(WARNING);
      wire.fate = null;
    }
    wire.pending = wire.pending.subarray(message.length);
    const call = wire.answered + 1;
    if (endsAnswer(message)) wire.answered = call;
    if (wire.withheld?.call === call) {
      if (!endsAnswer(message)) continue;
      wire.client.write(Buffer.concat(passed));
      wire.withheld.answered();
      return;
    }
    if (wire.rolledBack === call && isCommandEnd(message)) continue;
    passed.push(message);
  }
  if (passed.length > 0) wire.client.write(Buffer.concat(passed));
}

/** Whether the answer to COMMIT, and what comes with it, does not come through. */
function isLost(fate: Fate): boolean {
  return fate === 'loseAnswer' || fate === 'cutAfter' || fate === 'fatal';
}

function lose(wire: Wire): void {
  if (wire.fate === 'cutAfter') cut(wire);
  if (wire.fate === 'fatal') wire.client.end(FATAL);
}
