/** What the outside learns of orders. */
import type { OutboxEvent } from '../delivery/event.types.ts';
import type { Order } from './order.types.ts';

/**
 * The places of an order's events: it is placed, then ends unpaid or is paid, and then may be refunded again and again, each refund being
 * one later.
 */
export const SEQUENCE = { placed: 1, ended: 2, paid: 2 } as const;

/** The lines of an order, as events show them. */
export function eventLines(order: Order): object[] {
  return order.lines.map(({ optionId, productId, sku, name, unitPrice, quantity }) => ({
    optionId,
    productId,
    sku,
    name,
    unitPrice,
    quantity,
  }));
}

/** `order.placed`: an order that holds stock until it is paid or ends. */
export function orderPlacedEvent(order: Order, id: string): OutboxEvent {
  return {
    ...eventOf(order, id),
    type: 'order.placed',
    sequence: SEQUENCE.placed,
    payload: { ...payloadOf(order), sequence: SEQUENCE.placed, placedAt: order.createdAt, expiresAt: order.expiresAt },
  };
}

/** `order.cancelled` or `order.expired`, by what ended the order at `endedAt`. */
export function orderEndedEvent(order: Order, endedAt: Date, id: string): OutboxEvent {
  return {
    ...eventOf(order, id),
    type: order.status === 'cancelled' ? 'order.cancelled' : 'order.expired',
    sequence: SEQUENCE.ended,
    payload: { ...payloadOf(order), sequence: SEQUENCE.ended, endedAt },
  };
}

function eventOf({ id: orderId, userId }: Order, id: string): Pick<OutboxEvent, 'id' | 'subject' | 'userId' | 'orderId'> {
  return { id, subject: orderId, userId, orderId };
}

function payloadOf(order: Order): object {
  const { id: orderId, userId, subtotal, discount, total, userCouponId } = order;
  return { orderId, userId, lines: eventLines(order), subtotal, discount, total, userCouponId };
}
