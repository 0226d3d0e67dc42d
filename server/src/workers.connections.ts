/**
 * Connections on their way to a worker that is killed.
 *
 * The first process keeps its end of a connection until the worker has said that it has it. Node forgets to close that end where the worker is killed
 * first, so that whoever had connected would wait for ever: most likely while the worker was short of memory, and took in nothing for seconds. What
 * a worker may have read of such a connection nobody knows, so it is closed and not handed on. The messages are those of `node:cluster`, which documents
 * none of them: where they change, connections are kept as before, and a test tells.
 */
import type { Worker } from 'node:cluster';

/** Closes what the worker has not taken when it ends. To be called before the worker takes connections. */
export function closeUntaken({ process: child }: Worker): void {
  const untaken = new Map<number, () => void>();
  const send: unknown = Reflect.get(child, 'send');
  if (typeof send !== 'function') return;
  Reflect.set(child, 'send', (...all: readonly unknown[]): unknown => {
    const [message, connection] = all;
    if (isHandover(message) && isClosable(connection)) untaken.set(message.seq, () => connection.close());
    const isSent: unknown = Reflect.apply(send, child, all);
    return isSent;
  });
  child.on('internalMessage', (message: unknown) => {
    if (isAnswer(message)) untaken.delete(message.ack);
  });
  child.once('exit', () => {
    for (const close of untaken.values()) close();
    untaken.clear();
  });
}

function isHandover(message: unknown): message is { readonly seq: number } {
  return isObject(message) && 'act' in message && message.act === 'newconn' && 'seq' in message && typeof message.seq === 'number';
}

function isAnswer(message: unknown): message is { readonly ack: number } {
  return isObject(message) && 'ack' in message && typeof message.ack === 'number';
}

function isClosable(connection: unknown): connection is { close(): void } {
  return isObject(connection) && 'close' in connection && typeof connection.close === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
