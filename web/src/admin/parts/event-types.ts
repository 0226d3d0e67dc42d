/** The events that can be delivered. */
import type { DeliveryQuery, EventType } from '@openrun/client';

export const EVENT_TYPES = [
  'order.placed',
  'order.paid',
  'order.cancelled',
  'order.expired',
  'payment.refunded',
  'coupon.issued',
  'ranking.updated',
] as const satisfies readonly EventType[];

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const satisfies readonly NonNullable<DeliveryQuery['status']>[];
