/**
 * The rules by which cancellations find their sales. Pure.
 *
 * Customer and code decide: a cancelled row takes back units of that code that its customer bought in the files no
 * later than it was cancelled and that are not taken back yet; first those sold at the price of the cancellation, and
 * of these the latest. What finds no units is counted and not refunded. One refund holds all that one cancellation
 * invoice takes back of one order.
 */
import { present } from '../kernel/assert.ts';
import type { NoteDirt, PlannedLine, PlannedOrder, PlannedRefund, RetailRow } from './replay.types.ts';

interface SoldLine {
  readonly order: PlannedOrder;
  readonly line: PlannedLine;
  left: number;
}

interface OpenRefund {
  readonly cancellation: string;
  readonly order: PlannedOrder;
  readonly lines: Map<string, PlannedLine>;
  at: number;
}

const soldKey = (customer: string, code: string): string => JSON.stringify([customer, code]);

/** Plans the refunds of cancelled rows, which come in the order of time; quantities of `rows` are negative. */
export function matchCancellations(rows: readonly RetailRow[], orders: readonly PlannedOrder[], note: NoteDirt): PlannedRefund[] {
  const sold = Map.groupBy(
    orders.flatMap((order) => order.lines.map((line): SoldLine => ({ order, line, left: line.quantity }))),
    ({ order, line }) => soldKey(order.userId, line.code),
  );
  const refunds = new Map<string, OpenRefund>();
  for (const row of rows) {
    for (const { sale, quantity } of takeBack(row, sold, note)) {
      const key = `${row.invoice}/${sale.order.key}`;
      const refund: OpenRefund = refunds.get(key) ?? { cancellation: row.invoice, order: sale.order, lines: new Map(), at: row.at };
      refunds.set(key, refund);
      refund.at = row.at;
      const before = refund.lines.get(sale.line.sku)?.quantity ?? 0;
      refund.lines.set(sale.line.sku, { ...sale.line, quantity: before + quantity });
    }
  }
  return [...refunds].map(([key, refund]) => closeRefund(key, refund));
}

function closeRefund(key: string, { cancellation, order, lines, at }: OpenRefund): PlannedRefund {
  const amount = [...lines.values()].reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  return { kind: 'refund', key, cancellation, orderKey: order.key, userId: order.userId, at, lines: [...lines.values()], amount };
}

/** Takes the units of one cancelled row from the sales that fit it. */
function takeBack(
  row: RetailRow,
  sold: ReadonlyMap<string, readonly SoldLine[]>,
  note: NoteDirt,
): { readonly sale: SoldLine; readonly quantity: number }[] {
  const wanted = -row.quantity;
  if (row.customer === null) {
    note('cancelledWithoutCustomer', wanted, wanted * row.price);
    return [];
  }
  const ofCode = sold.get(soldKey(row.customer, row.code)) ?? [];
  const earlier = ofCode.filter(({ order }) => order.at <= row.at);
  const open = earlier.filter(({ left }) => left > 0);
  if (open.length === 0) {
    const reason = ofCode.length === 0 ? 'cancelledWithoutSale' : earlier.length === 0 ? 'cancelledBeforeSale' : 'cancelledMoreThanSold';
    note(reason, wanted, wanted * row.price);
    return [];
  }
  const taken = takeUnits(open, row.price, wanted);
  const found = taken.reduce((sum, { quantity }) => sum + quantity, 0);
  if (found < wanted) note('cancelledInPart', wanted - found, (wanted - found) * row.price);
  const elsewhere = taken.filter(({ sale }) => sale.line.unitPrice !== row.price);
  if (elsewhere.length > 0) {
    const units = elsewhere.reduce((sum, { quantity }) => sum + quantity, 0);
    const pence = elsewhere.reduce((sum, { sale, quantity }) => sum + quantity * Math.abs(sale.line.unitPrice - row.price), 0);
    note('refundedAtSalePrice', units, pence);
  }
  return taken;
}

/** Takes up to `wanted` units from open sales: at `price` first, then the latest; of one invoice's parts the last first. */
function takeUnits(open: readonly SoldLine[], price: number, wanted: number): { sale: SoldLine; quantity: number }[] {
  const ranked = open
    .toReversed()
    .toSorted((a, b) => Number(b.line.unitPrice === price) - Number(a.line.unitPrice === price) || b.order.at - a.order.at);
  const taken: { sale: SoldLine; quantity: number }[] = [];
  let missing = wanted;
  for (let index = 0; index < ranked.length && missing > 0; index += 1) {
    const sale = present(ranked[index], 'sale');
    const quantity = Math.min(missing, sale.left);
    sale.left -= quantity;
    missing -= quantity;
    taken.push({ sale, quantity });
  }
  return taken;
}
