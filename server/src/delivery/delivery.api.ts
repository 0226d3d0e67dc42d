/** Routes of the delivery flow: parse, call, answer. */
import { userOf } from '../http/access.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import {
  deliveryDetailSchema,
  deliveryListQuerySchema,
  deliveryPageSchema,
  deliveryParams,
  deliverySchema,
  replayedSchema,
  replaySchema,
} from './delivery.schemas.ts';
import type { DeliveryService } from './delivery.service.ts';

const tags = ['delivery'];

export function registerDeliveryRoutes(app: App, service: DeliveryService): void {
  app.get(
    '/deliveries',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'List deliveries, newest first',
        querystring: deliveryListQuerySchema,
        response: responses({ 200: deliveryPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.list(request.query)),
  );

  app.get(
    '/deliveries/:deliveryId',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Get a delivery with its attempts',
        params: deliveryParams,
        response: responses({ 200: deliveryDetailSchema }, ['DELIVERY_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.get(request.params.deliveryId)),
  );

  app.post(
    '/deliveries/replay',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Deliver again what matches, the oldest first, at most 5,000 a call',
        body: replaySchema,
        response: responses({ 202: replayedSchema }),
      },
    },
    async (request, reply) =>
      sendAnswer(request, reply, await service.replayMatching(userOf(request).userId, request.body, writeKeyOf(request))),
  );

  app.post(
    '/deliveries/:deliveryId/replay',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Deliver again, under the same event id',
        params: deliveryParams,
        response: responses({ 202: deliverySchema }, ['DELIVERY_NOT_FOUND']),
      },
    },
    async (request, reply) =>
      sendAnswer(request, reply, await service.replay(userOf(request).userId, request.params.deliveryId, writeKeyOf(request))),
  );
}
