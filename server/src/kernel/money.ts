/**
 * Money is an integer of minor units of the shop's one currency, between 0 and {@link MAX_MONEY}.
 * Products of two such numbers do not fit a double, so they are formed with bigint and brought back.
 */
import { assert } from './assert.ts';

/** The largest amount of the wire: 2^53 − 1 minor units. */
export const MAX_MONEY = Number.MAX_SAFE_INTEGER;

/** floor(a × b ÷ c), exactly, for non-negative safe integers whose result is a safe integer. */
export function mulDivFloor(a: number, b: number, c: number): number {
  assert(Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(c), 'mulDivFloor takes safe integers');
  assert(a >= 0 && b >= 0 && c > 0, 'mulDivFloor takes a, b ≥ 0 and c > 0');
  const result = Number((BigInt(a) * BigInt(b)) / BigInt(c));
  assert(Number.isSafeInteger(result), 'mulDivFloor must give a safe integer');
  return result;
}

/** Σ unitPrice × quantity, or null where it exceeds {@link MAX_MONEY}. */
export function sumOfLines(lines: readonly { readonly unitPrice: number; readonly quantity: number }[]): number | null {
  let sum = 0n;
  for (const { unitPrice, quantity } of lines) sum += BigInt(unitPrice) * BigInt(quantity);
  return sum > BigInt(MAX_MONEY) ? null : Number(sum);
}
