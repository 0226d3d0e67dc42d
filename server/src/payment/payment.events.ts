/** What the outside learns of a payment. */
import type { DecisionContext } from '../commit/commit.types.ts';
import type { OutboxEvent } from '../delivery/delivery.types.ts';
import type { Order } from '../order/order.types.ts';
import type { Payment } from './payment.types.ts';

/** The event `order.paid`: the order as it was paid. */
export function orderPaidEvent(order: Order, payment: Payment, { now, newId }: DecisionContext): OutboxEvent {
  return {
    id: newId(),
    deliveryId: newId(),
    type: 'order.paid',
    userId: order.userId,
    orderId: order.id,
    createdAt: now,
    payload: {
      orderId: order.id,
      paymentId: payment.id,
      userId: order.userId,
      lines: order.lines.map(({ optionId, productId, sku, name, unitPrice, quantity }) => ({
        optionId,
        productId,
        sku,
        name,
        unitPrice,
        quantity,
      })),
      subtotal: order.subtotal,
      discount: order.discount,
      amount: payment.amount,
      userCouponId: order.userCouponId,
      paidAt: payment.paidAt,
    },
  };
}
