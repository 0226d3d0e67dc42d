/** Use cases of the order flow, and what neighbours need of orders. */
import type { Answer, DecisionContext, Effect, Locking, SaveContext, StaffAction, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Observation } from '../commit/sold-out.ts';
import type { CouponKeeper } from '../coupon/coupon.service.ts';
import type { Database, Transaction, Writes } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import type { Source } from '../database/replica.ts';
import type { OutboxEvent } from '../delivery/event.types.ts';
import type { Outbox } from '../delivery/outbox.service.ts';
import { assert } from '../kernel/assert.ts';
import { atOffset } from '../kernel/clock.ts';
import { Refusal, refuse } from '../kernel/errors.ts';
import { HIGHEST_ID, idsLike, idsWithin, type TimeRange } from '../kernel/ids.ts';
import {
  cursorCodec,
  EXPORT_PAGE_ROWS,
  type Found,
  inPages,
  type Page,
  type PageQuery,
  pageOf,
  rowsWanted,
  type Stretch,
} from '../kernel/paging.ts';
import { pick } from '../kernel/pick.ts';
import type { StockKeeper } from '../product/product.service.ts';
import type { Offer } from '../product/product.types.ts';
import { actionBy } from '../staff/staff.service.ts';
import { orderEndedEvent, orderPlacedEvent } from './order.events.ts';
import { anyDue, exportOrders, findOrder, listOrderedUnits, listOrders } from './order.queries.ts';
import {
  countPending,
  findHoldings,
  insertOrders,
  lineUpForDue,
  lockCustomers,
  lockDueOrders,
  lockOrders,
  type OrderReference,
  releaseLines,
  saveOrders,
  saveRefundedUnits,
} from './order.repository.ts';
import { decideCancel, decideExpire, decidePlace, holdingKey, type OrderState, soldOutOptions, whyTooLate } from './order.rules.ts';
import { presentExported, presentOrder } from './order.schemas.ts';
import type { Order, OrderCommand, OrderedUnits, OrderFilter, OrderLimits } from './order.types.ts';

/** Orders, as neighbours lock and change them inside their own batches. */
export interface OrderKeeper {
  /** By id, with their lines; another user's are absent. `userId` null stands for anyone's. */
  lockOrders(tx: Transaction, wanted: readonly OrderReference[]): Promise<Map<string, Order>>;
  saveOrders(writes: Writes, orders: readonly Order[]): void;
  saveRefundedUnits(writes: Writes, orders: readonly Order[]): void;
}

type WireOrder = ReturnType<typeof presentOrder>;

