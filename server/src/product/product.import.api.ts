/** The route that imports products from CSV: parse, call, answer. */
import { userOf } from '../http/access.ts';
import { withCsvBodies } from '../http/csv.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { importBodySchema, importedSchema, importPreviewSchema, importQuerySchema } from './product.import.schemas.ts';
import type { ProductImport } from './product.import.ts';

export function registerProductImport(app: App, imports: ProductImport): void {
  withCsvBodies(app, (scope) => {
    scope.post(
      '/products/import',
      {
        config: { access: 'staff' },
        schema: {
          tags: ['product'],
          summary: 'Import products with their options from CSV, all of them or none',
          consumes: ['text/csv'],
          querystring: importQuerySchema,
          body: importBodySchema,
          response: responses({ 200: importPreviewSchema, 201: importedSchema }, ['IMPORT_INVALID']),
        },
      },
      async (request, reply) => {
        const key = writeKeyOf(request);
        if (request.query.dryRun === true) return sendFound(request, reply, await imports.preview(request.body));
        return sendAnswer(request, reply, await imports.run(userOf(request).userId, request.body, key));
      },
    );
  });
}
