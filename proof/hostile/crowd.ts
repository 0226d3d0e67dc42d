/**
 * The crowd of an overload, as a process of its own, so that the server that is measured has an event loop to itself: orders at a fixed
 * rate, whatever becomes of those before. Requests are pipelined, a few a connection, which is the cheapest way to send more than a
 * server can take.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { mintUsers, postRequest, type User } from '../../bench/load/requests.ts';
import { createTokenMinter } from '../../server/src/http/auth.ts';

/** What the process is told in its first argument, as JSON. */
export interface CrowdOptions {
  readonly port: number;
  readonly secret: string;
  readonly optionId: string;
  readonly users: number;
  readonly connections: number;
  /** Requests under way on one connection at most. */
  readonly depth: number;
}

/** What it is asked for: `rate` requests a second; null: as many as are answered. */
export interface CrowdOrder {
  readonly rate: number | null;
  readonly seconds: number;
}

/** What came of it, counted while it went on. */
export interface CrowdResult {
  readonly seconds: number;
  readonly meant: number;
  readonly sent: number;
  readonly done: number;
  /** Turned away with `Retry-After`. */
  readonly turnedAway: number;
  readonly other: number;
  readonly lost: number;
  /** Of what was done; milliseconds from the moment at which it was sent. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const TICK_MS = 2;
const DRAIN_MS = 20_000;
const HEAD_END = Buffer.from('\r\n\r\n');
const STATUS_AT = 'HTTP/1.1 '.length;

interface Line {
  readonly socket: Socket;
  readonly sentAt: number[];
  rest: Buffer;
  waiting: string[];
}

interface Run {
  readonly isOver: () => boolean;
  done: number;
  turnedAway: number;
  other: number;
  readonly latenciesMs: number[];
}

/** The word of the process that started this one. */
const parse: (text: string) => CrowdOptions = JSON.parse;
const options = parse(process.argv[2] ?? 'null');
const mint = createTokenMinter({ secret: options.secret, issuer: null, audience: null });
const users = await mintUsers(mint, options.users);
const body = JSON.stringify({ lines: [{ optionId: options.optionId, quantity: 1 }] });
let turn = 0;
let lost = 0;
let run: Run | null = null;
let onAnswer: (line: Line) => void = () => undefined;
const lines = await Promise.all(Array.from({ length: options.connections }, open));

function nextUser(): User {
  turn += 1;
  const user = users[turn % users.length];
  if (user === undefined) throw new Error('a crowd has users');
  return user;
}

function open(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
    const line: Line = { socket, sentAt: [], rest: Buffer.alloc(0), waiting: [] };
    socket.once('connect', () => resolve(line));
    socket.on('error', reject);
    socket.on('close', () => {
      lost += 1;
    });
    socket.on('data', (chunk: Buffer) => read(line, chunk));
  });
}

/** Takes every whole answer out of what has come. */
function read(line: Line, chunk: Buffer): void {
  let buffer = line.rest.length === 0 ? chunk : Buffer.concat([line.rest, chunk]);
  for (;;) {
    const headEnd = buffer.indexOf(HEAD_END);
    if (headEnd === -1) break;
    const head = buffer.toString('latin1', 0, headEnd);
    const end = headEnd + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (buffer.length < end) break;
    count(line, Number(head.slice(STATUS_AT, STATUS_AT + 3)), head);
    buffer = buffer.subarray(end);
  }
  line.rest = buffer;
}

function count(line: Line, status: number, head: string): void {
  const sentAt = line.sentAt.shift() ?? 0;
  if (run !== null && !run.isOver()) {
    if (status === 201) {
      run.done += 1;
      run.latenciesMs.push(performance.now() - sentAt);
    } else if ((status === 503 || status === 429) && /retry-after: \d/i.test(head)) run.turnedAway += 1;
    else run.other += 1;
  }
  onAnswer(line);
}

function put(line: Line): void {
  line.sentAt.push(performance.now());
  line.waiting.push(postRequest(nextUser(), '/orders', body, false));
}

function flush(line: Line): void {
  if (line.waiting.length === 0) return;
  line.socket.write(line.waiting.join(''), 'latin1');
  line.waiting = [];
}

async function carryOut({ rate, seconds }: CrowdOrder): Promise<CrowdResult> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const now: Run = { isOver: () => performance.now() > until, done: 0, turnedAway: 0, other: 0, latenciesMs: [] };
  run = now;
  let sent = 0;
  const send = (line: Line): void => {
    put(line);
    sent += 1;
  };
  if (rate === null) {
    onAnswer = (line) => {
      if (now.isOver()) return;
      send(line);
      flush(line);
    };
    for (const line of lines) onAnswer(line);
    await delay(seconds * 1000);
  } else {
    onAnswer = () => undefined;
    let at = 0;
    while (!now.isOver()) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
      // Where every connection is full, those who come now find no place, and count as meant.
      let owed = due - sent;
      for (let tried = 0; owed > 0 && tried < lines.length; tried += 1) {
        at = (at + 1) % lines.length;
        const line = lines[at];
        if (line === undefined || line.sentAt.length >= options.depth || line.socket.destroyed) continue;
        send(line);
        owed -= 1;
      }
      for (const line of lines) flush(line);
      await delay(TICK_MS);
    }
  }
  const { done, turnedAway, other, latenciesMs } = now;
  const drainedBy = performance.now() + DRAIN_MS;
  while (performance.now() < drainedBy && lines.some((line) => line.sentAt.length > 0)) {
    await delay(50);
  }
  latenciesMs.sort((one, other_) => one - other_);
  const share = (part: number): number => Math.round(latenciesMs[Math.floor(latenciesMs.length * part)] ?? 0);
  const meant = rate === null ? sent : Math.floor(rate * seconds);
  return { seconds, meant, sent, done, turnedAway, other, lost, p50Ms: share(0.5), p99Ms: share(0.99) };
}

process.on('message', (order: CrowdOrder) => {
  void carryOut(order).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