export interface OrderService extends OrderKeeper {
  /** A user's orders, or, for null, everyone's, newest first. */
  list(userId: string | null, query: PageQuery & OrderFilter): Promise<Page<WireOrder>>;
  get(userId: string | null, orderId: string): Promise<WireOrder | Refusal<'ORDER_NOT_FOUND'>>;
  /** Anyone's order as it is kept, with the time at which it was read; null where there is none. */
  read(orderId: string): Promise<{ readonly order: Order; readonly now: Date } | null>;
  /** What orders took of an option's stock, newest first. */
  unitsOf(optionId: string, stretch: Stretch): Promise<Found<OrderedUnits>>;
  /** Everyone's orders that were placed within a time, the oldest first, page by page, each as it is when its page is read. */
  exported(within: TimeRange): AsyncIterable<readonly ReturnType<typeof presentExported>[]>;
  write(command: OrderCommand, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Expires unpaid orders past their time, a bounded number at once; gives whether any were, and so more may be left. */
  expireDue(): Promise<boolean>;
}

interface Deps {
  readonly database: Database;
  readonly lists: Lists;
  readonly commit: CommitEngine;
  readonly stock: StockKeeper;
  readonly coupons: CouponKeeper;
  readonly outbox: Outbox;
  readonly limits: OrderLimits;
  readonly clockOffsetMs: () => number;
}

/** What a batch has locked, and when it began to. */
type ObservedOrders = OrderState & { readonly observation: Observation };

/** What a batch may tell the outside. */
const EVENTS = ['order.placed', 'order.cancelled', 'order.expired'] as const;
const EXPIRED_AT_ONCE_MAX = 500;
const NOTHING_EXPIRED = JSON.stringify({ expired: 0 });
const orderCursor = cursorCodec('orders', ['id']);

export function createOrderService(deps: Deps): OrderService {
  const { database, lists, commit, clockOffsetMs } = deps;
  const { soldOut } = deps.stock;
  const queue = commit.queue<OrderCommand, ObservedOrders>({
    name: 'order',
    lock: async (tx, commands, locking) => {
      const observation = soldOut.observe();
      return { ...(await lockForOrders(tx, commands, locking, deps)), observation };
    },
    decide,
    save: (writes, state, context) => saveOrderState(writes, state, context, deps),
    ended: (state, ending) => {
      if (ending !== 'unchanged') deps.outbox.wake(EVENTS);
      const seen = ending === 'unknown' ? [] : soldOutOptions(state);
      deps.stock.stockSettled(state.observation, { changed: state.changed.stock, soldOut: seen });
    },
  });
  const presentRow = (row: Order & { readonly now: Date }): WireOrder => presentOrder(row, atOffset(row.now, clockOffsetMs()));
  return {
    lockOrders,
    saveOrders,
    saveRefundedUnits,
    list: (userId, query) => list(deps, userId, query),
    get: async (userId, orderId) => {
      const order = await findOrder(database, userId, orderId);
      return order === null ? refuse('ORDER_NOT_FOUND') : presentRow(order);
    },
    read: async (orderId) => {
      const order = await findOrder(database, null, orderId);
      return order === null ? null : { order, now: atOffset(order.now, clockOffsetMs()) };
    },
    unitsOf: (optionId, stretch) => lists.read((source) => listOrderedUnits(source, optionId, stretch)),
    exported: (within) => {
      const [first, end] = idsWithin(within);
      return inPages<ReturnType<typeof presentExported>>(EXPORT_PAGE_ROWS, (last) =>
        lists.read(async (source) => {
          const rows = await exportOrders(source, last?.id ?? first, end, EXPORT_PAGE_ROWS);
          return rows.map((row) => presentExported(row, atOffset(row.now, clockOffsetMs() + source.clockOffsetMs)));
        }),
      );
    },
    write: async (command, key) => {
      const late = command.kind === 'place' ? whyTooLate(command, soldOut.isKnown) : null;
      if (late !== null && (key === null || !(await queue.isTaken(key)))) return late;
      return queue.submit(command, key);
    },
    expireDue: async () => {
      if (!(await anyDue(database, clockOffsetMs()))) return false;
      const answer = await queue.submit({ kind: 'expire', limit: EXPIRED_AT_ONCE_MAX });
      return !(answer instanceof Refusal) && answer.json !== NOTHING_EXPIRED;
    },
  };
}

/** Everyone's is a list of staff, and may be from a replica; a user's own may not. */
async function list({ lists, clockOffsetMs }: Deps, userId: string | null, query: PageQuery & OrderFilter): Promise<Page<WireOrder>> {
  const { status = null, search = '' } = query;
  const [before] = orderCursor.decode(query.cursor) ?? [HIGHEST_ID];
  const [first, end] = idsWithin(query);
  const [lowest, highest] = idsLike(search);
  const ids = [first > lowest ? first : lowest, highest, before < end ? before : end] as const;
  const find = async (source: Source) => {
    const offsetMs = clockOffsetMs() + source.clockOffsetMs;
    const found = await listOrders(source, { userId, status, clockOffsetMs: offsetMs, ids, rows: rowsWanted(query) });
    return { ...found, offsetMs };
  };
  const { orders, lastSeen, offsetMs } = await (userId === null ? lists.read(find) : find(lists.primary));
  const page = pageOf(
    orders,
    query,
    (row) => presentOrder(row, atOffset(row.now, offsetMs)),
    ({ id }) => orderCursor.encode([id]),
  );
  return lastSeen === null ? page : { ...page, nextCursor: orderCursor.encode([lastSeen]) };
}

/** The orders that a batch takes back what they hold from. */
type Released = Pick<OrderState, 'orders' | 'due'>;

/** Locks, in the global order: the users who order, orders, stock, users' coupons; then reads what limits need. */
async function lockForOrders(
  tx: Transaction,
  commands: readonly OrderCommand[],
  { clockOffsetMs, locksSent }: Locking,
  deps: Deps,
): Promise<OrderState> {
  const placing = commands.flatMap((command) => (command.kind === 'place' ? [command] : []));
  const userIds = [...new Set(placing.map((command) => command.userId))];
  const wantedOptions = [...new Set(placing.flatMap(({ lines }) => lines.map((line) => line.optionId)))];

  const lined = lockCustomers(tx, userIds);
  const placesOnly = placing.length === commands.length;
  const { orders, due } = placesOnly ? noneReleased() : (await Promise.all([lockReleased(tx, commands, clockOffsetMs), lined]))[0];
  const released = [...orders.values()];
  const heldOptions = released.flatMap(({ lines }) => lines.map((line) => line.optionId));
  const locked = [
    deps.stock.lockStock(tx, [...new Set([...wantedOptions, ...heldOptions])]),
    deps.coupons.lockUserCoupons(
      tx,
      [...placing, ...released].flatMap(({ userId, userCouponId }) => (userCouponId === null ? [] : [{ userId, id: userCouponId }])),
    ),
  ] as const;
  locksSent();
  const [stock, userCoupons, offers, pending] = await Promise.all([
    ...locked,
    deps.stock.loadOffers(tx, wantedOptions),
    countPending(tx, userIds, clockOffsetMs),
    lined,
  ]);
  return {
    stock,
    offers,
    userCoupons,
    orders,
    due,
    pending,
    holdings: await loadHoldings(tx, placing, offers, clockOffsetMs),
    limits: deps.limits,
    placed: new Set(),
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set() },
  };
}

