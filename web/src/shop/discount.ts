/** What a coupon takes off, reckoned as the server does: down to a whole minor unit, never more than the order. */
import type { Discount, UserCoupon } from '@openrun/client';

export function savingOf(discount: Discount, subtotal: number): number {
  if (discount.type === 'fixed') return Math.min(discount.amount, subtotal);
  // A hundred times the largest amount is more than a number holds exactly.
  const share = Number((BigInt(subtotal) * BigInt(discount.percent)) / 100n);
  return Math.min(share, discount.maxAmount ?? subtotal, subtotal);
}

/** Whether a coupon can be used on an order of this size. */
export function isUsable({ status, minOrderAmount }: UserCoupon, subtotal: number): boolean {
  return status === 'issued' && subtotal >= minOrderAmount;
}
