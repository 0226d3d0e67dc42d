/** A receiver of webhooks that misbehaves at random, and remembers all that it has taken. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One event that the receiver took: it answered 200, or was about to. */
export interface Taken {
  readonly id: string;
  readonly orderId: string;
  readonly type: string;
  readonly sequence: number;
}

export interface WildReceiver {
  readonly url: string;
  readonly secret: string;
  /** In the order in which they were taken, duplicates included. */
  readonly taken: readonly Taken[];
  /** How often it did what. */
  readonly did: ReadonlyMap<string, number>;
  /** Signatures that were wrong. */
  readonly forged: number;
  close(): void;
}

type Misbehaviour = 'error' | 'hang' | 'reset' | 'cut';

const SECRET = Buffer.from('a secret for the tests of webhooks!!');
const MISBEHAVIOURS: readonly Misbehaviour[] = ['error', 'error', 'reset', 'reset', 'cut', 'cut', 'hang'];

/** @param share of the requests that it answers badly: with 500, never, by a reset, or with 200 and then a cut in the middle of the body. */
export async function openWildReceiver(share: number): Promise<WildReceiver> {
  const taken: Taken[] = [];
  const did = new Map<string, number>();
  let forged = 0;
  const count = (what: string): void => void did.set(what, (did.get(what) ?? 0) + 1);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    if (!isSigned(request, body)) forged += 1;
    const misbehaviour = Math.random() < share ? MISBEHAVIOURS[Math.floor(Math.random() * MISBEHAVIOURS.length)] : undefined;
    count(misbehaviour ?? 'good');
    switch (misbehaviour) {
      case 'error':
        response.writeHead(500).end('no');
        break;
      case 'reset':
        request.socket.resetAndDestroy();
        break;
      case 'hang':
        break;
      case 'cut':
        taken.push(read(body));
        response.writeHead(200, { 'content-length': '1000' });
        response.write('half');
        setImmediate(() => request.socket.destroy());
        break;
      case undefined:
        taken.push(read(body));
        response.writeHead(200).end('ok');
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    secret: `whsec_${SECRET.toString('base64')}`,
    taken,
    did,
    get forged() {
      return forged;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Checks the signature as Standard Webhooks 1.0 has it, without the library that made it. */
function isSigned({ headers }: IncomingMessage, body: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const wanted = Buffer.from(createHmac('sha256', SECRET).update(signed).digest('base64'));
  const given = String(headers['webhook-signature']).split(' ');
  return given.some((one) => {
    const [version, signature = ''] = one.split(',');
    const bytes = Buffer.from(signature);
    return version === 'v1' && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  });
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly sequence: number };
}

const parse: (text: string) => Event = JSON.parse;

function read(body: string): Taken {
  const { id, type, subject, data } = parse(body);
  return { id, type, orderId: subject, sequence: data.sequence };
}
