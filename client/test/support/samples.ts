/** One event or more of every type, which between them take every branch of every type. */
import { Webhook } from 'standardwebhooks';
import type {
  CouponDiscount,
  CouponIssued,
  OpenrunEvent,
  OrderCancelled,
  OrderExpired,
  OrderPaid,
  OrderPlaced,
  PaymentRefunded,
  RankingUpdated,
} from '../../src/receiver/receiver.ts';

const AT = '2026-11-22T09:00:00.000Z';
const ORDER_ID = '01900000-0000-7000-8000-000000000001';
const OTHER_ID = '01900000-0000-7000-8000-000000000002';

const envelope = { specversion: '1.0', source: 'https://shop.example', time: AT, datacontenttype: 'application/json' } as const;
const ofOrder = (sequence: number) => ({ ...envelope, subject: ORDER_ID, sequence: String(sequence), sequencetype: 'Integer' }) as const;

const order = {
  orderId: ORDER_ID,
  userId: 'user-1',
  lines: [{ optionId: OTHER_ID, productId: OTHER_ID, sku: 'cup-1', name: 'Cup', unitPrice: 1000, quantity: 2 }],
  subtotal: 2000,
  discount: 0,
  userCouponId: null,
};

const placed = (userCouponId: string | null): OrderPlaced => ({
  ...ofOrder(1),
  id: '01900000-0000-7000-8000-000000000011',
  type: 'order.placed',
  dataschema: 'urn:openrun:event:order.placed:v1',
  data: { ...order, sequence: 1, total: 2000, userCouponId, placedAt: AT, expiresAt: AT },
});

export const PAID: OrderPaid = {
  ...ofOrder(2),
  id: '01900000-0000-7000-8000-000000000012',
  type: 'order.paid',
  dataschema: 'urn:openrun:event:order.paid:v1',
  data: { ...order, sequence: 2, paymentId: OTHER_ID, amount: 2000, paidAt: AT },
};
const paidWithCoupon: OrderPaid = { ...PAID, data: { ...PAID.data, userCouponId: OTHER_ID } };

const cancelled = (userCouponId: string | null): OrderCancelled => ({
  ...ofOrder(2),
  id: '01900000-0000-7000-8000-000000000013',
  type: 'order.cancelled',
  dataschema: 'urn:openrun:event:order.cancelled:v1',
  data: { ...order, sequence: 2, total: 2000, userCouponId, endedAt: AT },
});

const expired = (userCouponId: string | null): OrderExpired => ({
  ...ofOrder(2),
  id: '01900000-0000-7000-8000-000000000014',
  type: 'order.expired',
  dataschema: 'urn:openrun:event:order.expired:v1',
  data: { ...order, sequence: 2, total: 2000, userCouponId, endedAt: AT },
});

const refunded = (orderStatus: 'partiallyRefunded' | 'refunded'): PaymentRefunded => ({
  ...ofOrder(3),
  id: '01900000-0000-7000-8000-000000000015',
  type: 'payment.refunded',
  dataschema: 'urn:openrun:event:payment.refunded:v1',
  data: {
    refundId: OTHER_ID,
    paymentId: OTHER_ID,
    orderId: ORDER_ID,
    userId: 'user-1',
    sequence: 3,
    amount: 1000,
    lines: [{ optionId: OTHER_ID, quantity: 1 }],
    restocked: true,
    reason: 'broken',
    refunded: 1000,
    orderStatus,
    refundedAt: AT,
  },
});

const issued = (discount: CouponDiscount): CouponIssued => ({
  ...envelope,
  id: '01900000-0000-7000-8000-000000000016',
  type: 'coupon.issued',
  subject: OTHER_ID,
  dataschema: 'urn:openrun:event:coupon.issued:v1',
  data: {
    userCouponId: OTHER_ID,
    couponId: OTHER_ID,
    userId: 'user-1',
    name: 'Coupon',
    discount,
    minOrderAmount: 0,
    couponSequence: 1,
    issuedAt: AT,
    expiresAt: AT,
  },
});

const ranking: RankingUpdated = {
  ...envelope,
  id: '01900000-0000-7000-8000-000000000017',
  type: 'ranking.updated',
  subject: OTHER_ID,
  dataschema: 'urn:openrun:event:ranking.updated:v1',
  data: {
    rankingId: OTHER_ID,
    asOf: AT,
    from: AT,
    to: AT,
    items: [{ rank: 1, productId: OTHER_ID, name: 'Cup', quantity: 2, revenue: 2000 }],
  },
};

export const SAMPLES: readonly OpenrunEvent[] = [
  ...[null, OTHER_ID].flatMap((userCouponId) => [placed(userCouponId), cancelled(userCouponId), expired(userCouponId)]),
  PAID,
  paidWithCoupon,
  refunded('partiallyRefunded'),
  refunded('refunded'),
  issued({ type: 'fixed', amount: 100 }),
  issued({ type: 'percent', percent: 10 }),
  issued({ type: 'percent', percent: 10, maxAmount: 100 }),
  ranking,
];

export const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

/** The headers by which a shop with these secrets would send the body, `agoSeconds` ago. */
export function signedBy(secrets: readonly string[], id: string, body: string, agoSeconds = 0): Record<string, string> {
  const at = new Date(Date.now() - agoSeconds * 1000);
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
