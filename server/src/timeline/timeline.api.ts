/** Routes of the timeline feature: parse, call, answer. */
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { orderParams } from '../order/order.schemas.ts';
import { timelineSchema } from './timeline.schemas.ts';
import type { TimelineService } from './timeline.service.ts';

export function registerTimelineRoutes(app: App, service: TimelineService): void {
  app.get(
    '/orders/:orderId/timeline',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['order'],
        summary: 'Everything that happened to an order, in the order of time',
        params: orderParams,
        response: responses({ 200: timelineSchema }, ['ORDER_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.of(request.params.orderId)),
  );
}
