/** Gathers what happened to an order from the features that own it. */
import type { CouponService } from '../coupon/coupon.service.ts';
import type { DeliveryService } from '../delivery/delivery.service.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { OrderService } from '../order/order.service.ts';
import type { Order } from '../order/order.types.ts';
import type { PaymentService } from '../payment/payment.service.ts';
import type { Refund } from '../payment/payment.types.ts';
import type { StaffService } from '../staff/staff.service.ts';
import type { ObjectReference } from '../staff/staff.types.ts';
import { timelineOf } from './timeline.rules.ts';
import type { TimelineEntry } from './timeline.types.ts';

export interface TimelineService {
  of(
    orderId: string,
  ): Promise<
    { readonly orderId: string; readonly entries: readonly TimelineEntry[]; readonly isComplete: boolean } | Refusal<'ORDER_NOT_FOUND'>
  >;
}

const REFUNDS_MAX = 100;
const ATTEMPTS_MAX = 500;
const ACTIONS_MAX = 500;

export function createTimelineService(deps: {
  readonly orders: Pick<OrderService, 'read'>;
  readonly coupons: Pick<CouponService, 'readUserCoupon'>;
  readonly payments: Pick<PaymentService, 'readPaid'>;
  readonly deliveries: Pick<DeliveryService, 'eventsOf'>;
  readonly staff: Pick<StaffService, 'actionsOn'>;
}): TimelineService {
  const { orders, coupons, payments, deliveries, staff } = deps;
  return {
    of: async (orderId) => {
      const found = await orders.read(orderId);
      if (found === null) return refuse('ORDER_NOT_FOUND');
      const { order, now } = found;
      const { userId, userCouponId, paymentId } = order;
      const [userCoupon, { payment, refunds }] = await Promise.all([
        userCouponId === null ? null : coupons.readUserCoupon(userId, userCouponId),
        paymentId === null ? { payment: null, refunds: [] } : payments.readPaid(userId, paymentId, REFUNDS_MAX + 1),
      ]);
      const shown = refunds.slice(0, REFUNDS_MAX);
      const events = await deliveries.eventsOf(orderId, momentsOf(order, shown), ATTEMPTS_MAX);
      const objects: ObjectReference[] = [
        { kind: 'order', id: orderId },
        ...(paymentId === null ? [] : [{ kind: 'payment', id: paymentId } as const]),
        ...events.deliveries.map(({ id }) => ({ kind: 'delivery', id }) as const),
      ];
      const actions = await staff.actionsOn(objects, ACTIONS_MAX);
      return {
        orderId,
        entries: timelineOf({ order, now, userCoupon, payment, refunds: shown, events, actions }),
        isComplete: refunds.length <= REFUNDS_MAX && events.attempts.length < ATTEMPTS_MAX && actions.length < ACTIONS_MAX,
      };
    },
  };
}

/** When the order had effects that events tell of. */
function momentsOf({ createdAt, paidAt, endedAt }: Order, refunds: readonly Refund[]): Date[] {
  const times = [createdAt, paidAt, endedAt, ...refunds.map((refund) => refund.createdAt)].flatMap((at) => at?.getTime() ?? []);
  return [...new Set(times)].map((at) => new Date(at));
}
