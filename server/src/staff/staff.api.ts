/** Routes of the staff feature: parse, call, answer. */
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { staffActionListQuerySchema, staffActionPageSchema } from './staff.schemas.ts';
import type { StaffService } from './staff.service.ts';

const tags = ['staff'];

export function registerStaffRoutes(app: App, service: StaffService): void {
  app.get(
    '/staff-actions',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'List what staff have done, newest first',
        querystring: staffActionListQuerySchema,
        response: responses({ 200: staffActionPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.list(request.query)),
  );
}
