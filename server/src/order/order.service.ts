/** Use cases of the order flow, and what neighbours need of orders. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { CouponKeeper } from '../coupon/coupon.service.ts';
import type { Database, Transaction } from '../database/database.ts';
import { assert } from '../kernel/assert.ts';
import { atOffset } from '../kernel/clock.ts';
import { Refusal, refuse } from '../kernel/errors.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { pick } from '../kernel/pick.ts';
import type { StockKeeper } from '../product/product.service.ts';
import type { Offer } from '../product/product.types.ts';
import { anyDue, findOrder, listOrders } from './order.queries.ts';
import {
  countPending,
  findHoldings,
  insertOrders,
  lockCustomers,
  lockDueOrders,
  lockOrders,
  type OrderReference,
  releaseLines,
  saveOrders,
  saveRefundedUnits,
} from './order.repository.ts';
import { decideCancel, decideExpire, decidePlace, holdingKey, type OrderState } from './order.rules.ts';
import { presentOrder } from './order.schemas.ts';
import type { Order, OrderCommand, OrderLimits } from './order.types.ts';

/** Orders, as neighbours lock and change them inside their own batches. */
export interface OrderKeeper {
  /** By id, with their lines; another user's are absent. `userId` null stands for anyone's. */
  lockOrders(tx: Transaction, wanted: readonly OrderReference[]): Promise<Map<string, Order>>;
  saveOrders(tx: Transaction, orders: readonly Order[]): Promise<void>;
  saveRefundedUnits(tx: Transaction, orders: readonly Order[]): Promise<void>;
}

type WireOrder = ReturnType<typeof presentOrder>;

export interface OrderService extends OrderKeeper {
  /** A user's orders, or, for null, everyone's, newest first. */
  list(userId: string | null, query: PageQuery): Promise<Page<WireOrder>>;
  get(userId: string | null, orderId: string): Promise<WireOrder | Refusal<'ORDER_NOT_FOUND'>>;
  write(command: OrderCommand, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Expires unpaid orders past their time, a bounded number at once; gives whether any were, and so more may be left. */
  expireDue(): Promise<boolean>;
}

interface Deps {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly stock: StockKeeper;
  readonly coupons: CouponKeeper;
  readonly limits: OrderLimits;
  readonly clockOffsetMs: () => number;
}

const EXPIRED_AT_ONCE_MAX = 500;
const NOTHING_EXPIRED = JSON.stringify({ expired: 0 });
const pageOfOrders = newestFirst('orders');

export function createOrderService(deps: Deps): OrderService {
  const { database, commit, clockOffsetMs } = deps;
  const queue = commit.queue<OrderCommand, OrderState>({
    name: 'order',
    lock: (tx, commands, offsetMs) => lockForOrders(tx, commands, offsetMs, deps),
    decide,
    save: (tx, state) => saveOrderState(tx, state, deps),
    ended: ({ changed }, ending) => {
      if (ending !== 'unchanged' && changed.stock.size > 0) deps.stock.stockChanged([...changed.stock]);
    },
  });
  const presentRow = (row: Order & { readonly now: Date }): WireOrder => presentOrder(row, atOffset(row.now, clockOffsetMs()));
  return {
    lockOrders,
    saveOrders,
    saveRefundedUnits,
    list: (userId, query) => pageOfOrders(query, (before, rows) => listOrders(database, userId, before, rows), presentRow),
    get: async (userId, orderId) => {
      const order = await findOrder(database, userId, orderId);
      return order === null ? refuse('ORDER_NOT_FOUND') : presentRow(order);
    },
    write: (command, key) => queue.submit(command, key),
    expireDue: async () => {
      if (!(await anyDue(database, clockOffsetMs()))) return false;
      const answer = await queue.submit({ kind: 'expire', limit: EXPIRED_AT_ONCE_MAX });
      return !(answer instanceof Refusal) && answer.json !== NOTHING_EXPIRED;
    },
  };
}

/** Locks, in the global order: the users who order, orders, stock, users' coupons; then reads what limits need. */
async function lockForOrders(tx: Transaction, commands: readonly OrderCommand[], offsetMs: number, deps: Deps): Promise<OrderState> {
  const placing = commands.flatMap((command) => (command.kind === 'place' ? [command] : []));
  const cancelling = commands.flatMap((command) => (command.kind === 'cancel' ? [command] : []));
  const dueMax = Math.max(0, ...commands.map((command) => (command.kind === 'expire' ? command.limit : 0)));
  const userIds = [...new Set(placing.map((command) => command.userId))];

  await lockCustomers(tx, userIds);
  const orders = await lockOrders(tx, cancelling);
  const due = dueMax > 0 ? await lockDueOrders(tx, offsetMs, dueMax) : [];
  for (const order of due) orders.set(order.id, orders.get(order.id) ?? order);
  const wantedOptions = new Set(placing.flatMap(({ lines }) => lines.map((line) => line.optionId)));
  const heldOptions = [...orders.values()].flatMap(({ lines }) => lines.map((line) => line.optionId));
  const stock = await deps.stock.lockStock(tx, [...new Set([...wantedOptions, ...heldOptions])]);
  const userCoupons = await deps.coupons.lockUserCoupons(tx, [
    ...placing.flatMap(({ userId, userCouponId }) => (userCouponId === null ? [] : [{ userId, id: userCouponId }])),
    ...[...orders.values()].flatMap(({ userId, userCouponId }) => (userCouponId === null ? [] : [{ userId, id: userCouponId }])),
  ]);
  const offers = wantedOptions.size > 0 ? await deps.stock.loadOffers(tx, [...wantedOptions]) : new Map<string, Offer>();
  return {
    stock,
    offers,
    userCoupons,
    orders,
    due,
    pending: await countPending(tx, userIds, offsetMs),
    holdings: await loadHoldings(tx, placing, offers, offsetMs),
    limits: deps.limits,
    placed: new Set(),
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set() },
  };
}

