/** Wire types of the delivery flow. */
import { Type } from 'typebox';
import { id, nullable, page, pageQuery, strictObject, time } from '../http/schemas.ts';
import type { Delivery } from './delivery.types.ts';

const status = Type.Union((['pending', 'delivered', 'failed'] as const).map((value) => Type.Literal(value)));

export const deliverySchema = strictObject(
  {
    id: id(),
    eventId: id('The same in every attempt and replay'),
    type: Type.String(),
    destination: Type.String(),
    status,
    attempts: Type.Integer({ minimum: 0 }),
    lastError: nullable(Type.String()),
    createdAt: time(),
    nextAttemptAt: nullable(time()),
  },
  { title: 'Delivery' },
);
export const deliveryPageSchema = page(deliverySchema);
export const deliveryListQuerySchema = Type.Object({ ...pageQuery, status: Type.Optional(status) });
export const deliveryParams = strictObject({ deliveryId: id() });

export function presentDelivery(delivery: Delivery) {
  const { id: deliveryId, eventId, type, destination, attempts, lastError, createdAt, nextAttemptAt } = delivery;
  return { id: deliveryId, eventId, type, destination, status: delivery.status, attempts, lastError, createdAt, nextAttemptAt };
}
