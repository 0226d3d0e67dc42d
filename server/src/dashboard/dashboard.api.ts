/** Routes of the dashboard: parse, call, answer. */
import { Readable } from 'node:stream';
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { Refusal } from '../kernel/errors.ts';
import { dashboardSchema } from './dashboard.schemas.ts';
import type { DashboardService } from './dashboard.service.ts';

const tags = ['staff'];
const EVENTS = 'Events called `snapshot`, one a second, whose data is what `GET /dashboard` answers';

export function registerDashboardRoutes(app: App, service: DashboardService): void {
  app.get(
    '/dashboard',
    {
      config: { access: 'staff' },
      schema: { tags, summary: 'Get a snapshot of how the sale goes', response: responses({ 200: dashboardSchema }) },
    },
    async (request, reply) => sendFound(request, reply, await service.snapshot()),
  );

  app.get(
    '/dashboard/stream',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Follow how the sale goes, as server-sent events',
        response: responses({ 200: { description: EVENTS, content: { 'text/event-stream': { schema: { type: 'string' } } } } }, [
          'TOO_MANY_LISTENERS',
        ]),
      },
    },
    async (request, reply) => {
      const stream = request.method === 'HEAD' ? Readable.from([]) : service.listen();
      if (stream instanceof Refusal) return sendFound(request, reply, stream);
      // No proxy may keep events back to send more of them at once.
      return reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
    },
  );
}
