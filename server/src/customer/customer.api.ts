/** Routes of the customer feature: parse, call, answer. */
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { customerDetailSchema, customerListQuerySchema, customerPageSchema, customerParams } from './customer.schemas.ts';
import type { CustomerService } from './customer.service.ts';

const tags = ['staff'];

export function registerCustomerRoutes(app: App, service: CustomerService): void {
  app.get(
    '/customers',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'List users who have an account, money, coupons or orders',
        querystring: customerListQuerySchema,
        response: responses({ 200: customerPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.list(request.query)),
  );

  app.get(
    '/customers/:userId',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Get a user at a glance; everything else of a user is read by `?userId=`',
        params: customerParams,
        response: responses({ 200: customerDetailSchema }, ['CUSTOMER_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.get(request.params.userId)),
  );
}
