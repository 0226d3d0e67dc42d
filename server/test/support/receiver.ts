/** A receiver of webhooks on a real socket: notes every request it hears, and answers as the test says. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Body } from './caller.ts';

/** The envelope, as JSON gave it: what is not there reads as undefined, and the test says so. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly source: string;
  readonly sequence: string;
  readonly data: Body;
}

export interface Heard {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came, which is what signatures are of. */
  readonly body: string;
  readonly event: CloudEvent;
}

/** A status, or whatever is done to the answer, which may be nothing at all. */
export type Reply = number | ((answer: ServerResponse) => void);
type Script = (heard: Heard) => Reply | Promise<Reply>;

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order in which they were heard. */
  readonly heard: readonly Heard[];
  /** The same, for the background to add to: the probe of an `eventually`. */
  readonly events: () => Promise<CloudEvent[]>;
  /** How many connections there were. */
  connections(): number;
  /** From now on it answers so; at first it answers 204 to everything. */
  answers(script: Script): void;
  close(): Promise<void>;
}

/** Never answers. */
export const hang: Reply = (answer) => void answer;
/** Resets the connection instead of answering. */
export const reset: Reply = (answer) => void answer.socket?.resetAndDestroy();
/** Begins an answer of the status, and breaks off in the middle of its body. */
export const cutOff =
  (status: number): Reply =>
  (answer) => {
    answer.writeHead(status, { 'content-length': '1000' });
    answer.write('only the beginning', () => answer.socket?.destroy());
  };
export const withHeaders =
  (status: number, headers: Readonly<Record<string, string>>, body = ''): Reply =>
  (answer) =>
    void answer.writeHead(status, headers).end(body);

const parse: (json: string) => CloudEvent = JSON.parse;

/** Opens a receiver on the loopback, which closes with the test. */
export async function openReceiver(port = 0): Promise<Receiver> {
  const heard: Heard[] = [];
  let script: Script = () => 204;
  const take = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await text(request);
    const one: Heard = { method: request.method ?? '', headers: request.headers, body, event: parse(body) };
    heard.push(one);
    const reply = await script(one);
    if (typeof reply === 'number') answer.writeHead(reply).end();
    else reply(answer);
  };
  const server = createServer((request, answer) => {
    take(request, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  const taken = portOf(server.address());
  return {
    url: `http://127.0.0.1:${taken}/hook`,
    port: taken,
    heard,
    events: async () => heard.map(({ event }) => event),
    connections: () => connections,
    answers: (next) => {
      script = next;
    },
    close,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the receiver listens on a port');
  return address.port;
}
