/**
 * Compares file and server. Pure: the server's side was read before. Orders are looked at one by one, and once more
 * through the invoice-to-order map against the sums of the rows, so that neither the plan nor the server is taken at
 * its word.
 */
import { present } from '../kernel/assert.ts';
import { dayOf } from './replay.books.rules.ts';
import type {
  Difference,
  PlannedOrder,
  PlannedRefund,
  RankedProduct,
  ReplayLedger,
  ReplayPlan,
  ServerBooks,
  ServerLine,
  ServerOption,
  ServerOrder,
  ServerPayment,
} from './replay.types.ts';

const RANKING_LENGTH = 5;

type Fact = readonly [subject: string, value: string | number];

/** One difference per subject that only one side knows, or that the sides tell differently. */
function compareFacts(what: string, fileFacts: Iterable<Fact>, serverFacts: Iterable<Fact>): Difference[] {
  const file = new Map(fileFacts);
  const server = new Map(serverFacts);
  const differences: Difference[] = [];
  for (const subject of new Set([...file.keys(), ...server.keys()])) {
    const [expected, found] = [file.get(subject) ?? 'nothing', server.get(subject) ?? 'nothing'];
    if (expected !== found) differences.push({ subject: `${what} ${subject}`, file: String(expected), server: String(found) });
  }
  return differences;
}

