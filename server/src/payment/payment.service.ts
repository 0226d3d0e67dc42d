/** Use cases of the payment flow. */
import type { LedgerKeeper } from '../balance/balance.service.ts';
import type { Answer, DecisionContext, Effect, Locking, SaveContext, StaffAction, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { CouponKeeper } from '../coupon/coupon.service.ts';
import type { Database, Transaction, Writes } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import type { OutboxEvent } from '../delivery/event.types.ts';
import type { Outbox } from '../delivery/outbox.service.ts';
import { present } from '../kernel/assert.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { HIGHEST_ID, idsWithin, type TimeRange } from '../kernel/ids.ts';
import {
  cursorCodec,
  EXPORT_PAGE_ROWS,
  type Found,
  inPages,
  newestFirst,
  type Page,
  type PageQuery,
  pageOf,
  rowsWanted,
  type Stretch,
} from '../kernel/paging.ts';
import { pick } from '../kernel/pick.ts';
import type { OrderKeeper } from '../order/order.service.ts';
import type { StockKeeper } from '../product/product.service.ts';
import { actionBy } from '../staff/staff.service.ts';
import { orderPaidEvent, paymentRefundedEvent } from './payment.events.ts';
import {
  exportPayments,
  findPayment,
  insertPayments,
  insertRefunds,
  listPayments,
  listRefunds,
  listRestocked,
  ordersOfPayments,
  readPayments,
  savePayments,
} from './payment.repository.ts';
import { decidePay, decideRefund, type PaymentState } from './payment.rules.ts';
import { presentPayment, presentRefund } from './payment.schemas.ts';
import type { MadeRefund, Payment, PaymentCommand, Refund, RestockedUnits } from './payment.types.ts';

type WirePayment = ReturnType<typeof presentPayment>;
type WireRefund = ReturnType<typeof presentRefund>;

export interface PaymentService {
  /** A user's payments, or, for null, everyone's, newest first. */
  list(userId: string | null, query: PageQuery): Promise<Page<WirePayment>>;
  get(userId: string | null, paymentId: string): Promise<WirePayment | Refusal<'PAYMENT_NOT_FOUND'>>;
  refundsOf(userId: string | null, paymentId: string, query: PageQuery): Promise<Page<WireRefund> | Refusal<'PAYMENT_NOT_FOUND'>>;
  /** A user's payment as it is kept, with its newest refunds, at most `refundsMax`. */
  readPaid(userId: string, paymentId: string, refundsMax: number): Promise<{ payment: Payment | null; refunds: readonly Refund[] }>;
  /** What refunds put back on sale of an option, newest first. */
  restockedOf(optionId: string, stretch: Stretch): Promise<Found<RestockedUnits>>;
  /** Everyone's payments within a time, the oldest first, page by page, each as it is when its page is read. */
  exported(within: TimeRange): AsyncIterable<readonly WirePayment[]>;
  write(command: PaymentCommand, key: WriteKey | null): Promise<Answer | Refusal>;
}

interface Deps {
  readonly database: Database;
  readonly lists: Lists;
  readonly commit: CommitEngine;
  readonly orders: OrderKeeper;
  readonly stock: StockKeeper;
  readonly coupons: CouponKeeper;
  readonly balances: LedgerKeeper;
  readonly outbox: Outbox;
}

const pageOfPayments = newestFirst('payments');
const refundCursor = cursorCodec('refunds', ['id']);

export function createPaymentService(deps: Deps): PaymentService {
  const { database, lists, commit } = deps;
  const queue = commit.queue<PaymentCommand, PaymentState>({
    name: 'payment',
    lock: (tx, commands, locking) => lockForPayments(tx, commands, locking, deps),
    decide,
    save: (writes, state, context) => savePaymentState(writes, state, context, deps),
    ended: ({ refunds }, ending) => {
      if (ending !== 'unchanged') deps.outbox.wake(['order.paid', 'payment.refunded']);
      // A payment takes what its order had reserved: what is for sale changes only where a refund restocks.
      const restocked = refunds.flatMap((refund) => (refund.restocked ? refund.lines.map((line) => line.optionId) : []));
      if (ending !== 'unchanged' && restocked.length > 0) deps.stock.stockChanged(restocked);
    },
  });
  return {
    list: (userId, query) =>
      pageOfPayments(
        query,
        // Everyone's is a list of staff; a user's own is not for a replica.
        (before, rows) =>
          userId === null ? lists.read((source) => listPayments(source, null, before, rows)) : listPayments(database, userId, before, rows),
        presentPayment,
      ),
    get: async (userId, paymentId) => {
      const payment = await findPayment(database, userId, paymentId);
      return payment === null ? refuse('PAYMENT_NOT_FOUND') : presentPayment(payment);
    },
    refundsOf: async (userId, paymentId, query) => {
      const [before] = refundCursor.decode(query.cursor) ?? [HIGHEST_ID];
      const payment = await findPayment(database, userId, paymentId);
      if (payment === null) return refuse('PAYMENT_NOT_FOUND');
      const rows = await listRefunds(database, payment, before, rowsWanted(query));
      return pageOf(rows, query, presentRefund, (row) => refundCursor.encode([row.id]));
    },
    readPaid: async (userId, paymentId, refundsMax) => {
      const payment = await findPayment(database, userId, paymentId);
      return { payment, refunds: payment === null ? [] : await listRefunds(database, payment, HIGHEST_ID, refundsMax) };
    },
    restockedOf: (optionId, stretch) => lists.read((source) => listRestocked(source, optionId, stretch)),
    exported: (within) => {
      const [first, end] = idsWithin(within);
      return inPages<WirePayment>(EXPORT_PAGE_ROWS, async (last) =>
        (await lists.read((source) => exportPayments(source, last?.id ?? first, end, EXPORT_PAGE_ROWS))).map(presentPayment),
      );
    },
    write: (command, key) => queue.submit(command, key),
  };
}

/** Locks, in the global order: orders, stock, users' coupons, balances; payments are guarded by their orders. */
async function lockForPayments(
  tx: Transaction,
  commands: readonly PaymentCommand[],
  { locksSent }: Locking,
  deps: Deps,
): Promise<PaymentState> {
  const paying = commands.flatMap((command) => (command.kind === 'pay' ? [command] : []));
  const refunded = commands.flatMap((command) => (command.kind === 'refund' ? [command.paymentId] : []));
  const orders = await deps.orders.lockOrders(tx, [...paying, ...(await ordersOfPayments(tx, refunded))]);
  const found = [...orders.values()];
  const locked = [
    deps.stock.lockStock(tx, [...new Set(found.flatMap(({ lines }) => lines.map((line) => line.optionId)))]),
    deps.coupons.lockUserCoupons(
      tx,
      found.flatMap(({ userId, userCouponId }) => (userCouponId === null ? [] : [{ userId, id: userCouponId }])),
    ),
    deps.balances.lockBalances(
      tx,
      found.map((order) => order.userId),
    ),
  ] as const;
  locksSent();
  const [stock, userCoupons, ledger, payments] = await Promise.all([...locked, readPayments(tx, refunded)]);
  return {
    orders,
    stock,
    userCoupons,
    ledger,
    payments,
    paid: [],
    refunds: [],
    changed: { orders: new Set(), stock: new Set(), userCoupons: new Set(), payments: new Set() },
  };
}

function decide(state: PaymentState, command: PaymentCommand, context: DecisionContext): Effect | Refusal {
  switch (command.kind) {
    case 'pay':
      return effectOf(201, decidePay(state, command, context), presentPayment);
    case 'refund':
      return effectOf(201, decideRefund(state, command, context), presentRefund, () => refundedBy(command.staffId, state.refunds.at(-1)));
  }
}

function refundedBy(staffId: string, made: MadeRefund | undefined): readonly StaffAction[] {
  const { id: refundId, paymentId, orderId, amount, lines, restocked, reason, payment, order } = present(made, 'the refund just made');
  const before = { refunded: payment.refunded - amount };
  const after = { refunded: payment.refunded, refundId, orderId, amount, lines, restocked, reason, orderStatus: order.status };
  return actionBy(staffId, 'payment.refund', { objectId: paymentId, before, after });
}

function savePaymentState(writes: Writes, state: PaymentState, context: SaveContext, deps: Deps): void {
  const { now } = context;
  const { changed, orders, stock, userCoupons, payments } = state;
  const changedOrders = pick(orders, changed.orders);
  deps.orders.saveOrders(writes, changedOrders);
  deps.orders.saveRefundedUnits(
    writes,
    changedOrders.filter((order) => order.status === 'refunded' || order.status === 'partiallyRefunded'),
  );
  deps.stock.saveStock(writes, pick(stock, changed.stock));
  deps.coupons.saveUserCoupons(writes, pick(userCoupons, changed.userCoupons));
  deps.balances.saveLedger(writes, state.ledger, now);
  insertPayments(writes, state.paid, now);
  savePayments(writes, pick(payments, changed.payments));
  insertRefunds(writes, state.refunds, now);
  deps.outbox.record(writes, eventsOf(state, context, deps), context);
}

/** 외부 전송: what the batch tells the outside. */
function eventsOf({ orders, paid, refunds }: PaymentState, { newId }: DecisionContext, { outbox }: Deps): OutboxEvent[] {
  const told = outbox.wants('payment.refunded') ? refunds : [];
  return [
    ...paid.map((payment) => orderPaidEvent(present(orders.get(payment.orderId), 'the order of a payment'), payment, newId())),
    ...told.map((refund) => paymentRefundedEvent(refund, newId())),
  ];
}
