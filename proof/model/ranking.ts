/** The model of the ranking: what the contract says of it, and no more, since it leaves open how an order's money is split to the unit. */

import { LONG_WAIT_TICKS } from './steps.ts';
import { type Order, type Product, refundedUnits, statusOf, sum, type World } from './world.ts';

/** The worlds that one shop has seen, each with the shop's tick at which it began. */
export type Past = readonly { readonly world: World; readonly fromTick: number }[];

interface Sold {
  readonly product: Product;
  quantity: number;
  /** What was paid for the units lies between these. */
  least: number;
  most: number;
}

interface Ranked {
  readonly rank: number;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly revenue: number;
}

const SHOWN = 5;

/** Why these are not the best sellers; null where they are. */
export function whyNotRanking(past: Past, items: readonly Ranked[]): string | null {
  const sold = salesOf(past).filter(({ product, quantity }) => product.status === 'active' && quantity > 0);
  if (items.length !== Math.min(SHOWN, sold.length)) return `${items.length} products are shown of ${sold.length}`;
  const byId = new Map(sold.map((each) => [each.product.id.value, each]));
  for (const [index, item] of items.entries()) {
    const known = byId.get(item.productId);
    if (known === undefined) return `${item.productId} was not sold, or is hidden`;
    const { quantity, least, most, product } = known;
    const says = JSON.stringify(item);
    if (item.rank !== index + 1 || item.name !== product.name || item.quantity !== quantity) return `${says} instead of ${quantity} units`;
    if (item.revenue < least || item.revenue > most) return `${says} instead of ${least} to ${most}`;
    const next = items[index + 1];
    if (next !== undefined && !isBefore(item, next)) return `${says} is before ${JSON.stringify(next)}`;
  }
  const last = items.at(-1);
  const shown = new Set(items.map(({ productId }) => productId));
  const missing = sold.find((each) => last !== undefined && !shown.has(each.product.id.value) && isAhead(each, last));
  return missing === undefined ? null : `${missing.product.id.value} is missing: ${missing.quantity} units`;
}

function isBefore(one: Ranked, other: Ranked): boolean {
  if (one.quantity !== other.quantity) return one.quantity > other.quantity;
  return one.revenue === other.revenue ? one.productId < other.productId : one.revenue > other.revenue;
}

const isAhead = ({ quantity, least }: Sold, last: Ranked): boolean =>
  quantity > last.quantity || (quantity === last.quantity && least > last.revenue);

function salesOf(past: Past): Sold[] {
  const now = past.at(-1);
  if (now === undefined) return [];
  const nowTick = now.fromTick + now.world.tick;
  const sold = new Map<Product, Sold>();
  for (const { world, fromTick } of past) {
    for (const order of world.orders) {
      const isWithin = order.payment !== null && fromTick + order.payment.tick > nowTick - LONG_WAIT_TICKS;
      if (isWithin && statusOf(world, order) !== 'refunded') addSales(sold, order);
    }
  }
  return [...sold.values()];
}

/** Spreads what an order paid, less its refunds, over the list prices of the units that are left. */
function addSales(sold: Map<Product, Sold>, { lines, payment, subtotal, discount }: Order): void {
  if (payment === null) return;
  const net = subtotal - discount - sum(payment.refunds.map(({ amount }) => amount));
  const left = lines.map(({ option, unitPrice, quantity }) => {
    const units = quantity - refundedUnits(payment, option);
    return { product: option.product, units, list: unitPrice * units };
  });
  const listed = sum(left.map(({ list }) => list));
  for (const { product, units, list } of left) {
    const entry = sold.get(product) ?? { product, quantity: 0, least: 0, most: 0 };
    entry.quantity += units;
    if (listed > 0) {
      const [paidTimesList, whole] = [BigInt(net) * BigInt(list), BigInt(listed)];
      entry.least += Number(paidTimesList / whole);
      entry.most += Number((paidTimesList + whole - 1n) / whole);
    }
    sold.set(product, entry);
  }
}
