/** Routes of the order flow: parse, call, answer. */
import { isStaff, ownerOf, subjectsOf, userOf } from '../http/access.ts';
import { sendCsv } from '../http/csv.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { csvFile, responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import { exportQuerySchema } from '../http/schemas.ts';
import type { App } from '../http/server.ts';
import { addUp, newOrderSchema, orderListQuerySchema, orderPageSchema, orderParams, orderSchema } from './order.schemas.ts';
import type { OrderService } from './order.service.ts';

const tags = ['order'];

export function registerOrderRoutes(app: App, service: OrderService): void {
  registerReads(app, service);
  registerExport(app, service);

  app.post(
    '/orders',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Place an order, which holds its stock and coupon until expiresAt',
        body: newOrderSchema,
        response: responses({ 201: orderSchema }, [
          'OPTION_NOT_FOUND',
          'OPTION_NOT_FOR_SALE',
          'OUT_OF_STOCK',
          'PURCHASE_LIMIT_EXCEEDED',
          'TOO_MANY_PENDING_ORDERS',
          'ORDER_TOTAL_TOO_LARGE',
          'COUPON_INVALID',
        ]),
      },
    },
    async (request, reply) => {
      const { lines, userCouponId = null } = request.body;
      const command = { kind: 'place', userId: userOf(request).userId, lines: addUp(lines), userCouponId } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.post(
    '/orders/:orderId/cancel',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Cancel an unpaid order; staff may cancel any',
        params: orderParams,
        response: responses({ 200: orderSchema }, ['ORDER_NOT_FOUND', 'ORDER_NOT_CANCELLABLE']),
      },
    },
    async (request, reply) => {
      const staffId = isStaff(request) ? userOf(request).userId : null;
      const command = { kind: 'cancel', userId: ownerOf(request), staffId, orderId: request.params.orderId } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}

const EXPORT_COLUMNS = [
  'id',
  'userId',
  'status',
  'lines',
  'subtotal',
  'discount',
  'total',
  'userCouponId',
  'paymentId',
  'createdAt',
  'expiresAt',
  'paidAt',
] as const;

function registerExport(app: App, service: OrderService): void {
  app.get(
    '/exports/orders.csv',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Export the orders placed within a time as CSV, the oldest first',
        querystring: exportQuerySchema,
        response: responses({ 200: csvFile(EXPORT_COLUMNS) }),
      },
    },
    async (request, reply) => sendCsv(request, reply, 'orders.csv', EXPORT_COLUMNS, service.exported(request.query)),
  );
}

function registerReads(app: App, service: OrderService): void {
  app.get(
    '/orders',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'List your orders, newest first; for staff everyone’s',
        querystring: orderListQuerySchema,
        response: responses({ 200: orderPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.list(subjectsOf(request, request.query.userId), request.query)),
  );

  app.get(
    '/orders/:orderId',
    {
      config: { access: 'user' },
      schema: { tags, summary: 'Get an order', params: orderParams, response: responses({ 200: orderSchema }, ['ORDER_NOT_FOUND']) },
    },
    async (request, reply) => sendFound(request, reply, await service.get(ownerOf(request), request.params.orderId)),
  );
}
