/** Wire types of the order flow. */
import { Type } from 'typebox';
import { id, money, nullable, page, pageQuery, strictObject, time, timeQuery, userIdQuery } from '../http/schemas.ts';
import { validationFailed } from '../kernel/errors.ts';
import type { ExportedOrder } from './order.queries.ts';
import { statusAt } from './order.rules.ts';
import type { Order, WantedLine } from './order.types.ts';

const LINES_MAX = 100;
const QUANTITY_MAX = 999;

const STATUSES = ['pending', 'paid', 'cancelled', 'expired', 'refunded', 'partiallyRefunded'] as const;
const quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX });

export const wantedLineSchema = strictObject({ optionId: id(), quantity });

export const newOrderSchema = strictObject(
  {
    lines: Type.Array(wantedLineSchema, { minItems: 1, maxItems: LINES_MAX, description: 'Lines that name one option twice are added up' }),
    userCouponId: Type.Optional(id('A coupon of yours to use')),
  },
  { title: 'NewOrder' },
);

export const orderSchema = strictObject(
  {
    id: id(),
    userId: Type.String(),
    status: Type.Union(STATUSES.map((status) => Type.Literal(status))),
    lines: Type.Array(
      strictObject({
        optionId: id(),
        productId: id(),
        sku: Type.String(),
        name: Type.String({ description: 'Product and option as they were called when the order was placed' }),
        unitPrice: money(),
        quantity,
        amount: money(),
      }),
    ),
    subtotal: money(),
    discount: money(),
    total: money(),
    userCouponId: nullable(id()),
    paymentId: nullable(id()),
    createdAt: time(),
    expiresAt: time('An order that is not paid by then is expired'),
    paidAt: nullable(time()),
  },
  { title: 'Order' },
);
export const orderPageSchema = page(orderSchema);
export const orderListQuerySchema = Type.Object({
  ...pageQuery,
  ...userIdQuery,
  status: Type.Optional(
    Type.Union(
      STATUSES.map((status) => Type.Literal(status)),
      { description: 'A page may then show fewer than `limit`, even none, and still have a `nextCursor`' },
    ),
  ),
  ...timeQuery,
  search: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{1,36}$', description: 'An id, or how it begins' })),
});
export const orderParams = strictObject({ orderId: id() });

/** Lines with one entry an option, in the order of first mention. @throws 400 where a sum passes the limit of a line. */
export function addUp(lines: readonly WantedLine[]): WantedLine[] {
  const quantities = new Map<string, number>();
  lines.forEach(({ optionId, quantity: units }, index) => {
    const sum = (quantities.get(optionId) ?? 0) + units;
    if (sum > QUANTITY_MAX) {
      throw validationFailed([
        { path: `/lines/${index}/quantity`, message: `the lines of one option add up to more than ${QUANTITY_MAX}` },
      ]);
    }
    quantities.set(optionId, sum);
  });
  return [...quantities].map(([optionId, units]) => ({ optionId, quantity: units }));
}

/** An order as it is at `now`. */
export function presentOrder(order: Order, now: Date) {
  return {
    id: order.id,
    userId: order.userId,
    status: statusAt(order, now),
    lines: order.lines.map(({ optionId, productId, sku, name, unitPrice, quantity: units }) => ({
      optionId,
      productId,
      sku,
      name,
      unitPrice,
      quantity: units,
      amount: unitPrice * units,
    })),
    subtotal: order.subtotal,
    discount: order.discount,
    total: order.total,
    userCouponId: order.userCouponId,
    paymentId: order.paymentId,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    paidAt: order.paidAt,
  };
}

/** An order as a row of the export; the names are its columns. */
export function presentExported(order: ExportedOrder, now: Date) {
  return {
    id: order.id,
    userId: order.userId,
    status: statusAt(order, now),
    lines: order.lines,
    subtotal: order.subtotal,
    discount: order.discount,
    total: order.total,
    userCouponId: order.userCouponId,
    paymentId: order.paymentId,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    paidAt: order.paidAt,
  };
}
