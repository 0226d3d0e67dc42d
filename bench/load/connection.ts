/**
 * One keep-alive connection of a lean HTTP/1.1 client: it writes finished requests and reads of an answer no more than
 * its status and its end, so that the load takes as little as possible of the machine that it shares with the server.
 */
import { connect, type Socket } from 'node:net';

/** An answer; the body is a view that is gone after the call. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface Connection {
  /** Sends a whole request; its answer must have come before the next one is sent. */
  send(request: string): void;
  close(): void;
}

const FIRST_REQUEST = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = 'content-length: ';
const STATUS_AT = 'HTTP/1.1 '.length;

/**
 * Resolves when the server has answered a first request, so that what is measured begins on a connection that the server has accepted:
 * taking on hundreds at once keeps it from everything else for a while.
 *
 * @param onAnswer hears of each answer; `onLost` of the connection's end where nobody closed it.
 */
export async function openConnection(
  port: number,
  onAnswer: (answer: Answer) => void,
  onLost: (error: Error) => void,
): Promise<Connection> {
  const socket = await open(port);
  socket.setNoDelay(true);
  let closed = false;
  let received: Buffer | null = null;
  const { promise: accepted, resolve: accept, reject: refuse } = Promise.withResolvers<void>();
  let isAccepted = false;
  socket.on('data', (chunk: Buffer) => {
    const buffer = received === null ? chunk : Buffer.concat([received, chunk]);
    const answer = parse(buffer);
    if (answer === null) {
      received = buffer;
      return;
    }
    received = null;
    if (isAccepted) {
      onAnswer(answer);
      return;
    }
    isAccepted = true;
    accept();
  });
  const lost = (error?: Error): void => {
    if (closed) return;
    closed = true;
    const reason = error ?? new Error('the server closed the connection');
    refuse(reason);
    onLost(reason);
  };
  socket.on('error', lost);
  socket.on('close', () => lost());
  socket.write(FIRST_REQUEST, 'latin1');
  await accepted;
  return {
    send: (request) => void socket.write(request, 'latin1'),
    close: () => {
      closed = true;
      socket.destroy();
    },
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** The answer, once it is whole. Answers come one at a time, so nothing follows it. */
function parse(buffer: Buffer): Answer | null {
  const headEnd = buffer.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const status = Number(buffer.toString('latin1', STATUS_AT, STATUS_AT + 3));
  const bodyAt = headEnd + HEAD_END.length;
  const lengthAt = buffer.indexOf(CONTENT_LENGTH);
  const length =
    lengthAt === -1 || lengthAt > headEnd
      ? 0
      : Number.parseInt(buffer.toString('latin1', lengthAt + CONTENT_LENGTH.length, lengthAt + 32), 10);
  if (buffer.length < bodyAt + length) return null;
  return { status, body: buffer.subarray(bodyAt, bodyAt + length) };
}
