/** What the charts keep of each snapshot. */
import type { Dashboard, Flow } from '@openrun/client';

/** Figures of one moment by the names of their lines. */
export type Values = Readonly<Record<string, number>>;

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Done a second. */
  readonly flows: Values;
  /** Refused a second, by code. */
  readonly refused: Values;
  /** Seconds by destination. */
  readonly lag: Values;
  /** Milliseconds by queue. */
  readonly batchMs: Values;
  readonly batchSize: Values;
  /** What is left of each coupon, in per cent. */
  readonly coupons: Values;
  readonly revenue: Values;
}

export function pointOf({ asOf, flows, deliveries, queues, coupons, sales }: Dashboard): Point {
  return {
    at: Date.parse(asOf),
    flows: {
      orders: flows.orders.perSecond.done,
      payments: flows.payments.perSecond.done,
      couponIssues: flows.couponIssues.perSecond.done,
    },
    refused: refusedOf([flows.orders, flows.payments, flows.couponIssues]),
    lag: valuesOf(deliveries, ({ destination, lagSeconds }) => [destination, lagSeconds]),
    batchMs: valuesOf(queues, ({ queue, batchMsP99 }) => [queue, batchMsP99]),
    batchSize: valuesOf(queues, ({ queue, meanBatchSize }) => [queue, meanBatchSize]),
    coupons: valuesOf(coupons, ({ name, remaining, quantity }) => [
      name,
      quantity === 0 ? 0 : Math.round((remaining / quantity) * 1000) / 10,
    ]),
    revenue: { today: sales.today.revenue },
  };
}

function valuesOf<Item>(items: readonly Item[], entryOf: (item: Item) => readonly [string, number | null]): Values {
  // What has no value now is left out, and its line goes on from the one before to the one after.
  return Object.fromEntries(items.map(entryOf).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
}

function refusedOf(flows: readonly Flow[]): Values {
  const sums = new Map<string, number>();
  for (const { perSecond } of flows) {
    for (const [code, rate] of Object.entries(perSecond.refused)) sums.set(code, (sums.get(code) ?? 0) + rate);
  }
  return Object.fromEntries(sums);
}
