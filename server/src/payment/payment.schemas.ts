/** Wire types of the payment flow. */
import { Type } from 'typebox';
import { id, money, page, pageQuery, strictObject, text, time, userIdQuery } from '../http/schemas.ts';
import { wantedLineSchema } from '../order/order.schemas.ts';
import type { Payment, Refund } from './payment.types.ts';

const LINES_MAX = 100;

export const newPaymentSchema = strictObject({ orderId: id() }, { title: 'NewPayment' });

export const paymentSchema = strictObject(
  {
    id: id(),
    orderId: id(),
    userId: Type.String(),
    subtotal: money(),
    discount: money(),
    amount: money(),
    refunded: money(),
    balanceAfter: money(),
    paidAt: time(),
  },
  { title: 'Payment' },
);
export const paymentPageSchema = page(paymentSchema);
export const paymentListQuerySchema = Type.Object({ ...pageQuery, ...userIdQuery });
export const paymentParams = strictObject({ paymentId: id() });

export const newRefundSchema = strictObject(
  {
    lines: Type.Optional(Type.Array(wantedLineSchema, { minItems: 1, maxItems: LINES_MAX, description: 'Absent: all that is left' })),
    restock: Type.Boolean({ description: 'Whether the units go back on sale' }),
    reason: text(1, 500),
  },
  { title: 'NewRefund' },
);

export const refundSchema = strictObject(
  {
    id: id(),
    paymentId: id(),
    orderId: id(),
    amount: money(),
    lines: Type.Array(wantedLineSchema),
    restocked: Type.Boolean(),
    balanceAfter: money(),
    reason: Type.String(),
    createdAt: time(),
  },
  { title: 'Refund' },
);
export const refundPageSchema = page(refundSchema);
export const refundListQuerySchema = Type.Object(pageQuery);

export function presentPayment(payment: Payment) {
  const { id: paymentId, orderId, userId, subtotal, discount, amount, refunded, balanceAfter, paidAt } = payment;
  return { id: paymentId, orderId, userId, subtotal, discount, amount, refunded, balanceAfter, paidAt };
}

export function presentRefund(refund: Refund) {
  const { id: refundId, paymentId, orderId, amount, lines, restocked, balanceAfter, reason, createdAt } = refund;
  return { id: refundId, paymentId, orderId, amount, lines, restocked, balanceAfter, reason, createdAt };
}
