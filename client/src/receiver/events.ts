/**
 * The events of a shop, version 1: CloudEvents 1.0 whose `type` says what `data` holds. The same as the `webhooks` of the shop's OpenAPI document.
 *
 * Ids are UUIDs; money is an integer of the minor units of the shop's currency; times are RFC 3339 in UTC.
 */

interface Envelope<Type extends string, Data> {
  readonly specversion: '1.0';
  /** The same in every attempt and replay: what duplicates are known by. */
  readonly id: string;
  /** The shop: its public address, or a name. */
  readonly source: string;
  readonly type: Type;
  /** The id of what it is about: an order, a user's coupon, a ranking. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: `urn:openrun:event:${Type}:v1`;
  readonly data: Data;
}

/** An event of an order, which is its `subject`. The events of one order come one after the other. */
interface EnvelopeOfOrder<Type extends string, Data> extends Envelope<Type, Data> {
  /** `data.sequence`, in digits. */
  readonly sequence: string;
  readonly sequencetype: 'Integer';
}

export interface OrderLine {
  readonly optionId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly quantity: number;
}

interface OrderBase {
  readonly orderId: string;
  readonly userId: string;
  /** The place among the events of the order, from 1; events of types that are not wanted leave gaps. */
  readonly sequence: number;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly userCouponId: string | null;
}

interface UnpaidOrder extends OrderBase {
  readonly total: number;
}

/** It holds its stock until it is paid, cancelled or expired. */
export type OrderPlaced = EnvelopeOfOrder<'order.placed', UnpaidOrder & { readonly placedAt: string; readonly expiresAt: string }>;

/** `amount` is what was paid. */
export type OrderPaid = EnvelopeOfOrder<
  'order.paid',
  OrderBase & { readonly paymentId: string; readonly amount: number; readonly paidAt: string }
>;

export type OrderCancelled = EnvelopeOfOrder<'order.cancelled', UnpaidOrder & { readonly endedAt: string }>;

export type OrderExpired = EnvelopeOfOrder<'order.expired', UnpaidOrder & { readonly endedAt: string }>;

export type PaymentRefunded = EnvelopeOfOrder<
  'payment.refunded',
  {
    readonly refundId: string;
    readonly paymentId: string;
    readonly orderId: string;
    readonly userId: string;
    readonly sequence: number;
    /** Of this refund. */
    readonly amount: number;
    readonly lines: readonly { readonly optionId: string; readonly quantity: number }[];
    readonly restocked: boolean;
    readonly reason: string;
    /** Of the payment, this refund included. */
    readonly refunded: number;
    readonly orderStatus: 'partiallyRefunded' | 'refunded';
    readonly refundedAt: string;
  }
>;

export type CouponDiscount =
  | { readonly type: 'fixed'; readonly amount: number }
  | { readonly type: 'percent'; readonly percent: number; readonly maxAmount?: number };

export type CouponIssued = Envelope<
  'coupon.issued',
  {
    readonly userCouponId: string;
    readonly couponId: string;
    readonly userId: string;
    readonly name: string;
    readonly discount: CouponDiscount;
    readonly minOrderAmount: number;
    /** As the how manieth of its coupon it was issued, from 1. */
    readonly couponSequence: number;
    readonly issuedAt: string;
    readonly expiresAt: string;
  }
>;

export type RankingUpdated = Envelope<
  'ranking.updated',
  {
    readonly rankingId: string;
    readonly asOf: string;
    readonly from: string;
    readonly to: string;
    readonly items: readonly {
      readonly rank: number;
      readonly productId: string;
      readonly name: string;
      readonly quantity: number;
      readonly revenue: number;
    }[];
  }
>;

export type OrderEvent = OrderPlaced | OrderPaid | OrderCancelled | OrderExpired | PaymentRefunded;
export type OpenrunEvent = OrderEvent | CouponIssued | RankingUpdated;
export type EventType = OpenrunEvent['type'];

/** Whether events of a type are of an order, and so have a `sequence`. */
const IS_OF_ORDER: ReadonlyMap<string, boolean> = new Map<EventType, boolean>([
  ['order.placed', true],
  ['order.paid', true],
  ['order.cancelled', true],
  ['order.expired', true],
  ['payment.refunded', true],
  ['coupon.issued', false],
  ['ranking.updated', false],
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether the value is a CloudEvent 1.0 in its JSON format, of any type. */
export function isCloudEvent(value: unknown): value is { readonly id: string; readonly type: string } {
  return isObject(value) && value['specversion'] === '1.0' && isText(value['id']) && isText(value['source']) && isText(value['type']);
}

/**
 * Whether the value is an event that these types describe. The envelope is looked at; for `data` its schema's name stands in `dataschema`, and
 * who verified the signature knows that the shop wrote both.
 */
export function isOpenrunEvent(value: unknown): value is OpenrunEvent {
  if (!isObject(value) || !isCloudEvent(value)) return false;
  const { type, dataschema, sequence, subject, time, data }: Readonly<Record<string, unknown>> = value;
  const isOfOrder = IS_OF_ORDER.get(String(type));
  if (isOfOrder === undefined || dataschema !== `urn:openrun:event:${String(type)}:v1`) return false;
  if (isOfOrder && !(isText(sequence) && /^\d{1,15}$/.test(sequence))) return false;
  return isText(subject) && isText(time) && isObject(data);
}

/** Whether the event is of an order, and so has a `sequence`. */
export function isOrderEvent(event: OpenrunEvent): event is OrderEvent {
  return IS_OF_ORDER.get(event.type) === true;
}
