/** What a workload is: a kind of traffic, what it is compared with, and which of its answers count. */
import type { Traffic } from '../load/traffic.ts';
import type { Shop } from './shop.ts';

export interface Workload {
  readonly name: string;
  /** A line for the table. */
  readonly title: string;
  /** The empty request that it is compared with: the same token, and for `post` the same key and body. */
  readonly reference: 'get' | 'post';
  /** The statuses of the answers that count; others are refusals or failures and are counted apart. */
  readonly counted: readonly number[];
  /** What its requests look like at the reference route. */
  referenceTraffic(shop: Shop): Traffic;
  /** Sets the shop up and gives the traffic; the shop may have been used by other workloads. */
  open(shop: Shop): Promise<Traffic>;
}

/** Gives out 0, 1, 2 … to whoever asks. */
export function counter(): () => number {
  let next = 0;
  return () => {
    next += 1;
    return next - 1;
  };
}

/** The item at `index`, going round. @throws where there is none. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

/** Clients that all draw from one source of requests. */
export function stream(next: () => string): Traffic {
  return { client: () => ({ next }) };
}
