/** Routes of the ranking flow: parse, call, answer. */
import { isStaff, userOf } from '../http/access.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { conditional, responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import { createRepresenter, sendRepresentation } from '../http/representation.ts';
import type { App } from '../http/server.ts';
import { rankingSchema } from './ranking.schemas.ts';
import type { RankingService } from './ranking.service.ts';

const tags = ['ranking'];

export function registerRankingRoutes(app: App, service: RankingService): void {
  const represent = createRepresenter();
  app.get(
    '/products/rank',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Get the five best sellers of the last three days', response: responses(conditional(rankingSchema)) },
    },
    (request, reply) => {
      const ranking = service.current();
      if (isStaff(request)) sendFound(request, reply, ranking);
      else sendRepresentation(request, reply, represent(ranking));
    },
  );

  app.post(
    '/rankings/refresh',
    {
      config: { access: 'staff' },
      schema: { tags, summary: 'Compute the ranking now', response: responses({ 200: rankingSchema }) },
    },
    async (request, reply) => sendAnswer(request, reply, await service.refresh(userOf(request).userId, writeKeyOf(request))),
  );
}
