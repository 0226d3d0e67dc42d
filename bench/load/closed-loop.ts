/** A closed loop: each connection sends its next request when the last one is answered. Finds the peak. */
import { type Connection, openConnection } from './connection.ts';
import { createSamples } from './samples.ts';
import type { Outcome, Traffic } from './traffic.ts';

/**
 * Runs `traffic` on `connections` for `seconds`. What is answered within that time counts; requests under way at its end are
 * awaited, so that nothing of one round falls into the next, and are not counted.
 *
 * @throws where a connection is lost.
 */
export async function closedLoop(port: number, traffic: Traffic, connections: number, seconds: number): Promise<Outcome> {
  const samples = createSamples();
  let stopped = false;
  let open = 0;
  const { promise: drained, resolve: drain, reject: fail } = Promise.withResolvers<void>();

  const launch = async (index: number): Promise<{ start: () => void; close: () => void }> => {
    const client = traffic.client(index);
    let sentAt = 0;
    const connection: Connection = await openConnection(
      port,
      (answer) => {
        if (!stopped) samples.add(answer.status, performance.now() - sentAt);
        client.answered?.(answer);
        if (stopped) finish();
        else send();
      },
      fail,
    );
    const finish = (): void => {
      open -= 1;
      if (open === 0) drain();
    };
    const send = (): void => {
      sentAt = performance.now();
      connection.send(client.next());
    };
    return { start: send, close: () => connection.close() };
  };

  const clients = await Promise.all(Array.from({ length: connections }, (_, index) => launch(index)));
  open = connections;
  const startedAt = performance.now();
  let stoppedAt = startedAt;
  for (const { start } of clients) start();
  const timer = setTimeout(() => {
    stopped = true;
    stoppedAt = performance.now();
  }, seconds * 1000);
  try {
    await drained;
  } finally {
    clearTimeout(timer);
    for (const { close } of clients) close();
  }
  return samples.outcome((stoppedAt - startedAt) / 1000);
}
