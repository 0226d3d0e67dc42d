/** Puts what is known of an order in the order of time. Pure. */
import { statusAt } from '../order/order.rules.ts';
import type { Order } from '../order/order.types.ts';
import type { TimelineEntry, TimelineSources } from './timeline.types.ts';

/** The oldest first; what has one time stands as it followed from one another. */
export function timelineOf(sources: TimelineSources): TimelineEntry[] {
  const entries = [...placedEntries(sources), ...paidEntries(sources), ...endedEntries(sources), ...sentEntries(sources)];
  for (const { id: actionId, createdAt: at, ...action } of sources.actions) entries.push({ at, kind: 'staffAction', actionId, ...action });
  return entries.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function placedEntries({ order, userCoupon }: TimelineSources): TimelineEntry[] {
  const { createdAt: at, subtotal, discount, total, expiresAt } = order;
  const entries: TimelineEntry[] = [
    { at, kind: 'placed', subtotal, discount, total, expiresAt },
    { at, kind: 'stockHeld', lines: unitsOf(order) },
  ];
  if (userCoupon !== null) {
    entries.push({ at, kind: 'couponHeld', userCouponId: userCoupon.id, couponId: userCoupon.couponId, name: userCoupon.name, discount });
  }
  return entries;
}

function paidEntries({ payment, refunds }: TimelineSources): TimelineEntry[] {
  if (payment === null) return [];
  const { id: paymentId, amount, discount, balanceAfter, paidAt } = payment;
  const refunded = refunds.toReversed().map((refund): TimelineEntry => {
    const { id: refundId, lines, restocked, staffId, reason, createdAt: at } = refund;
    return { at, kind: 'refunded', refundId, paymentId, amount: refund.amount, lines, restocked, staffId, reason };
  });
  return [{ at: paidAt, kind: 'paid', paymentId, amount, discount, balanceAfter }, ...refunded];
}

/**
 * An order past its time is expired in every answer, and what it held is released when it is swept. One that ended before that time was
 * kept has ended by its `expiresAt` at the latest.
 */
function endedEntries({ order, now }: TimelineSources): TimelineEntry[] {
  const status = statusAt(order, now);
  if (status !== 'cancelled' && status !== 'expired') return [];
  const releasedAt = order.endedAt ?? order.expiresAt;
  const entries: TimelineEntry[] = [{ at: status === 'expired' ? order.expiresAt : releasedAt, kind: status }];
  if (order.status === 'pending') return entries;
  entries.push({ at: releasedAt, kind: 'stockReleased', lines: unitsOf(order) });
  if (order.userCouponId !== null) entries.push({ at: releasedAt, kind: 'couponReleased', userCouponId: order.userCouponId });
  return entries;
}

function sentEntries({ events: { events, deliveries, attempts } }: TimelineSources): TimelineEntry[] {
  return [
    ...events.map(({ id: eventId, type, sequence, createdAt: at }): TimelineEntry => ({ at, kind: 'event', eventId, type, sequence })),
    ...deliveries.map((delivery): TimelineEntry => {
      const { id: deliveryId, eventId, destination, status, attempts: count, lastError, nextAttemptAt, createdAt: at } = delivery;
      return { at, kind: 'delivery', deliveryId, eventId, destination, status, attempts: count, lastError, nextAttemptAt };
    }),
    ...attempts.map(({ startedAt: at, ...attempt }): TimelineEntry => ({ at, kind: 'attempt', ...attempt })),
  ];
}

function unitsOf({ lines }: Order) {
  return lines.map(({ optionId, sku, name, quantity }) => ({ optionId, sku, name, quantity }));
}