function noneReleased(): Released {
  return { orders: new Map(), due: [] };
}

/** Locks the orders that commands cancel or expire. */
async function lockReleased(tx: Transaction, commands: readonly OrderCommand[], clockOffsetMs: number): Promise<Released> {
  const cancelling = commands.flatMap((command) => (command.kind === 'cancel' ? [command] : []));
  const dueMax = Math.max(0, ...commands.map((command) => (command.kind === 'expire' ? command.limit : 0)));
  if (dueMax > 0) await lineUpForDue(tx);
  const orders = await lockOrders(tx, cancelling);
  const due = dueMax > 0 ? await lockDueOrders(tx, clockOffsetMs, dueMax) : [];
  for (const order of due) orders.set(order.id, orders.get(order.id) ?? order);
  return { orders, due };
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
      return effectOf(
        200,
        decideCancel(state, command, context),
        (order) => presentOrder(order, now),
        (order) => (order.userId === command.staffId ? [] : cancelledBy(command.staffId, order)),
      );
    case 'expire':
      return { status: 200, body: { expired: decideExpire(state, context) } };
  }
}

/** Nothing for customers, who cancel what is theirs, as staff may with their own. */
function cancelledBy(staffId: string | null, order: Order): readonly StaffAction[] {
  const { id, status, userId } = order;
  return actionBy(staffId, 'order.cancel', { objectId: id, before: { status: 'pending' }, after: { status, userId } });
}

function saveOrderState(writes: Writes, state: OrderState, context: SaveContext, deps: Deps): void {
  const { placed, changed, orders, stock, userCoupons } = state;
  const isNew = (id: string): boolean => placed.has(id);
  assert(![...changed.orders].some(isNew), 'an order is answered before anyone can change it');
  insertOrders(writes, pick(orders, placed));
  const released = pick(orders, changed.orders);
  saveOrders(writes, released);
  releaseLines(writes, released);
  deps.stock.saveStock(writes, pick(stock, changed.stock));
  deps.coupons.saveUserCoupons(writes, pick(userCoupons, changed.userCoupons));
  deps.outbox.record(writes, eventsOf(state, context, deps.outbox), context);
}

/** What the batch tells the outside: nothing of a type that no destination wants is even made. */
function eventsOf({ orders, placed, changed }: OrderState, { now, newId }: DecisionContext, outbox: Outbox): OutboxEvent[] {
  const events = outbox.wants('order.placed') ? pick(orders, placed).map((order) => orderPlacedEvent(order, newId())) : [];
  const isWanted = { cancelled: outbox.wants('order.cancelled'), expired: outbox.wants('order.expired') };
  for (const order of pick(orders, changed.orders)) {
    const { status } = order;
    if ((status === 'cancelled' || status === 'expired') && isWanted[status]) events.push(orderEndedEvent(order, now, newId()));
  }
  return events;
}
