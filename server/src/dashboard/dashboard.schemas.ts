/** Wire types of the dashboard. What each figure means is said in `docs/dashboard.md`. */
import { Type } from 'typebox';
import type { Backlog } from '../delivery/delivery.types.ts';
import { id, money, nullable, strictObject, time } from '../http/schemas.ts';
import type { CouponFigures, FlowFigures, HoldFigures, OrderFigures, QueueFigures, SalesFigures, StockFigures } from './dashboard.types.ts';

const count = (description?: string) => Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
const rate = Type.Number({ minimum: 0 });
const byCode = <T extends typeof rate | ReturnType<typeof count>>(figure: T, description: string) =>
  Type.Record(Type.String(), figure, { description });

const flowSchema = strictObject(
  {
    done: count('Since each of the processes began'),
    replayed: count('Answered again by their key, since each of the processes began'),
    refused: byCode(count(), 'By code, since each of the processes began'),
    perSecond: strictObject(
      { done: rate, refused: byCode(rate, 'By code') },
      { description: 'Of all processes, in the last five seconds' },
    ),
  },
  { title: 'FlowFigures' },
);
const salesSchema = strictObject({
  from: time(),
  to: time(),
  orders: count('Placed'),
  payments: count(),
  revenue: money('Paid, before refunds'),
});

export const dashboardSchema = strictObject(
  {
    asOf: time(),
    processes: Type.Integer({ minimum: 1, description: 'Of which flows and queues are the sums: those on the database that answer' }),
    flows: strictObject({ orders: flowSchema, payments: flowSchema, couponIssues: flowSchema }),
    queues: Type.Array(
      strictObject({
        queue: Type.String(),
        waiting: count(),
        batchesPerSecond: rate,
        commandsPerSecond: rate,
        meanBatchSize: nullable(rate),
        batchMsP50: nullable(rate),
        batchMsP99: nullable(rate),
        waitMsP99: nullable(rate),
      }),
      { description: 'Group commit of all processes in the last five seconds' },
    ),
    sales: strictObject({ today: salesSchema, lastHour: salesSchema }),
    orders: strictObject(
      { from: time(), to: time(), byStatus: Type.Record(Type.String(), count()) },
      { description: 'What became of the orders of the last hour' },
    ),
    holds: strictObject(
      {
        asOf: time(),
        orders: count(),
        total: money(),
        expiringWithinMinute: count(),
        overdue: count('Past their time, and not yet swept'),
        nextExpiryAt: nullable(time()),
      },
      { description: 'Orders that hold stock until they are paid' },
    ),
    coupons: Type.Array(
      strictObject({
        couponId: id(),
        name: Type.String(),
        quantity: count(),
        issued: count(),
        remaining: count(),
        issuedPerSecond: rate,
        secondsLeft: nullable(Type.Integer({ minimum: 0, description: 'Until the last one, at this rate' })),
        expiresAt: time(),
      }),
      { description: 'The 20 newest that have started and not expired' },
    ),
    stock: strictObject({
      soldOut: count('Options for sale of which nothing is left'),
      runningOut: Type.Array(
        strictObject({ optionId: id(), productId: id(), sku: Type.String(), name: Type.String(), available: count(), reserved: count() }),
        { description: 'Options for sale of which 1 to 10 units are left, the fewest first, at most 20' },
      ),
    }),
    deliveries: Type.Array(
      strictObject({ destination: Type.String(), pending: count(), failed: count(), lagSeconds: Type.Number({ minimum: 0 }) }),
    ),
  },
  { title: 'Dashboard' },
);

/** What was read of the database. */
export interface FiguresRead {
  readonly asOf: Date;
  readonly today: SalesFigures;
  readonly lastHour: SalesFigures;
  readonly orders: OrderFigures;
  readonly holds: HoldFigures;
  readonly coupons: readonly (CouponFigures & { readonly issuedPerSecond: number })[];
  readonly stock: { readonly runningOut: readonly StockFigures[]; readonly soldOut: number };
  readonly deliveries: readonly Backlog[];
}

export function presentSnapshot(
  figures: FiguresRead & {
    readonly processes: number;
    readonly flows: { readonly orders: FlowFigures; readonly payments: FlowFigures; readonly couponIssues: FlowFigures };
    readonly queues: readonly QueueFigures[];
  },
) {
  const { asOf, processes, flows, queues, today, lastHour, orders, holds, stock, deliveries } = figures;
  return {
    asOf,
    processes,
    flows,
    queues,
    sales: { today, lastHour },
    orders,
    holds,
    coupons: figures.coupons.map(({ couponId, name, quantity, issued, issuedPerSecond, expiresAt }) => {
      const remaining = quantity - issued;
      const secondsLeft = issuedPerSecond > 0 ? Math.ceil(remaining / issuedPerSecond) : null;
      return { couponId, name, quantity, issued, remaining, issuedPerSecond, secondsLeft, expiresAt };
    }),
    stock: { soldOut: stock.soldOut, runningOut: stock.runningOut },
    deliveries,
  };
}
