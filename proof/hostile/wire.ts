/** A connection that sends whatever bytes it is given, as a client that is none of ours would, and reads whole answers. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Wire {
  /** Sends one request; null where the connection ended without an answer. */
  ask(bytes: Buffer, isHead: boolean): Promise<Answer | null>;
  close(): void;
}

const PATIENCE_MS = 60_000;
const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** A connection to a server on loopback; after one that the server ended comes another. */
export function openWire(port: number): Wire {
  let socket: Socket | null = null;
  const close = (): void => {
    socket?.destroy();
    socket = null;
  };
  return {
    close,
    ask: (bytes, isHead) =>
      new Promise((resolve, reject) => {
        const used = socket ?? connect({ host: '127.0.0.1', port, noDelay: true });
        socket = used;
        let received = Buffer.alloc(0);
        const settle = (answer: Answer | null): void => {
          used.removeAllListeners();
          used.on('error', () => undefined);
          used.setTimeout(0);
          if (answer === null || answer.headers.get('connection') === 'close' || isEndless(answer)) close();
          resolve(answer);
        };
        used.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          const answer = answerOf(received, isHead);
          if (answer !== null) settle(answer);
        });
        // What was answered before the request was read is still there to be read.
        used.on('error', () => undefined);
        used.on('close', () => settle(answerOf(received, isHead)));
        used.setTimeout(PATIENCE_MS, () => {
          close();
          reject(new Error(`no answer to ${bytes.toString('latin1', 0, 500)}`));
        });
        used.write(bytes);
      }),
  };
}

/** A stream of events has no end: its head is all that is waited for. */
function isEndless({ headers }: Answer): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function answerOf(received: Buffer, isHead: boolean): Answer | null {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const head = { status, headers, text: '' };
  if (status === 100) return answerOf(received.subarray(headEnd + HEAD_END.length), isHead);
  if (isHead || status === 204 || status === 304 || isEndless(head)) return head;
  const body = received.subarray(headEnd + HEAD_END.length);
  const length = headers.get('content-length');
  if (length !== null) return body.length < Number(length) ? null : { ...head, text: body.toString('utf8', 0, Number(length)) };
  if (headers.get('transfer-encoding') !== 'chunked') return null;
  const isWhole = body.indexOf(LAST_CHUNK) !== -1 || body.indexOf(LAST_CHUNK.slice(2)) === 0;
  return isWhole ? { ...head, text: body.toString('utf8') } : null;
}
