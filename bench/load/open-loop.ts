/**
 * An open loop: requests start at a fixed rate, whatever becomes of those before. A latency counts from the moment at which
 * its request was meant to start, so that a server that stands still is charged for everyone who would have come meanwhile
 * (no coordinated omission).
 */
import { type Connection, openConnection } from './connection.ts';
import { createSamples } from './samples.ts';
import type { Client, Outcome, Traffic } from './traffic.ts';

const TICK_MS = 1;

/**
 * Runs `traffic` at `rate` requests a second for `seconds` over at most `connections`; where none is free, requests wait
 * for one. Every request that was meant to start is awaited and counts.
 */
export async function openLoop(port: number, traffic: Traffic, rate: number, seconds: number, connections: number): Promise<Outcome> {
  const samples = createSamples();
  const total = Math.floor(rate * seconds);
  const free: (() => void)[] = [];
  let intended = 0;
  let started = 0;
  let answered = 0;
  let startedAt = 0;
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<void>();

  const startWaiting = (): void => {
    const due = Math.min(intended - started, free.length);
    for (let count = 0; count < due; count += 1) free.pop()?.();
  };
  const launch = async (index: number): Promise<Connection> => {
    const client: Client = traffic.client(index);
    let meantAt = 0;
    const connection = await openConnection(
      port,
      (answer) => {
        samples.add(answer.status, performance.now() - meantAt);
        client.answered?.(answer);
        answered += 1;
        free.push(start);
        if (answered === total) finish();
        else startWaiting();
      },
      fail,
    );
    const start = (): void => {
      meantAt = startedAt + (started / rate) * 1000;
      started += 1;
      connection.send(client.next());
    };
    free.push(start);
    return connection;
  };

  const opened = await Promise.all(Array.from({ length: connections }, (_, index) => launch(index)));
  startedAt = performance.now();
  const clock = setInterval(() => {
    intended = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * rate) + 1);
    startWaiting();
  }, TICK_MS);
  try {
    await finished;
  } finally {
    clearInterval(clock);
    for (const connection of opened) connection.close();
  }
  return samples.outcome(seconds);
}
