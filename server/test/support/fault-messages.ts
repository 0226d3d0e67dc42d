/** Just enough of PostgreSQL's protocol, version 3.0 without TLS, to know calls and answers, and to make some of each. */
import type { Socket } from 'node:net';

/** A statement with all that belongs to it, up to where its client waits for an answer: what a pipeline skips if it fails. */
export interface Call {
  readonly bytes: Buffer;
  /** The name of its prepared statement, or its text. */
  readonly text: string;
  /** The `application_name` of its session. */
  readonly session: string;
}

const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

export const COMMIT = messageOf('Q', 'COMMIT\0');
export const COMMITTED = messageOf('C', 'COMMIT\0');
export const FATAL = messageOf('E', fields('FATAL', '57P01', 'terminating connection due to administrator command'));
// PostgreSQL words its answers in the language of its installation; only the code is the same everywhere.
export const WARNING = messageOf('N', fields('경고', '01000', '사용자 요청에 의해 동기 복제 대기 작업을 취소합니다'));
/** Has PostgreSQL itself end the session. */
export const TERMINATION = messageOf('Q', 'SELECT pg_terminate_backend(pg_backend_pid())\0');

/** Has PostgreSQL itself fail with the state, so that the session is as it is after such an error; before it ends the transaction or not. */
export function raising(state: string, endsTransaction: boolean): Buffer {
  const raise = `DO $$ BEGIN RAISE EXCEPTION 'struck' USING ERRCODE = '${state}'; END $$`;
  return messageOf('Q', `${endsTransaction ? 'ROLLBACK; ' : ''}${raise}\0`);
}

/** A message of the protocol: type, length, content. */
function messageOf(type: string, content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(type);
  header.writeInt32BE(body.length + LENGTH_BYTES, 1);
  return Buffer.concat([header, body]);
}

function fields(severity: string, code: string, message: string): string {
  return `S${severity}\0C${code}\0M${message}\0\0`;
}

/** The whole messages at the beginning of what PostgreSQL has said. */
export function* messagesOf(said: Buffer): Generator<Buffer> {
  let rest = said;
  while (rest.length >= HEADER_BYTES) {
    const end = 1 + rest.readInt32BE(1);
    if (rest.length < end) return;
    yield rest.subarray(0, end);
    rest = rest.subarray(end);
  }
}

const typeOf = (message: Buffer): string => message.toString('latin1', 0, 1);

/** Whether PostgreSQL says with it that it is ready for the next call. */
export function endsAnswer(message: Buffer): boolean {
  return typeOf(message) === 'Z';
}

/** Whether PostgreSQL says with it that one command of a call is done. */
export function isCommandEnd(message: Buffer): boolean {
  return typeOf(message) === 'C';
}

/** Where a call's client waits for an answer: behind a text, and behind the Sync of a prepared statement. */
const CALL_ENDS = new Set(['Q', 'S']);
const NO_PARTS = new Set(['p', 'X']);

/** Gathers the messages that a client sends into calls; what starts and ends a session is none. */
export function callsFrom(client: Socket, on: { onOther(bytes: Buffer): void; onCall(call: Call): void }): void {
  let session = '';
  let parts: Buffer[] = [];
  let text = '';
  onMessages(client, (message, isFirst) => {
    const type = isFirst ? '' : typeOf(message);
    if (isFirst) session = sessionOf(message);
    if (isFirst || NO_PARTS.has(type)) {
      on.onOther(message);
      return;
    }
    parts.push(message);
    if (type === 'Q') text = message.toString('utf8', HEADER_BYTES, message.length - 1);
    // The name of the portal comes first, and is empty.
    if (type === 'B') text = message.toString('utf8', HEADER_BYTES + 1).split('\0', 1)[0] ?? '';
    if (!CALL_ENDS.has(type)) return;
    const call = { bytes: Buffer.concat(parts), text, session };
    parts = [];
    text = '';
    on.onCall(call);
  });
}

/** The start of a session has pairs of names and values behind its length and version. */
function sessionOf(start: Buffer): string {
  const words = start.toString('utf8', 2 * LENGTH_BYTES).split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

/** Calls back with each message that a client sends; the first one, which starts the session, has no type before its length. */
function onMessages(client: Socket, onMessage: (message: Buffer, isFirst: boolean) => void): void {
  let pending = Buffer.alloc(0);
  let typeBytes = 0;
  client.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= typeBytes + LENGTH_BYTES) {
      const end = typeBytes + pending.readInt32BE(typeBytes);
      if (pending.length < end) return;
      onMessage(pending.subarray(0, end), typeBytes === 0);
      pending = pending.subarray(end);
      typeBytes = 1;
    }
  });
}
