/** Wire types of the timeline feature. */
import { type TSchema, Type } from 'typebox';
import { id, money, nullable, strictObject, time } from '../http/schemas.ts';
import type { TimelineEntry } from './timeline.types.ts';

const units = Type.Array(strictObject({ optionId: id(), sku: Type.String(), name: Type.String(), quantity: Type.Integer({ minimum: 1 }) }));
const refundedUnits = Type.Array(strictObject({ optionId: id(), quantity: Type.Integer({ minimum: 1 }) }));
const state = nullable(Type.Object({}, { additionalProperties: true }));

const entry = <T extends Record<string, TSchema>>(kind: TimelineEntry['kind'], fields: T, description?: string) =>
  strictObject({ at: time(), kind: Type.Literal(kind), ...fields }, description === undefined ? {} : { description });

const entrySchema = Type.Union(
  [
    entry('placed', { subtotal: money(), discount: money(), total: money(), expiresAt: time() }),
    entry('stockHeld', { lines: units }),
    entry('couponHeld', { userCouponId: id(), couponId: id(), name: Type.String(), discount: money('What it takes off the order') }),
    entry('paid', { paymentId: id(), amount: money(), discount: money(), balanceAfter: money() }),
    entry('cancelled', {}),
    entry('expired', {}, 'At `expiresAt`, as in every answer; what the order held is released within seconds'),
    entry('stockReleased', { lines: units }),
    entry('couponReleased', { userCouponId: id() }),
    entry('refunded', {
      refundId: id(),
      paymentId: id(),
      amount: money(),
      lines: refundedUnits,
      restocked: Type.Boolean(),
      staffId: Type.String(),
      reason: Type.String(),
    }),
    entry('event', { eventId: id(), type: Type.String(), sequence: nullable(Type.Integer()) }),
    entry(
      'delivery',
      {
        deliveryId: id(),
        eventId: id(),
        destination: Type.String(),
        status: Type.String(),
        attempts: Type.Integer({ minimum: 0 }),
        lastError: nullable(Type.String()),
        nextAttemptAt: nullable(time()),
      },
      'As it is now; at the time of its event',
    ),
    entry('attempt', {
      deliveryId: id(),
      number: Type.Integer({ minimum: 1 }),
      durationMs: Type.Integer({ minimum: 0 }),
      outcome: Type.String(),
      statusCode: nullable(Type.Integer()),
      answer: nullable(Type.String()),
    }),
    entry('staffAction', {
      actionId: id(),
      staffId: Type.String(),
      operation: Type.String(),
      object: strictObject({ kind: Type.String(), id: Type.String() }),
      before: state,
      after: state,
    }),
  ],
  { description: 'Told apart by `kind`' },
);

export const timelineSchema = strictObject(
  {
    orderId: id(),
    entries: Type.Array(entrySchema, { description: 'The oldest first' }),
    isComplete: Type.Boolean({
      description: 'false: there are more than the newest 100 refunds, the first 500 attempts or the first 500 actions of staff',
    }),
  },
  { title: 'Timeline' },
);
