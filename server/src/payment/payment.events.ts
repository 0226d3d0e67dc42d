/** What the outside learns of payments. */
import type { OutboxEvent } from '../delivery/event.types.ts';
import { eventLines, SEQUENCE } from '../order/order.events.ts';
import type { Order } from '../order/order.types.ts';
import type { MadeRefund, Payment } from './payment.types.ts';

/** `order.paid`: the order as it was paid. */
export function orderPaidEvent(order: Order, payment: Payment, id: string): OutboxEvent {
  return {
    id,
    type: 'order.paid',
    subject: order.id,
    userId: order.userId,
    orderId: order.id,
    sequence: SEQUENCE.paid,
    payload: {
      orderId: order.id,
      paymentId: payment.id,
      userId: order.userId,
      sequence: SEQUENCE.paid,
      lines: eventLines(order),
      subtotal: order.subtotal,
      discount: order.discount,
      amount: payment.amount,
      userCouponId: order.userCouponId,
      paidAt: payment.paidAt,
    },
  };
}

/** `payment.refunded`: one refund, and what it left of payment and order. */
export function paymentRefundedEvent(refund: MadeRefund, id: string): OutboxEvent {
  const { payment, order } = refund;
  const sequence = SEQUENCE.paid + refund.number;
  return {
    id,
    type: 'payment.refunded',
    subject: refund.orderId,
    userId: refund.userId,
    orderId: refund.orderId,
    sequence,
    payload: {
      refundId: refund.id,
      paymentId: refund.paymentId,
      orderId: refund.orderId,
      userId: refund.userId,
      sequence,
      amount: refund.amount,
      lines: refund.lines,
      restocked: refund.restocked,
      reason: refund.reason,
      refunded: payment.refunded,
      orderStatus: order.status,
      refundedAt: refund.createdAt,
    },
  };
}
