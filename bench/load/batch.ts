/** A given number of requests, each once: what prepares a load. */
import { openConnection } from './connection.ts';

const CONNECTIONS = 256;

/**
 * Sends all of `requests`, several at once.
 *
 * @throws where one is not answered `status`: a load on a shop that is not set up measures nothing.
 */
export async function sendAll(
  port: number,
  requests: readonly (() => string)[],
  status: number,
  onBody: (body: Buffer) => void = () => undefined,
): Promise<void> {
  if (requests.length === 0) return;
  let next = 0;
  let left = requests.length;
  let wrong = '';
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const launch = async (): Promise<{ readonly send: () => void; readonly close: () => void }> => {
    const connection = await openConnection(
      port,
      (answer) => {
        if (answer.status === status) onBody(answer.body);
        else wrong = `${answer.status} ${answer.body.toString()}`;
        left -= 1;
        if (left === 0) resolve();
        else send();
      },
      reject,
    );
    const send = (): void => {
      const request = requests[next];
      next += 1;
      if (request !== undefined) connection.send(request());
    };
    return { send, close: () => connection.close() };
  };
  const connections = await Promise.all(Array.from({ length: Math.min(CONNECTIONS, requests.length) }, launch));
  for (const { send } of connections) send();
  await done;
  for (const { close } of connections) close();
  if (wrong !== '') throw new Error(`a request of the set-up was answered ${wrong}`);
}
