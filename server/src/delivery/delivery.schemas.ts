/** Wire types of the delivery flow. */
import { Type } from 'typebox';
import { id, nullable, page, pageQuery, strictObject, time } from '../http/schemas.ts';
import type { Attempt, Delivery } from './delivery.types.ts';
import { destinationName, eventTypeSchema } from './destination.schemas.ts';

const status = Type.Union((['pending', 'delivered', 'failed'] as const).map((value) => Type.Literal(value)));

const common = {
  id: id(),
  eventId: id('The same in every attempt and replay'),
  type: Type.String(),
  destination: Type.String({ description: 'The name of the destination' }),
  status,
  attempts: Type.Integer({ minimum: 0, description: 'Since it was made or replayed, one that is under way included' }),
  lastError: nullable(Type.String()),
  createdAt: time(),
  nextAttemptAt: nullable(time()),
};

export const deliverySchema = strictObject(common, { title: 'Delivery' });
export const deliveryPageSchema = page(deliverySchema);

const attemptSchema = strictObject(
  {
    number: Type.Integer({ minimum: 1, description: 'Rises with every attempt, also over replays' }),
    startedAt: time(),
    durationMs: Type.Integer({ minimum: 0 }),
    outcome: Type.Union([Type.Literal('delivered'), Type.Literal('failed')]),
    statusCode: nullable(Type.Integer({ description: 'Of HTTP, where there was an answer' })),
    answer: nullable(Type.String({ description: 'The beginning of the answer, or of the error' })),
  },
  { title: 'Attempt' },
);
export const deliveryDetailSchema = strictObject(
  { ...common, log: Type.Array(attemptSchema, { description: 'The last 100 attempts that came to an end, the newest first' }) },
  { title: 'DeliveryDetail' },
);

const filter = {
  status: Type.Optional(status),
  destination: Type.Optional(destinationName),
  type: Type.Optional(eventTypeSchema),
  from: Type.Optional(time('Made at or after this time')),
  to: Type.Optional(time('Made before this time')),
};
export const deliveryListQuerySchema = Type.Object({ ...pageQuery, ...filter });
export const deliveryParams = strictObject({ deliveryId: id() });

export const replaySchema = strictObject(
  {
    ...filter,
    status: Type.Optional(Type.Union([Type.Literal('delivered'), Type.Literal('failed')])),
    destination: destinationName,
    after: Type.Optional(id('`nextAfter` of the call before')),
  },
  { title: 'Replay' },
);
export const replayedSchema = strictObject(
  {
    replayed: Type.Integer({ minimum: 0 }),
    nextAfter: nullable(id('Where to go on: more deliveries match than one call replays; null: that was all')),
  },
  { title: 'Replayed' },
);

export function presentDelivery(delivery: Delivery) {
  const { id: deliveryId, eventId, type, destination, attempts, lastError, createdAt, nextAttemptAt } = delivery;
  return { id: deliveryId, eventId, type, destination, status: delivery.status, attempts, lastError, createdAt, nextAttemptAt };
}

export function presentDeliveryDetail({ log, ...delivery }: Delivery & { readonly log: readonly Attempt[] }) {
  return {
    ...presentDelivery(delivery),
    log: log.map(({ number, startedAt, durationMs, outcome, statusCode, answer }) => ({
      number,
      startedAt,
      durationMs,
      outcome,
      statusCode,
      answer,
    })),
  };
}