/** The holdings of every user and limited option of the batch; 0 where there are none. */
async function loadHoldings(
  tx: Transaction,
  placing: readonly Extract<OrderCommand, { kind: 'place' }>[],
  offers: ReadonlyMap<string, Offer>,
  offsetMs: number,
): Promise<Map<string, number>> {
  const limited = new Map<string, { userId: string; optionId: string }>();
  for (const { userId, lines } of placing) {
    for (const { optionId } of lines) {
      if ((offers.get(optionId)?.maxPerUser ?? null) !== null) limited.set(holdingKey(userId, optionId), { userId, optionId });
    }
  }
  const holdings = new Map([...limited.keys()].map((key) => [key, 0]));
  for (const { userId, optionId, units } of await findHoldings(tx, [...limited.values()], offsetMs)) {
    holdings.set(holdingKey(userId, optionId), units);
  }
  return holdings;
}

function decide(state: OrderState, command: OrderCommand, context: DecisionContext): Effect | Refusal {
  const { now } = context;
  switch (command.kind) {
    case 'place':
      return effectOf(201, decidePlace(state, command, context), (order) => presentOrder(order, now));
    case 'cancel':
      return effectOf(200, decideCancel(state, command, context), (order) => presentOrder(order, now));
    case 'expire':
      return { status: 200, body: { expired: decideExpire(state, context) } };
  }
}

async function saveOrderState(tx: Transaction, state: OrderState, deps: Deps): Promise<void> {
  const { placed, changed, orders, stock, userCoupons } = state;
  const isNew = (id: string): boolean => placed.has(id);
  assert(![...changed.orders].some(isNew), 'an order is answered before anyone can change it');
  await insertOrders(tx, pick(orders, placed));
  const released = pick(orders, changed.orders);
  await saveOrders(tx, released);
  await releaseLines(tx, released);
  await deps.stock.saveStock(tx, pick(stock, changed.stock));
  await deps.coupons.saveUserCoupons(tx, pick(userCoupons, changed.userCoupons));
}
