/** Routes of the audit: parse, call, answer. */
import { writeKeyOf } from '../http/idempotency.ts';
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { auditSchema } from './audit.schemas.ts';
import type { AuditService } from './audit.service.ts';

export function registerAuditRoutes(app: App, service: AuditService): void {
  app.post(
    '/audit',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['staff'],
        summary: 'Recompute every invariant of the books, which changes nothing',
        response: responses({ 200: auditSchema }, ['AUDIT_RUNNING']),
      },
    },
    async (request, reply) => {
      // It has no effect that a key could repeat, but a key that is none is refused as everywhere.
      writeKeyOf(request);
      return sendFound(request, reply, await service.run());
    },
  );
}
