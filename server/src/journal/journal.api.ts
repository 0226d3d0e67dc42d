/** Routes of the journal feature: parse, call, answer. */
import { responses } from '../http/openapi.ts';
import { sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { optionParams } from '../product/product.schemas.ts';
import { journalPageSchema, journalQuerySchema } from './journal.schemas.ts';
import type { JournalService } from './journal.service.ts';

export function registerJournalRoutes(app: App, service: JournalService): void {
  app.get(
    '/options/:optionId/stock-journal',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['product'],
        summary: 'Everything that moved the stock of an option, newest first',
        description:
          'Adjustments by staff, what orders took and what became of it, and what refunds put back on sale. A page looks at a bounded number of ' +
          'orders and refunds, so it may be short or empty; the journal goes on for as long as `nextCursor` is not null.',
        params: optionParams,
        querystring: journalQuerySchema,
        response: responses({ 200: journalPageSchema }, ['OPTION_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.of(request.params.optionId, request.query)),
  );
}
