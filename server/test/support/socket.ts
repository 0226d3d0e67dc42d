/** Sockets: ports for servers that have to be told theirs, and HTTP by the byte, where `fetch` would mend or refuse the request. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const PATIENCE_MS = 10_000;

/** A port on loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

/** Sends the bytes on a connection of their own, and gives all that comes back until either side ends it. */
export function exchange(baseUrl: string, request: string, signal?: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the server neither answered nor closed the connection')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks).toString()) : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.write(request, () => {
      if (signal?.aborted === true) socket.destroy();
    });
  });
}
