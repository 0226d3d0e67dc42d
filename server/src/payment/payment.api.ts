/** Routes of the payment flow: parse, call, answer. */
import { ownerOf, subjectsOf, userOf } from '../http/access.ts';
import { sendCsv } from '../http/csv.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { csvFile, responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import { exportQuerySchema } from '../http/schemas.ts';
import type { App } from '../http/server.ts';
import { addUp } from '../order/order.schemas.ts';
import {
  newPaymentSchema,
  newRefundSchema,
  paymentListQuerySchema,
  paymentPageSchema,
  paymentParams,
  paymentSchema,
  refundListQuerySchema,
  refundPageSchema,
  refundSchema,
} from './payment.schemas.ts';
import type { PaymentService } from './payment.service.ts';

const tags = ['payment'];

export function registerPaymentRoutes(app: App, service: PaymentService): void {
  registerReads(app, service);
  registerExport(app, service);

  app.post(
    '/payments',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Pay an order from your balance',
        body: newPaymentSchema,
        response: responses({ 201: paymentSchema }, [
          'ORDER_NOT_FOUND',
          'ORDER_ALREADY_PAID',
          'ORDER_CANCELLED',
          'ORDER_EXPIRED',
          'INSUFFICIENT_BALANCE',
        ]),
      },
    },
    async (request, reply) => {
      const command = { kind: 'pay', userId: userOf(request).userId, orderId: request.body.orderId } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.post(
    '/payments/:paymentId/refunds',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Refund a payment, in full or by line',
        params: paymentParams,
        body: newRefundSchema,
        response: responses({ 201: refundSchema }, ['PAYMENT_NOT_FOUND', 'REFUND_EXCEEDS_PAYMENT', 'BALANCE_LIMIT_EXCEEDED']),
      },
    },
    async (request, reply) => {
      const { lines, restock, reason } = request.body;
      const { userId: staffId } = userOf(request);
      const wanted = lines === undefined ? null : addUp(lines);
      const command = { kind: 'refund', staffId, paymentId: request.params.paymentId, lines: wanted, restock, reason } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}

const EXPORT_COLUMNS = ['id', 'orderId', 'userId', 'subtotal', 'discount', 'amount', 'refunded', 'balanceAfter', 'paidAt'] as const;

function registerExport(app: App, service: PaymentService): void {
  app.get(
    '/exports/payments.csv',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Export the payments within a time as CSV, the oldest first',
        querystring: exportQuerySchema,
        response: responses({ 200: csvFile(EXPORT_COLUMNS) }),
      },
    },
    async (request, reply) => sendCsv(request, reply, 'payments.csv', EXPORT_COLUMNS, service.exported(request.query)),
  );
}

function registerReads(app: App, service: PaymentService): void {
  app.get(
    '/payments',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'List your payments, newest first; for staff everyone’s',
        querystring: paymentListQuerySchema,
        response: responses({ 200: paymentPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.list(subjectsOf(request, request.query.userId), request.query)),
  );

  app.get(
    '/payments/:paymentId',
    {
      config: { access: 'user' },
      schema: { tags, summary: 'Get a payment', params: paymentParams, response: responses({ 200: paymentSchema }, ['PAYMENT_NOT_FOUND']) },
    },
    async (request, reply) => sendFound(request, reply, await service.get(ownerOf(request), request.params.paymentId)),
  );

  app.get(
    '/payments/:paymentId/refunds',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'List the refunds of a payment, newest first',
        params: paymentParams,
        querystring: refundListQuerySchema,
        response: responses({ 200: refundPageSchema }, ['PAYMENT_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.refundsOf(ownerOf(request), request.params.paymentId, request.query)),
  );
}