/** All differences: first what was refused, then orders, invoices, refunds, days, balances, catalogue and ranking. */
export function reconcile(plan: ReplayPlan, ledger: ReplayLedger, server: ServerBooks): Difference[] {
  return [
    ...ledger.failures,
    ...compareOrders(plan, server),
    ...compareInvoices(plan, server),
    ...compareRefunds(plan, server),
    ...compareDays(plan, server),
    ...compareFacts('balance of', plan.books.balances, server.balances),
    ...compareCatalogue(plan, server),
    ...compareRanking(plan, ledger, server),
  ];
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const unitsOf = (lines: readonly ServerLine[]): number => sum(lines.map(({ quantity }) => quantity));

/** The status of an order after all its planned refunds: it follows units. */
function statusOf(order: PlannedOrder, refunds: readonly PlannedRefund[]): string {
  const refundedUnits = sum(refunds.map(({ lines }) => unitsOf(lines)));
  if (refundedUnits === 0) return 'paid';
  return refundedUnits === unitsOf(order.lines) ? 'refunded' : 'partiallyRefunded';
}

function orderFacts({ userId, status, total, lines }: ServerOrder, { amount, refunded }: ServerPayment): Fact[] {
  return [
    ['customer', userId],
    ['status', status],
    ['total', total],
    ['payment', amount],
    ['refunded', refunded],
    ...lines.map(({ sku, quantity, unitPrice }): Fact => [`line ${sku}`, `${quantity} at ${unitPrice}`]),
  ];
}

function compareOrders(plan: ReplayPlan, server: ServerBooks): Difference[] {
  const refundsOf = Map.groupBy(plan.refunds, ({ orderKey }) => orderKey);
  return plan.orders.flatMap((order) => {
    const found = server.orders.get(order.key);
    const payment = server.payments.get(order.key);
    if (!found || !payment) return [{ subject: `order ${order.key}`, file: `paid ${order.total}`, server: 'nothing' }];
    const refunds = refundsOf.get(order.key) ?? [];
    const planned = { ...order, status: statusOf(order, refunds) };
    const paid = { amount: order.total, refunded: sum(refunds.map(({ amount }) => amount)) };
    return compareFacts(`order ${order.key}:`, orderFacts(planned, paid), orderFacts(found, payment));
  });
}

/** Compares units and money of each invoice, from its rows, with the orders that it was mapped to. */
function compareInvoices(plan: ReplayPlan, server: ServerBooks): Difference[] {
  const ordersOf = Map.groupBy(plan.orders, ({ invoiceKey }) => invoiceKey);
  return [...plan.books.invoices].flatMap(([key, { units, pence }]) => {
    const found = (ordersOf.get(key) ?? []).flatMap((order) => server.orders.get(order.key) ?? []);
    const told = new Map([['money', sum(found.map(({ total }) => total))]]);
    for (const { sku, quantity } of found.flatMap(({ lines }) => lines)) {
      told.set(`units of ${sku}`, (told.get(`units of ${sku}`) ?? 0) + quantity);
    }
    const file = [...units].map(([sku, quantity]): Fact => [`units of ${sku}`, quantity]);
    return compareFacts(`invoice ${key}:`, [['money', pence], ...file], told);
  });
}

function describeRefund(amount: number, lines: readonly ServerLine[], restocked: boolean): string {
  const parts = lines.map(({ sku, quantity }) => `${quantity} of ${sku}`).toSorted();
  return `${amount} for ${parts.join(', ')}${restocked ? ', restocked' : ''}`;
}

function compareRefunds(plan: ReplayPlan, server: ServerBooks): Difference[] {
  const file = plan.refunds.map(({ key, amount, lines }): Fact => [key, describeRefund(amount, lines, true)]);
  const told = server.refunds.map(({ key, amount, lines, restocked }): Fact => [key, describeRefund(amount, lines, restocked)]);
  return compareFacts('refund', file, told);
}

/** Compares the money of each day: payments by the day of their invoice, refunds by the day of their cancellation. */
function compareDays(plan: ReplayPlan, server: ServerBooks): Difference[] {
  const days = [...plan.books.days];
  const told = new Map(days.flatMap(([day]) => [`${day}: sold`, `${day}: refunded`]).map((fact) => [fact, 0]));
  const add = (fact: string, amount: number): unknown => told.set(fact, (told.get(fact) ?? 0) + amount);
  for (const { key, invoiceKey } of plan.orders) {
    const { day } = present(plan.books.invoices.get(invoiceKey), invoiceKey);
    add(`${day}: sold`, server.payments.get(key)?.amount ?? 0);
  }
  const planned = new Map(plan.refunds.map((refund) => [refund.key, refund]));
  for (const { key, amount } of server.refunds) {
    const refund = planned.get(key);
    add(`${refund ? dayOf(refund.at) : 'no day'}: refunded`, amount);
  }
  const file = days.flatMap(([day, { sold, refunded }]): Fact[] => [
    [`${day}: sold`, sold],
    [`${day}: refunded`, refunded],
  ]);
  return compareFacts('money of', file, told);
}

function describeOption({ onHand, reserved, price }: ServerOption): string {
  return `${onHand ?? 'unknown'} on hand, ${reserved ?? 'unknown'} reserved, at ${price}`;
}

function compareCatalogue(plan: ReplayPlan, server: ServerBooks): Difference[] {
  const options = plan.products.flatMap((product) => product.options);
  const file = options.map(
    ({ sku, price }): Fact => [sku, describeOption({ onHand: present(plan.books.stock.get(sku), sku), reserved: 0, price })],
  );
  const told = [...server.options].map(([sku, option]): Fact => [sku, describeOption(option)]);
  const names = plan.products.map(({ code, name }): Fact => [code, name]);
  return [...compareFacts('option', file, told), ...compareFacts('product', names, server.names)];
}

/** The ranking that the files make: most units first, then the higher revenue, then the lower product id. */
export function rankFiles(plan: ReplayPlan, ledger: ReplayLedger): RankedProduct[] {
  return plan.products
    .map(({ code, name }) => {
      const { units, revenue } = present(plan.books.products.get(code), code);
      return { productId: ledger.products.get(code) ?? '', name, quantity: units, revenue };
    })
    .filter(({ quantity }) => quantity > 0)
    .toSorted((a, b) => b.quantity - a.quantity || b.revenue - a.revenue || (a.productId < b.productId ? -1 : 1))
    .slice(0, RANKING_LENGTH)
    .map(({ productId, name, quantity, revenue }, index) => ({ rank: index + 1, productId, name, quantity, revenue }));
}

function rankingFacts(items: readonly RankedProduct[]): Fact[] {
  return items.map(({ rank, productId, name, quantity, revenue }) => [`${rank}`, `${name} (${productId}): ${quantity} units, ${revenue}`]);
}

function compareRanking(plan: ReplayPlan, ledger: ReplayLedger, { ranking }: ServerBooks): Difference[] {
  return 'skipped' in ranking ? [] : compareFacts('rank', rankingFacts(rankFiles(plan, ledger)), rankingFacts(ranking));
}
