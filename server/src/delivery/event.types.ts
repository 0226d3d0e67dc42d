/** The events that the outside may learn of. */

export const EVENT_TYPES = [
  'order.placed',
  'order.paid',
  'order.cancelled',
  'order.expired',
  'payment.refunded',
  'coupon.issued',
  'ranking.updated',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** An event as the transaction of its effect writes it. */
export interface OutboxEvent {
  readonly id: string;
  readonly type: EventType;
  /** What it is about: the id of an order, of a user's coupon, of a ranking. */
  readonly subject: string;
  readonly userId: string | null;
  /** The order whose events arrive in order; null for what is of none. */
  readonly orderId: string | null;
  /** Its place among the events of its order; null without one. */
  readonly sequence: number | null;
  /** As the schema of its type has it; see `event.schemas.ts`. */
  readonly payload: object;
}
