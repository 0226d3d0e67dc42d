/** What the staff feature is about: the trail of what staff have done. */

export const STAFF_OPERATIONS = [
  'product.create',
  'product.update',
  'option.create',
  'option.update',
  'stock.adjust',
  'coupon.create',
  'coupon.update',
  'balance.charge',
  'order.cancel',
  'payment.refund',
  'delivery.replay',
  'destination.create',
  'destination.update',
  'destination.rotateSecret',
  'destination.replay',
  'ranking.refresh',
] as const;
export type StaffOperation = (typeof STAFF_OPERATIONS)[number];

/** What an operation is done to; the stock is its option's. */
export const OBJECT_KINDS = ['product', 'option', 'coupon', 'balance', 'order', 'payment', 'delivery', 'destination', 'ranking'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** A row of the trail. */
export interface RecordedAction {
  readonly id: string;
  readonly staffId: string;
  readonly operation: StaffOperation;
  readonly objectKind: ObjectKind;
  readonly objectId: string;
  /** What the operation may change, as it was; null where it makes something. */
  readonly before: object | null;
  readonly after: object | null;
  readonly createdAt: Date;
}

/** An object of the trail. */
export interface ObjectReference {
  readonly kind: ObjectKind;
  readonly id: string;
}

/** Which actions are meant. */
export interface StaffActionFilter {
  readonly staffId?: string;
  /** `kind:id`, or a kind alone. */
  readonly object?: string;
  /** Done at or after this time. */
  readonly from?: string;
  /** Done before this time. */
  readonly to?: string;
}
