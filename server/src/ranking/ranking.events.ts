/** What the outside learns of the ranking. */
import type { OutboxEvent } from '../delivery/event.types.ts';
import type { presentRanking } from './ranking.schemas.ts';

/** `ranking.updated`: the ranking as everyone sees it. */
export function rankingUpdatedEvent(ranking: ReturnType<typeof presentRanking>, rankingId: string, id: string): OutboxEvent {
  return {
    id,
    type: 'ranking.updated',
    subject: rankingId,
    userId: null,
    orderId: null,
    sequence: null,
    payload: { rankingId, ...ranking },
  };
}
