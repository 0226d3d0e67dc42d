/** What the dashboard feature is about: how the sale goes, now. */

/** How often each outcome was answered. */
export interface OutcomeCount {
  /** Since the process began. */
  readonly total: number;
  /** In the last seconds. */
  readonly recent: number;
}

/** Group commit of a process in its last seconds, of one queue. */
export interface QueueActivity {
  readonly waiting: number;
  readonly batches: number;
  readonly commands: number;
  /** How many there were in each bucket, the last of which has no bound. */
  readonly batchSeconds: readonly number[];
  readonly waitSeconds: readonly number[];
}

/** What one process did in its last seconds: what it tells the others. */
export interface Activity {
  /** How many those were. */
  readonly seconds: number;
  /** By flow and outcome. */
  readonly flows: Readonly<Record<string, Readonly<Record<string, OutcomeCount>>>>;
  readonly queues: Readonly<Record<string, QueueActivity>>;
}

/** Answers of all processes to one kind of write. */
export interface FlowFigures {
  /** Since each of the processes began. */
  readonly done: number;
  readonly replayed: number;
  readonly refused: Readonly<Record<string, number>>;
  /** In the last seconds. */
  readonly perSecond: { readonly done: number; readonly refused: Readonly<Record<string, number>> };
}

/** Group commit of all processes in the last seconds, of one queue. Null where there was no batch. */
export interface QueueFigures {
  readonly queue: string;
  readonly waiting: number;
  readonly batchesPerSecond: number;
  readonly commandsPerSecond: number;
  readonly meanBatchSize: number | null;
  readonly batchMsP50: number | null;
  readonly batchMsP99: number | null;
  readonly waitMsP99: number | null;
}

/** What was placed and paid within a time. */
export interface SalesFigures {
  readonly from: Date;
  readonly to: Date;
  readonly orders: number;
  readonly payments: number;
  /** Minor units paid, before refunds. */
  readonly revenue: number;
}

/** What became of the orders that were placed within a time, by their status at its end. */
export interface OrderFigures {
  readonly from: Date;
  readonly to: Date;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Orders that hold stock at `asOf`. */
export interface HoldFigures {
  readonly asOf: Date;
  readonly orders: number;
  readonly total: number;
  readonly expiringWithinMinute: number;
  /** Past their time, and not yet swept. */
  readonly overdue: number;
  readonly nextExpiryAt: Date | null;
}

export interface CouponFigures {
  readonly couponId: string;
  readonly name: string;
  readonly quantity: number;
  readonly issued: number;
  readonly expiresAt: Date;
}

export interface StockFigures {
  readonly optionId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly available: number;
  readonly reserved: number;
}
